/** What a Reflector is in, what can happen to it, and what it wants done: data only. `step` leads from one to the next. */
import type { ListPage, ListParameters, WatchEvent, WatchParameters, WireFailure } from '../watch/types.ts';
import type { ReflectorCounts, ReflectorState } from './types.ts';

export interface Machine {
  readonly phase: Phase;
  /** Version up to which the sink knows everything; undefined before the first list, and after all was lost. */
  readonly position: string | undefined;
  /** The sink has objects of a whole list. */
  readonly has: boolean;
  readonly trouble: Trouble;
  readonly place: Place;
  readonly verdicts: Verdicts;
  readonly counts: Readonly<ReflectorCounts>;
}

export type Phase =
  | { readonly at: 'idle' }
  | { readonly at: 'stopped' }
  | { readonly at: 'turn'; readonly list: Listing }
  | { readonly at: 'listing'; readonly list: Listing }
  /** The list comes as initial events of a watch. */
  | { readonly at: 'gathering'; readonly asked: number; readonly items: number }
  | {
      readonly at: 'watching';
      /** When it was asked for: some proxies hold the head back until the first event. */
      readonly asked: number;
      /** Told as watching since then; undefined while it is a retry that nobody answered yet. */
      readonly since: number | undefined;
      readonly opened: boolean;
      /** It brought something, and something that moved the position. */
      readonly heard: boolean;
      readonly moved: boolean;
    }
  /** Nothing was heard for a whole watch: one object is listed, for the version that the server is at. */
  | { readonly at: 'checking'; readonly since: number }
  | { readonly at: 'resting'; readonly until: number; readonly next: Next; readonly why: Why };

export type Next = { readonly do: 'watch' } | { readonly do: 'list'; readonly list: Listing | 'new' };

export type Why = 'retry' | 'forbidden' | 'unauthorized' | 'not served' | 'polling';

/** A list under way; it goes on where it was after a lost connection. */
export interface Listing {
  readonly first: boolean;
  readonly limit: number;
  readonly token: string | undefined;
  /** Of page 1: the whole list is of this version. */
  readonly version: string;
  readonly items: number;
  /** `newer`: NotOlderThan what is known, because a list was older. `any`: even an older one, as after a restored backup. */
  readonly accept: 'consistent' | 'newer' | 'any';
  /** Older lists, and lists that NotOlderThan could not give. */
  readonly refused: number;
  /** Pages that expired. */
  readonly restarts: number;
  /** Answers in a row that could not be read, of the page at hand. */
  readonly malformed: number;
  /** The watch was forbidden: this list shows whether the whole kind is. */
  readonly verifying: boolean;
}

/** Failures in a row, as they are told, and how far pauses have grown. */
export interface Trouble {
  readonly failures: number;
  readonly of: 'list' | 'watch';
  readonly since: number;
  readonly reason: string;
  /** Doublings of the pause. */
  readonly step: number;
  /** Sign-ins that failed in a row. */
  readonly signIns: number;
  /** The last failure was of the connection; the server has not answered since. */
  readonly connection: boolean;
  /** Another one got through while this one was asking: if it fails all the same, the next attempt is soon. */
  readonly woken: boolean;
}

/** What went wrong at the position at hand; progress clears it. */
export interface Place {
  readonly malformed: number;
  readonly shortWatches: number;
  readonly tooLarge: number;
  readonly olderBookmarks: number;
  /** The last event was about this object: the same once more at the same version is a repetition. */
  readonly uid: string;
  /** When ERROR 500 began; undefined without one. */
  readonly internalSince: number | undefined;
  /** Watches that expired before they brought anything, each after a list of its own. */
  readonly expiredAtOnce: number;
  /** Lists made because lines were not understood. */
  readonly relistsForLines: number;
  /** 404s in a row. */
  readonly missing: number;
  /** A watch held since the last list. */
  readonly settled: boolean;
}

export interface Verdicts {
  /** False once initial events failed here. */
  readonly initialEvents: boolean;
  readonly initialFailures: number;
  /** When a watch may be tried again; undefined: it works as far as known. */
  readonly unwatchableUntil: number | undefined;
  /** 403s since a watch last held; undefined: none ever did. */
  readonly refusals: number | undefined;
}

/** An object on its way to the sink. */
export interface Seen<Item> {
  uid: string;
  item: Item;
}

export type Event<Item> =
  | { type: 'start' }
  | { type: 'stop' }
  | { type: 'relist'; reason: string }
  | { type: 'turn' }
  | { type: 'timer' }
  /** Another Reflector of the same server got through. */
  | { type: 'woken' }
  /** No initial event for too long. */
  | { type: 'stalled' }
  | { type: 'page'; page: ListPage<Item> }
  | { type: 'opened' }
  | { type: 'batch'; events: readonly WatchEvent<Seen<Item>>[] }
  | { type: 'ended' }
  | { type: 'failed'; failure: WireFailure }
  | { type: 'sink failed'; message: string };

export type SinkCall<Item> =
  | { call: 'listBegins'; kind: 'first' | 'relist' }
  | { call: 'listPage'; items: readonly Item[]; remaining: number | undefined }
  | { call: 'listEnds'; resourceVersion: string }
  | { call: 'events'; batch: readonly { type: 'upsert' | 'delete'; item: Item }[] }
  | { call: 'lost'; why: 'forbidden' | 'not served' }
  | { call: 'state'; state: ReflectorState };

/** In order. `turn`, `list`, `watch` and `wait` each take the place of whichever of them was under way. */
export type Effect<Item> =
  | { do: 'turn' }
  | { do: 'release turn' }
  | { do: 'list'; parameters: ListParameters }
  | { do: 'watch'; parameters: WatchParameters }
  | { do: 'wait'; ms: number }
  | { do: 'halt' }
  /** The connection had failed, and the server answers: others may want to know. */
  | { do: 'got through' }
  | { do: 'tell'; sink: SinkCall<Item> }
  /** Keeps initial events aside. */
  | { do: 'gather'; events: readonly GatheredEvent<Item>[]; stallAfter: number }
  /** What was gathered is the list. */
  | { do: 'commit gathered'; first: boolean; resourceVersion: string };

export interface GatheredEvent<Item> {
  type: 'upsert' | 'delete';
  uid: string;
  resourceVersion: string;
  item: Item;
}

/** What a step may know besides. */
export interface Facts {
  readonly now: number;
  /** 0 to 1; one draw is enough for one step. */
  readonly random: number;
  readonly settings: Settings;
}

export interface Settings {
  /** Seconds. */
  readonly watchTimeout: number;
  readonly maxRetries: number;
  readonly pageSize: number;
  /** What is known of the server may change while it runs: asked only where two versions differ. */
  comparableVersions(): boolean;
  readonly turns: boolean;
  readonly initialEvents: boolean;
  readonly pollInterval: number;
}

export interface Step<Item> {
  readonly machine: Machine;
  readonly effects: readonly Effect<Item>[];
}

export const UNTROUBLED: Trouble = {
  failures: 0,
  of: 'list',
  since: 0,
  reason: '',
  step: 0,
  signIns: 0,
  connection: false,
  woken: false,
};

export const FRESH_PLACE: Place = {
  malformed: 0,
  shortWatches: 0,
  tooLarge: 0,
  olderBookmarks: 0,
  uid: '',
  internalSince: undefined,
  expiredAtOnce: 0,
  relistsForLines: 0,
  missing: 0,
  settled: false,
};

export const INITIAL: Machine = {
  phase: { at: 'idle' },
  position: undefined,
  has: false,
  trouble: UNTROUBLED,
  place: FRESH_PLACE,
  verdicts: { initialEvents: true, initialFailures: 0, unwatchableUntil: undefined, refusals: undefined },
  counts: { lists: 0, relists: 0, watches: 0, events: 0, bookmarks: 0, failures: 0, notUnderstood: 0 },
};
