/** The live graph of a large cluster, in the product as a process of its own: how it fills, what it holds, what its answers and its upkeep cost. */
import { setTimeout as pause } from 'node:timers/promises';
import { besideInformer } from './graph-beside-informer.ts';
import type { Decoded } from './graph-decode.ts';
import type { ListsRead } from './graph-lists.ts';
import { measureQueries } from './graph-queries.ts';
import { type Add, collect, say } from './graph-samples.ts';
import { serveGraph } from './graph-served.ts';
import { type RunningServer, runClient, startSandbox } from './sandbox-server.ts';
import type { Sample, Target } from './table.ts';

/** DESIGN.md §9, §10 and issue 6; rates as the time that one thing takes, since a target is an upper limit. */
export const GRAPH_TARGETS: readonly Target[] = [
  { measure: 'graph: first sync beyond reading the lists', limit: 15 },
  { measure: 'graph: RSS after first sync', limit: 400 },
  { measure: 'graph: RSS, peak', limit: 400 },
  { measure: 'graph: RSS at rest', limit: 400 },
  { measure: 'graph: stall while syncing, p99', limit: 10 },
  { measure: 'graph: stall while syncing, p99.9', limit: 25 },
  { measure: 'graph: stall while syncing, longest', limit: 80 },
  { measure: 'graph: retained per object, all of the heap', limit: 1024 },
  { measure: 'graph: decode and project a pod, protobuf', limit: 20 },
  { measure: 'graph: decode and project a pod, JSON', limit: 80 },
  { measure: 'graph: summary p50 over MCP', limit: 20 },
  { measure: 'graph: summary p50 over REST', limit: 20 },
  { measure: 'graph: summary p99 over MCP', limit: 20 },
  { measure: 'graph: summary p99 over REST', limit: 20 },
  { measure: 'graph: relation queries p99 over MCP', limit: 5 },
  { measure: 'graph: relation queries p99 over REST', limit: 5 },
  { measure: 'graph: at rest with 20 changes/s', limit: 2 },
];

const REST_SECONDS = 30;

/** `world`: flags of the sandbox that make its world smaller, for a quick look. */
export async function measureGraph(root: string, world: readonly string[] = []): Promise<readonly Sample[]> {
  const { samples, add } = collect('graph');
  say('making a world with 20 writes a second ...');
  const sandbox = await startSandbox(root, ['--world', 'scale', '--churn', '20', ...world]);
  try {
    await measureDecoding(sandbox, add);
    await measureFilling(root, sandbox, add);
  } finally {
    await sandbox.stop();
  }
  say('10,000 pods, next to an informer ...');
  await measureSmall(root, add);
  return samples;
}

async function measureDecoding({ access }: RunningServer, add: Add): Promise<void> {
  const task = { pages: 20, rounds: 4 };
  const costs = await runClient<Record<'protobuf' | 'json', Decoded>>(access, task, 'graph-decode.ts');
  for (const [name, cost] of [
    ['protobuf', costs.protobuf],
    ['JSON', costs.json],
  ] as const) {
    add(`decode and project a pod, ${name}`, 'us CPU', cost.decodeAndProject);
    add(`decode and project a pod, ${name}`, 'us CPU', cost.decode, 'of it decoding');
    add(`decode and project a pod, ${name}`, 'us CPU', cost.plain, 'JSON.parse of the same pods');
  }
  add('apply and link a pod', 'us CPU', costs.protobuf.apply);
  say(
    `a pod has ${costs.protobuf.bytesPerPod.toFixed(0)} bytes in protobuf, ${costs.json.bytesPerPod.toFixed(0)} in JSON`,
  );
}

async function measureFilling(root: string, sandbox: RunningServer, add: Add): Promise<void> {
  // The first time makes the sandbox's templates.
  await runClient<ListsRead>(sandbox.access, {}, 'graph-lists.ts');
  const read = await runClient<ListsRead>(sandbox.access, {}, 'graph-lists.ts');
  const graph = await serveGraph(root, sandbox.kubeconfig);
  try {
    const { seconds, cpuSeconds, objects, nodes, edges, memoryMb } = await graph.synced();
    add('first sync', 's', seconds);
    add('first sync', 's', read.seconds, 'the same lists, discarded');
    add('first sync beyond reading the lists', 's', seconds - read.seconds);
    add('first sync, CPU', 's', cpuSeconds);
    add('first sync, CPU', 's', read.cpuSeconds, 'the same lists, discarded');
    add('first sync, CPU per object', 'us', (cpuSeconds / objects) * 1e6);
    const { stall } = await graph.probe();
    add('stall while syncing, p99', 'ms', stall.p99);
    add('stall while syncing, p99.9', 'ms', stall.p999);
    add('stall while syncing, longest', 'ms', stall.max);
    await pause(10_000);
    const { now, peak } = graph.memory();
    add('RSS after first sync', 'MB', now);
    add('RSS, peak', 'MB', peak);
    say(`${objects} objects, ${nodes} nodes, ${edges} edges, by its own account ${memoryMb} MB`);
    await measureQueries(sandbox.access, graph, add);
    await graph.probe();
    // What queries left behind is not what upkeep costs, and at rest memory is given back (src/app/small-heap.ts).
    await pause(REST_SECONDS * 1000);
    add('at rest with 20 changes/s', '% of a core', await graph.share(REST_SECONDS));
    add('RSS at rest', 'MB', graph.memory().now);
    await pause(REST_SECONDS * 1000);
    const rest = await graph.probe();
    add('at rest, longest stall', 'ms', rest.stall.max);
    add('retained per object, all of the heap', 'B', (rest.retained * 1e6) / objects);
    add('retained per object, all of the heap', 'B', (memoryMb * 1e6) / objects, 'by its own account');
  } finally {
    graph.stop();
  }
}

async function measureSmall(root: string, add: Add): Promise<void> {
  const small = ['--nodes', '300', '--pods', '10000', '--services', '200', '--others', '0', '--churn', '0'];
  const sandbox = await startSandbox(root, ['--world', 'scale', ...small]);
  try {
    const graph = await serveGraph(root, sandbox.kubeconfig);
    try {
      await besideInformer(sandbox, graph, await graph.synced(), add);
    } finally {
      graph.stop();
    }
  } finally {
    await sandbox.stop();
  }
}
