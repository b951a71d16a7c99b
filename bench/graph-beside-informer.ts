/** Our graph next to client-node's informer, on one API server. */
import { join } from 'node:path';
import type { Informed } from './graph-informer.ts';
import type { Add } from './graph-samples.ts';
import type { ServedGraph, Synced } from './graph-served.ts';
import { clientNode } from './rivals.ts';
import { type Access, runClient } from './sandbox-server.ts';

const RIVAL = "client-node's informer, pods alone";

/** Theirs holds pods alone, ours, which was just synced, everything that is there. */
export async function besideInformer(
  server: { access: Access; kubeconfig: string },
  graph: ServedGraph,
  ours: Synced,
  add: Add,
): Promise<void> {
  const { stall, retained } = await graph.probe();
  const idle = await graph.baseline();
  const memory = graph.memory();
  const task = { kubeconfig: server.kubeconfig, library: join(clientNode(), 'dist', 'index.js') };
  const theirs = await runClient<Informed>(server.access, task, 'graph-informer.ts');
  const compare = (measure: string, unit: string, own: number, other: number) => {
    add(`10,000 pods, ${measure}`, unit, own);
    add(`10,000 pods, ${measure}`, unit, other, RIVAL);
  };
  compare('first sync', 's', ours.seconds, theirs.seconds);
  compare('CPU', 's', ours.cpuSeconds, theirs.cpuSeconds);
  compare('retained', 'MB', retained - idle, theirs.retained);
  compare('RSS', 'MB', memory.now, theirs.rss);
  compare('RSS, peak', 'MB', memory.peak, theirs.peakRss);
  compare('longest stall', 'ms', stall.max, theirs.longestStall);
}
