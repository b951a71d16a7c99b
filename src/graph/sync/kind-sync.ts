/** One kind: one Reflector for all of it, or one for each namespace that may be read. */
import type { Clock } from '../../kernel/clock.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { Reflector, ReflectorCounts, ReflectorState } from '../../kube/reflector/types.ts';
import type { ApiResource } from '../../kube/types.ts';
import type { WatchTarget } from '../../kube/watch/types.ts';
import type { Projector } from '../project/projector.ts';
import type { Graph, KindKey, KindState } from '../types.ts';
import type { Applier } from './applier.ts';
import { hidesPart, type Item, itemMaker } from './item.ts';
import { combineStates, type MemberState, stateOf } from './kind-state.ts';
import { MOST_NAMESPACES } from './namespaces.ts';
import { createSink } from './sink.ts';
import type { Turn } from './turns.ts';
import type { ReflectorFactory, SyncScope } from './types.ts';

export interface KindSync {
  readonly kind: KindKey;
  readonly resource: ApiResource;
  /** What a list of all of it asks for. */
  target(): WatchTarget;
  start(): void;
  /** Ends its Reflectors; what the graph holds stays. */
  stop(): void;
  /** As of now: time alone changes it too. Tells the graph where it differs from what it was. */
  state(): KindState;
  /** The namespaces that it reads; undefined: all. */
  namespaces(): readonly string[] | undefined;
  /** Each of these has a Reflector from now on, besides the one for all where that waits to be allowed. */
  readNamespaces(namespaces: readonly string[]): void;
  /** This one is gone: its Reflector has nothing to read, unless it is one of those that the operator named. */
  leaveNamespace(namespace: string): void;
  /** It reads by namespaces, and has room for this one, which it does not read (any more). */
  lacks(namespace: string): boolean;
  /** `raw` names of what its Reflectors do, for status. */
  reflectorStates(): readonly ReflectorState[];
  relist(reason: string): void;
  /** What it has listed and was not refused since, in all or by namespaces. */
  held(): readonly Held[];
  /** `events`: those that the graph took in. */
  counts(): ReflectorCounts;
  /** ms: the first failure of its Reflectors since all was well; undefined while it is. */
  failingSince(): number | undefined;
  /** Failures in a row, the worst of its Reflectors. */
  failures(): number;
}

/** What one Reflector has listed. */
export interface Held {
  target: WatchTarget;
  relist(reason: string): void;
}

export interface KindReads {
  projector: Projector;
  /** Where it is not what the projector says. */
  depth?: 'metadata';
}

export interface KindSyncOptions {
  kind: KindKey;
  resource: ApiResource;
  /** From the start by namespaces; undefined: all at once. */
  namespaces: readonly string[] | undefined;
  graph: Graph;
  applier: Applier;
  /** What is read of an object, and what becomes of it; custom kinds look at their definition first. */
  reads(): KindReads | Promise<KindReads>;
  reflectors: ReflectorFactory;
  scope: SyncScope;
  clock: Clock;
  turn: Turn;
  /** Something about it is different: the kind's state, or how far it is. */
  changed(kind: KindSync): void;
  catchingUp(on: boolean): void;
  /** All of it may not be listed. True: namespaces are looked for in which it may, and `readNamespaces` will be called. */
  refused(kind: KindSync): boolean;
  lost(why: 'forbidden' | 'not served' | 'other cluster'): void;
  /** Failures have begun, or ended: the cluster may be another one. */
  unsteady(): void;
  /** Objects came by a list. */
  grew(): void;
}

interface Member extends MemberState {
  namespace: string | undefined;
  reflector: Reflector;
  alive: boolean;
}

const NO_COUNTS: ReflectorCounts = {
  lists: 0,
  relists: 0,
  watches: 0,
  events: 0,
  bookmarks: 0,
  failures: 0,
  notUnderstood: 0,
};

export function createKindSync(options: KindSyncOptions): KindSync {
  const { kind, resource, graph, applier, clock, scope } = options;
  let target: WatchTarget = { resource, depth: 'metadata', fields: [] };
  let project: (object: KubeObject) => Item = () => ({ type: 'nothing' });
  /** `undefined`: the one for all namespaces. */
  const members = new Map<string | undefined, Member>();
  const past: ReflectorCounts = { ...NO_COUNTS };
  let heard = 0;
  let told = '';
  let started = false;
  let stopped = false;
  let searching = false;

  const self: KindSync = {
    kind,
    resource,
    target: () => target,
    start() {
      if (started) return;
      started = true;
      const reads = options.reads();
      if (reads instanceof Promise) void reads.then(begin);
      else begin(reads);
      tell();
    },
    stop() {
      stopped = true;
      for (const member of [...members.values()]) end(member);
    },
    state: tell,
    namespaces: readNow,
    readNamespaces(namespaces) {
      searching = false;
      for (const namespace of namespaces) {
        const member = members.get(namespace);
        if (member === undefined) addMember(namespace);
        else if (member.last.state === 'forbidden') member.reflector.relist('it may be read by now');
      }
      tell();
    },
    leaveNamespace(namespace) {
      const member = members.get(namespace);
      if (member === undefined || options.namespaces !== undefined) return;
      letGo(member);
      end(member);
      tell();
    },
    lacks(namespace) {
      const member = members.get(namespace);
      if (stopped || (member !== undefined && member.last.state !== 'forbidden')) return false;
      if (options.namespaces !== undefined) return member !== undefined;
      const refused = members.get(undefined)?.last.state === 'forbidden' && resource.namespaced;
      return refused && (readNow()?.length ?? 0) < MOST_NAMESPACES;
    },
    reflectorStates: () => [...members.values()].map(({ reflector }) => reflector.state),
    relist(reason) {
      for (const { reflector } of members.values()) reflector.relist(reason);
    },
    held: () =>
      [...members.values()].flatMap(({ namespace, listed, reflector }) =>
        listed ? [{ target: targetIn(namespace), relist: (reason: string) => reflector.relist(reason) }] : [],
      ),
    counts: () => {
      const sum = [...members.values()].reduce((all, { reflector }) => addCounts(all, reflector.counts), { ...past });
      // Reflectors count those of hidden namespaces as well.
      return { ...sum, events: heard };
    },
    failingSince: () => {
      const times = [...members.values()].flatMap(({ failingSince }) => failingSince ?? []);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    failures: () => Math.max(0, ...[...members.values()].map(({ last }) => ('failures' in last ? last.failures : 0))),
  };
  return self;

  function begin({ projector, depth }: KindReads): void {
    if (stopped) return;
    const read = depth === 'metadata' ? { depth, fields: [] } : projector.targetOf(resource);
    target = { resource, ...read };
    project = itemMaker(projector, scope, resource);
    for (const namespace of options.namespaces ?? [undefined]) addMember(namespace);
    tell();
  }

  function targetIn(namespace: string | undefined): WatchTarget {
    return namespace === undefined ? target : { ...target, namespace };
  }

  function addMember(namespace: string | undefined): void {
    const sink = createSink({
      kind,
      namespace,
      graph,
      applier,
      hides: namespace === undefined && hidesPart(scope, resource),
      alive: () => member.alive,
      listing(done, total) {
        member.done = done;
        member.total = total;
        tell();
        if (done > 0) options.grew();
      },
      listed() {
        member.listed = true;
        // All of it may be listed after all: those of single namespaces are of no use any more.
        if (namespace === undefined) for (const other of [...members.values()]) if (other !== member) end(other);
        tell();
        // Its last page came after the last look.
        options.grew();
      },
      heard(changes) {
        heard += changes;
      },
      catchingUp: options.catchingUp,
      lost(why) {
        letGo(member);
        options.lost(why);
        tell();
      },
      state: (state) => follow(member, state),
    });
    const member: Member = {
      namespace,
      alive: true,
      listed: false,
      done: 0,
      total: undefined,
      failingSince: undefined,
      last: { state: 'waiting', why: 'not started' },
      reflector: options.reflectors({
        target: targetIn(namespace),
        sink,
        project: (object) => project(object),
        turn: options.turn,
      }),
    };
    members.set(namespace, member);
    member.reflector.start();
  }

  /** What came by this Reflector leaves the graph. Where none did, others may have brought what is there. */
  function letGo(member: Member): void {
    if (!member.listed && member.done === 0) return;
    applier.forget(kind, member.namespace);
    graph.drop(kind, member.namespace);
    member.listed = false;
    member.done = 0;
  }

  function end(member: Member): void {
    if (!member.alive) return;
    member.alive = false;
    member.reflector.stop();
    addCounts(past, member.reflector.counts);
    members.delete(member.namespace);
  }

  function follow(member: Member, state: ReflectorState): void {
    const failing = state.state === 'retrying' || state.state === 'unauthorized';
    const failed = member.failingSince !== undefined;
    member.last = state;
    if (failing && !failed) member.failingSince = clock.now();
    else if (isWell(state)) member.failingSince = undefined;
    if (state.state === 'forbidden') {
      letGo(member);
      if (member.namespace === undefined) searching = options.refused(self);
    }
    if (failed && isWell(state)) options.unsteady();
    tell();
  }

  function readNow(): readonly string[] | undefined {
    if (members.size === 0) return options.namespaces;
    const whole = members.get(undefined);
    if (whole !== undefined && (whole.last.state !== 'forbidden' || members.size === 1)) return undefined;
    return [...members.values()].flatMap(({ namespace, last }) =>
      namespace === undefined || last.state === 'forbidden' ? [] : [namespace],
    );
  }

  function tell(): KindState {
    const now = clock.now();
    const all = [...members.values()].map((member) => ({ namespace: member.namespace, state: stateOf(member, now) }));
    const combined = combineStates(all);
    const state: KindState =
      searching && combined.state === 'forbidden' ? { state: 'syncing', done: 0, total: undefined } : combined;
    const text = JSON.stringify(state);
    if (text !== told && started) {
      told = text;
      graph.setKindState(kind, state);
      options.changed(self);
    }
    return state;
  }
}

const isWell = ({ state }: ReflectorState) => state === 'watching' || state === 'polling' || state === 'listing';

function addCounts(to: ReflectorCounts, more: Readonly<ReflectorCounts>): ReflectorCounts {
  to.lists += more.lists;
  to.relists += more.relists;
  to.watches += more.watches;
  to.events += more.events;
  to.bookmarks += more.bookmarks;
  to.failures += more.failures;
  to.notUnderstood += more.notUnderstood;
  return to;
}
