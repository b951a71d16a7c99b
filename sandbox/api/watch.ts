/** WATCH: what there is when asked for, what happened since, what happens, and word that nothing does. */
import type { Clock } from '../../src/kernel/clock.ts';
import { restamped } from '../store/held-body.ts';
import type { LogEvent, Store, Version } from '../store/types.ts';
import type { ReadOptions } from './read-options.ts';
import type { WatchFrame, WatchSink } from './types.ts';

export interface WatchPlan {
  resource: string;
  namespace: string | undefined;
  labels: ReadOptions['labels'];
  fields: ReadOptions['fields'];
  /** The state to begin with; none when the watch begins with events. */
  initial: readonly Version[] | undefined;
  /** A bookmark says when the initial state is told. */
  markInitial: boolean;
  /** Events up to it are not told. It may be yet to come. */
  after: number;
  bookmarks: boolean;
  timeoutMs: number;
}

export interface WatchLimits {
  /** Events that a slow receiver may be behind. */
  backlog: number;
  bookmarkMs: number;
}

/** The last bookmark comes this long before the watch is ended, so that the client goes on from there. */
const LAST_BOOKMARK_MS = 2_000;
/** Reading the initial state takes a client longer than it takes to fall behind: it may be that many times the backlog behind. */
const PATIENCE_WITH_INITIAL = 20;

/** Frames of objects that left a selection: one for all watches that see the same event. */
const leavers = new WeakMap<LogEvent, Version>();

export class Watch {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #plan: WatchPlan;
  readonly #limits: WatchLimits;
  readonly #sink: WatchSink;
  readonly #onEnd: () => void;
  readonly #all: boolean;
  /** How much of the initial state was told. */
  #told = 0;
  #initialTold = false;
  #queue: WatchFrame[] = [];
  /** How much of the queue was sent. */
  #sent = 0;
  #writable = true;
  #pumping = false;
  /** Sends in a row that were answered with false, where the receiver cannot say when it takes more. */
  #refused = 0;
  #ended = false;
  #stops: (() => void)[] = [];
  #cancelBookmark: () => void = () => undefined;
  readonly #deadline: number;

  constructor(
    parts: { store: Store; clock: Clock; limits: WatchLimits; sink: WatchSink; onEnd: () => void },
    plan: WatchPlan,
  ) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#limits = parts.limits;
    this.#sink = parts.sink;
    this.#onEnd = parts.onEnd;
    this.#plan = plan;
    this.#all = plan.labels.empty && plan.fields.empty;
    this.#initialTold = plan.initial === undefined;
    this.#deadline = parts.clock.now() + plan.timeoutMs;
  }

  /** Answers `compacted` with the oldest version that a watch can begin from, and then has not begun. */
  start(): { kind: 'ok' } | { kind: 'compacted'; oldest: number } {
    const { resource, namespace, after, initial } = this.#plan;
    if (initial !== undefined) this.#pump();
    if (this.#ended) return { kind: 'ok' };
    const scope = { resource, ...(namespace === undefined ? {} : { namespace }) };
    // From a version that is yet to come: live events, until they are later than that.
    const from = Math.min(after, this.#store.revision);
    const subscription = this.#store.subscribe(scope, from, (event) => this.#onEvent(event));
    if (subscription.kind === 'compacted') return subscription;
    if (subscription.kind === 'ok') {
      if (this.#ended) subscription.stop();
      else this.#stops.push(subscription.stop);
    }
    if (this.#ended) return { kind: 'ok' };
    this.#stops.push(this.#clock.after(this.#plan.timeoutMs, () => this.end()));
    this.#stops.push(() => this.#cancelBookmark());
    if (this.#plan.bookmarks) this.#scheduleBookmark();
    return { kind: 'ok' };
  }

  /** The server ends it. */
  end(): void {
    if (this.#ended) return;
    this.stop();
    this.#sink.end();
  }

  /** The client has gone. */
  stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const stop of this.#stops) stop();
    this.#queue = [];
    this.#onEnd();
  }

  #onEvent(event: LogEvent): void {
    if (this.#ended || event.version.revision <= this.#plan.after) return;
    const frame = this.#all ? { type: event.type, version: event.version } : this.#selected(event);
    if (frame !== undefined) this.#offer(frame);
  }

  /** An event as a selection sees it: objects come into it and leave it by being changed, too. */
  #selected(event: LogEvent): WatchFrame | undefined {
    const { type, version } = event;
    const now = type !== 'DELETED' && this.#matches(version);
    const before = type !== 'ADDED' && this.#matches(event.previous);
    if (now) return { type: before ? 'MODIFIED' : 'ADDED', version };
    if (!before) return undefined;
    if (type === 'DELETED') return { type, version };
    let left = leavers.get(event);
    if (left === undefined) {
      const { previous } = event;
      left = { ...previous, revision: version.revision, body: restamped(previous.body, version.revision) };
      leavers.set(event, left);
    }
    return { type: 'DELETED', version: left };
  }

  #matches(version: Version): boolean {
    return this.#plan.labels.matches(version.labels) && this.#plan.fields.matches(version);
  }

  #offer(frame: WatchFrame): void {
    if (this.#writable && !this.#pumping && this.#initialTold && this.#queue.length === 0) {
      this.#send(frame);
      return;
    }
    this.#queue.push(frame);
    const allowed = this.#limits.backlog * (this.#initialTold ? 1 : PATIENCE_WITH_INITIAL);
    if (this.#queue.length - this.#sent > allowed) this.end();
  }

  /** Sends what waits, as far as the receiver takes it. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    this.#pumpInitial();
    while (this.#initialTold && this.#writable && !this.#ended) {
      const frame = this.#queue[this.#sent];
      if (frame === undefined) break;
      this.#sent++;
      this.#send(frame);
    }
    this.#pumping = false;
    // Cutting off what was sent moves the rest: not for every frame.
    if (this.#sent * 2 < this.#queue.length) return;
    this.#queue = this.#queue.slice(this.#sent);
    this.#sent = 0;
  }

  #pumpInitial(): void {
    const { initial = [], markInitial, after } = this.#plan;
    while (!this.#initialTold && this.#writable && !this.#ended) {
      const version = initial[this.#told];
      if (version === undefined) {
        this.#initialTold = true;
        if (markInitial) this.#send({ type: 'BOOKMARK', resourceVersion: String(after), initialEventsEnd: true });
        return;
      }
      this.#told++;
      if (this.#all || this.#matches(version)) this.#send({ type: 'ADDED', version });
    }
  }

  #send(frame: WatchFrame): void {
    if (this.#sink.send(frame)) {
      this.#refused = 0;
      return;
    }
    if (this.#sink.whenWritable !== undefined) {
      this.#writable = false;
      this.#sink.whenWritable(() => {
        this.#writable = true;
        if (!this.#ended) this.#pump();
      });
      return;
    }
    // The initial state is not the receiver's fault.
    if (this.#initialTold && ++this.#refused > this.#limits.backlog) this.end();
  }

  #scheduleBookmark(): void {
    const now = this.#clock.now();
    const last = this.#deadline - LAST_BOOKMARK_MS;
    const at = Math.min(now + this.#limits.bookmarkMs, last);
    if (at < now || (at === now && at === last)) return;
    this.#cancelBookmark = this.#clock.after(at - now, () => {
      const { revision } = this.#store;
      if (revision > this.#plan.after) {
        this.#offer({ type: 'BOOKMARK', resourceVersion: String(revision), initialEventsEnd: false });
      }
      if (!this.#ended) this.#scheduleBookmark();
    });
  }
}
