import type { Graph, GraphView } from '../graph/types.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { createFolder } from './causes/folder.ts';
import { createEngine } from './engine/engine.ts';
import { needsOf } from './engine/needs.ts';
import { weighed } from './engine/once-seen.ts';
import type { Anomaly, Detector, Monitor } from './types.ts';

export interface MonitorOptions {
  graph: Graph;
  detectors: readonly Detector[];
  /** Default: all of the graph. */
  view?: () => GraphView;
  clock?: Clock;
  /** ms, on the cluster's clock. Default: the clock's. */
  now?: () => number;
  /** The graph was read once, and is not kept: what has no time of its own is told as not known to last. */
  moment?: boolean;
}

/** Watches a graph for what is wrong with it. */
export function createMonitor(options: MonitorOptions): Monitor {
  const { graph, detectors, clock = systemClock } = options;
  const view = options.view ?? (() => graph.view());
  const now = options.now ?? (() => clock.now());
  const engine = createEngine({ graph, detectors, view, clock, now });
  const { moment = false } = options;
  const findings = () => (moment ? [...engine.findings(), ...engine.waiting()] : engine.findings());
  const waiting = () => (moment ? [] : engine.waiting());
  const told = (anomalies: readonly Anomaly[]) =>
    moment ? weighed(anomalies, engine.findings(), engine.waiting()) : anomalies;
  const folder = createFolder({ source: { ...engine, findings, waiting }, view, clock, now });
  const needs = needsOf(detectors);
  const opened = () => ({ ready: engine.isOpen(), closed: engine.closed() });

  return {
    async within(ms) {
      const deadline = clock.monotonic() + ms;
      await engine.settle(deadline);
      const folded = await folder.by(deadline);
      return {
        ...folded,
        anomalies: told(folded.anomalies),
        ...opened(),
        needs,
        findings: findings(),
        history: engine.history,
      };
    },
    findings() {
      engine.drain();
      return findings();
    },
    anomalies() {
      engine.drain();
      return { anomalies: told(folder.now().anomalies), ...opened() };
    },
    history() {
      engine.drain();
      return engine.history();
    },
    async settled() {
      await engine.settle();
      await folder.inSlices();
    },
    stop() {
      engine.stop();
      folder.stop();
    },
  };
}
