/** Runs level-triggered components: their keys wait in one queue, a few are brought in order at a time, failures come again later. */
import type { SandboxClock } from '../clock.ts';
import type { LogEvent, Store } from '../store/types.ts';
import type { ResourceId } from '../types.ts';
import type { Controller, Machine } from './types.ts';

export interface RunParts {
  store: Store;
  clock: SandboxClock;
  machineOf(controller: Controller): Machine;
  /** Told of each reconcile that threw; it is tried again whatever happens. */
  onFailure?(controller: Controller, key: string, error: unknown): void;
}

/** client-go's default rate limiter for one item. */
const FIRST_RETRY_MS = 5;
const LAST_RETRY_MS = 1_000_000;
/** Keys of one slice: between slices the clock decides whether other work comes first. */
const SLICE = 8;
/** Shortest wait that a reconcile can ask for, so that none runs hot. */
const SHORTEST_WAIT_MS = 1;

interface Member {
  controller: Controller;
  machine: Machine;
  queued: Set<string>;
  failures: Map<string, number>;
  /** Keys that come again on their own: when, and how to call that off. */
  waiting: Map<string, { at: number; cancel: () => void }>;
}

/** Starts all of them: what there is now counts as added. Returns how to stop. */
export function runControllers(controllers: readonly Controller[], parts: RunParts): () => void {
  const { store, clock } = parts;
  const queue: { member: Member; key: string }[] = [];
  let head = 0;
  let armed = false;
  let stopped = false;
  const stops: (() => void)[] = [];

  function add(member: Member, key: string): void {
    if (stopped || member.queued.has(key)) return;
    member.queued.add(key);
    queue.push({ member, key });
    arm();
  }

  function arm(): void {
    if (armed) return;
    armed = true;
    clock.after(0, slice);
  }

  function slice(): void {
    armed = false;
    for (let done = 0; done < SLICE && !stopped; done++) {
      const next = queue[head];
      if (next === undefined) break;
      head += 1;
      reconcile(next.member, next.key);
    }
    if (head === queue.length || head > 10_000) {
      queue.splice(0, head);
      head = 0;
    }
    if (queue.length > head && !stopped) arm();
  }

  function reconcile(member: Member, key: string): void {
    const { controller, machine, failures } = member;
    // Before the work: a change that the work itself makes queues the key once more.
    member.queued.delete(key);
    try {
      const again = controller.reconcile(key, machine);
      failures.delete(key);
      if (again !== undefined) addAfter(member, key, Math.max(SHORTEST_WAIT_MS, again));
    } catch (error) {
      const failed = failures.get(key) ?? 0;
      failures.set(key, failed + 1);
      parts.onFailure?.(controller, key, error);
      addAfter(member, key, Math.min(FIRST_RETRY_MS * 2 ** failed, LAST_RETRY_MS));
    }
  }

  /** The earliest of several wishes holds, as in client-go's delaying queue. */
  function addAfter(member: Member, key: string, ms: number): void {
    const at = clock.now() + ms;
    const waiting = member.waiting.get(key);
    if (waiting !== undefined && waiting.at <= at) return;
    waiting?.cancel();
    const cancel = clock.after(ms, () => {
      member.waiting.delete(key);
      add(member, key);
    });
    member.waiting.set(key, { at, cancel });
  }

  function watch(
    member: Member,
    resource: ResourceId,
    keysOf: (event: LogEvent, machine: Machine) => readonly string[],
  ) {
    const onEvent = (event: LogEvent) => {
      try {
        for (const key of keysOf(event, member.machine)) add(member, key);
      } catch (error) {
        // Whoever made the change has nothing to do with it, and others wait to be shown it.
        const { namespace, name } = event.version;
        parts.onFailure?.(member.controller, `${resource} ${namespace}/${name}`, error);
      }
    };
    const revision = store.revision;
    for (const version of store.list(resource)) onEvent({ type: 'ADDED', version });
    const subscription = store.subscribe({ resource }, revision, onEvent);
    if (subscription.kind === 'ok') stops.push(subscription.stop);
  }

  for (const controller of controllers) {
    const member: Member = {
      controller,
      machine: parts.machineOf(controller),
      queued: new Set(),
      failures: new Map(),
      waiting: new Map(),
    };
    controller.start?.((key) => add(member, key), member.machine);
    for (const [resource, keysOf] of Object.entries(controller.watches)) watch(member, resource, keysOf);
    stops.push(() => {
      for (const { cancel } of member.waiting.values()) cancel();
    });
  }

  return () => {
    stopped = true;
    for (const stop of stops) stop();
  };
}
