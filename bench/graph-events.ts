/** How long after a change the graph's answers know of it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ServedGraph } from './graph-served.ts';
import { post, sessionTo } from './sandbox-lists.ts';
import type { Access } from './sandbox-server.ts';
import { quantile } from './table.ts';

const CHANGES = 100;
/** ms; fewer are made where each takes long. */
const LONGEST_MS = 60_000;
/** Something went wrong if it takes longer, ms. */
const LOST_MS = 30_000;

/** So that each name is new. */
let made = 0;

/** Pods are made, and asked for until they are found: from the API server's answer until ours, ms. */
export async function latencyOfEvents(access: Access, graph: ServedGraph): Promise<{ p50: number; p99: number }> {
  const session = sessionTo(access);
  const times: number[] = [];
  const until = performance.now() + LONGEST_MS;
  while (times.length < CHANGES && performance.now() < until) {
    const name = `bench-${made++}`;
    const spec = { containers: [{ name: 'main', image: 'registry.test/bench:1' }] };
    await post(session, '/api/v1/namespaces/default/pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec });
    const answered = performance.now();
    while (!(await knows(graph, name))) {
      if (performance.now() - answered > LOST_MS) throw new Error(`${name} is not found in the graph after 30 s`);
    }
    times.push(performance.now() - answered);
    await pause(50);
  }
  session.close();
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

async function knows(graph: ServedGraph, name: string): Promise<boolean> {
  try {
    await graph.call('k8s-relation-query', {
      query_type: 'dependencies',
      target_resources: [`Pod/default/${name}`],
    });
    return true;
  } catch (error) {
    if (error instanceof Error && / 404\b|not_found/.test(error.message)) return false;
    throw error;
  }
}
