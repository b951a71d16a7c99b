import type { Graph, GraphView } from '../graph/types.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { foldFindings } from './causes/fold.ts';
import { createEngine } from './engine/engine.ts';
import type { Anomaly, Detector, Monitor } from './types.ts';

/** The blast radius may change without a finding: anomalies are made anew after so long, ms. */
const FOLDED_MS = 10_000;

export interface MonitorOptions {
  graph: Graph;
  detectors: readonly Detector[];
  /** Default: all of the graph. */
  view?: () => GraphView;
  clock?: Clock;
  /** ms, on the cluster's clock. Default: the clock's. */
  now?: () => number;
}

/** Watches a graph for what is wrong with it. */
export function createMonitor(options: MonitorOptions): Monitor {
  const { graph, detectors, clock = systemClock } = options;
  const view = options.view ?? (() => graph.view());
  const now = options.now ?? (() => clock.now());
  const engine = createEngine({ graph, detectors, view, clock, now });
  let folded: { version: number; at: number; anomalies: readonly Anomaly[] } | undefined;

  function anomalies(): readonly Anomaly[] {
    const at = now();
    if (folded === undefined || folded.version !== engine.version || at - folded.at > FOLDED_MS) {
      folded = { version: engine.version, at, anomalies: foldFindings(engine.findings(), view(), at) };
    }
    return folded.anomalies;
  }

  return {
    findings() {
      engine.drain();
      return engine.findings();
    },
    anomalies() {
      engine.drain();
      const closed = engine.closed();
      return { anomalies: anomalies(), ready: engine.isOpen(), closed };
    },
    history() {
      engine.drain();
      return engine.history();
    },
    settled: () => engine.settle(),
    stop: () => engine.stop(),
  };
}
