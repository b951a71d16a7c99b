/** How long after a change the graph's answers know of it. */
import type { ServedGraph } from './graph-served.ts';
import { sessionTo } from './sandbox-lists.ts';
import type { RunningSandbox } from './sandbox-server.ts';
import { quantile } from './table.ts';

const CHANGES = 100;
/** Something went wrong if it takes longer, ms. */
const LOST_MS = 30_000;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** ConfigMaps are made, and asked for until they are found: from the API server's answer until ours, ms. */
export async function latencyOfEvents(
  { access }: RunningSandbox,
  graph: ServedGraph,
): Promise<{ p50: number; p99: number }> {
  const session = sessionTo(access);
  const times: number[] = [];
  for (let at = 0; at < CHANGES; at++) {
    const name = `bench-${at}`;
    await create(session, name);
    const made = performance.now();
    while (!(await knows(graph, name))) {
      if (performance.now() - made > LOST_MS) throw new Error(`${name} is not found in the graph after 30 s`);
    }
    times.push(performance.now() - made);
    await pause(50);
  }
  session.close();
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

async function knows(graph: ServedGraph, name: string): Promise<boolean> {
  try {
    await graph.call('k8s-relation-query', {
      query_type: 'dependencies',
      target_resources: [`ConfigMap/default/${name}`],
    });
    return true;
  } catch (error) {
    if (error instanceof Error && / 404\b|not_found/.test(error.message)) return false;
    throw error;
  }
}

function create(session: ReturnType<typeof sessionTo>, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/api/v1/namespaces/default/configmaps',
      'content-type': 'application/json',
    });
    let status = 0;
    stream.on('response', (headers) => {
      status = headers[':status'] ?? 0;
    });
    stream.on('error', reject);
    stream.on('end', () => (status === 201 ? resolve() : reject(new Error(`the ConfigMap was not made: ${status}`))));
    stream.resume();
    stream.end(JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }));
  });
}
