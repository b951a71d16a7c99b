/** The graph of a sandbox in process, kept up to date by listing, and what the detectors see in it. */
import type { Sandbox } from '../../sandbox/create-sandbox.ts';
import type { KubeObject } from '../../sandbox/types.ts';
import { graphOf } from '../../src/graph/testing.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import type { KubeObject as Received } from '../../src/kernel/vocabulary.ts';
import { createMonitor } from '../../src/monitor/create-monitor.ts';
import type { Detector, Monitor } from '../../src/monitor/types.ts';

/** Kinds that a graph never reads. */
const NEVER = new Set(['leases.coordination.k8s.io', 'events.events.k8s.io', 'endpoints']);

export interface ShopGraph {
  monitor: Monitor;
  graph: ReturnType<typeof graphOf>;
  /** Lists everything, applies what has changed as one generation, and runs the timers that are due. */
  update(): void;
}

export function shopGraph({ kinds, operator, clock }: Sandbox, detectors: readonly Detector[]): ShopGraph {
  const graph = graphOf([]);
  const known = new Map<string, { version: string; object: KubeObject }>();

  function listed(): Map<string, KubeObject> {
    const all = new Map<string, KubeObject>();
    for (const { id, storedAs } of kinds.all()) {
      if (storedAs !== undefined || NEVER.has(id)) continue;
      for (const object of operator.list<KubeObject>(id)) {
        all.set(`${id} ${object.metadata.namespace ?? ''}/${object.metadata.name}`, object);
      }
    }
    return all;
  }

  function update(): void {
    const all = listed();
    const gone = [...known].filter(([key]) => !all.has(key));
    const changed = [...all].filter(([key, { metadata }]) => known.get(key)?.version !== metadata.resourceVersion);
    // An Event that has expired is no change of what it spoke of.
    graph.remove(...gone.filter(([, { object }]) => object.kind !== 'Event').map(([, { object }]) => received(object)));
    for (const [key] of gone) known.delete(key);
    graph.apply(...changed.map(([, object]) => received(object)));
    for (const [key, object] of changed) known.set(key, { version: object.metadata.resourceVersion ?? '', object });
    const due = timers.filter(({ at }) => at <= clock.now());
    timers = timers.filter((timer) => !due.includes(timer));
    for (const { run } of due) run();
  }

  let timers: { at: number; run: () => void }[] = [];
  const time: Clock = {
    now: () => clock.now(),
    monotonic: () => clock.now(),
    after(ms, run) {
      const timer = { at: clock.now() + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  };

  update();
  const monitor = createMonitor({ graph: graph.graph, detectors, clock: time });
  return { monitor, graph, update };
}

/** As it comes over the wire. */
const received = (object: KubeObject) => JSON.parse(JSON.stringify(object)) as Received;
