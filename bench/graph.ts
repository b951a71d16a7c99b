/** The live graph of a large cluster, in the product as a process of its own: how it fills, what it holds, what its answers and its upkeep cost. */
import { join } from 'node:path';
import type { Decoded } from './graph-decode.ts';
import { latencyOfEvents } from './graph-events.ts';
import type { Informed } from './graph-informer.ts';
import type { ListsRead } from './graph-lists.ts';
import { measureQueries } from './graph-queries.ts';
import { type ServedGraph, serveGraph } from './graph-served.ts';
import { clientNode } from './rivals.ts';
import { type RunningSandbox, runClient, startSandbox } from './sandbox-server.ts';
import type { Sample, Target } from './table.ts';

/** DESIGN.md §9, §10 and issue 6; rates as the time that one thing takes, since a target is an upper limit. */
export const GRAPH_TARGETS: readonly Target[] = [
  { measure: 'graph: first sync beyond reading the lists', limit: 15 },
  { measure: 'graph: RSS after first sync', limit: 400 },
  { measure: 'graph: RSS, peak', limit: 400 },
  { measure: 'graph: stall while syncing, p99', limit: 10 },
  { measure: 'graph: stall while syncing, p99.9', limit: 25 },
  { measure: 'graph: stall while syncing, longest', limit: 80 },
  { measure: 'graph: retained per object, all of the heap', limit: 1024 },
  { measure: 'graph: decode and project a pod, protobuf', limit: 20 },
  { measure: 'graph: decode and project a pod, JSON', limit: 80 },
  { measure: 'graph: summary, p50', limit: 20 },
  { measure: 'graph: summary, p99', limit: 20 },
  { measure: 'graph: relation queries, p99', limit: 5 },
  { measure: 'graph: at rest with 20 changes/s', limit: 2 },
  { measure: 'graph: 5,000 events/s', limit: 50 },
  { measure: 'graph: event to answer at 1,000 events/s, p99', limit: 100 },
];

const OURS = 'k8s-mcp';
const REST_SECONDS = 30;
const WATCH_SECONDS = 20;
const FAST = 5_000;
const BRISK = 1_000;

type Add = (measure: string, unit: string, value: number, contender?: string) => void;
const say = (line: string) => process.stderr.write(`bench: ${line}\n`);
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** `world`: flags of the sandbox that make its world smaller, for a quick look. */
export async function measureGraph(root: string, world: readonly string[] = []): Promise<Sample[]> {
  const samples: Sample[] = [];
  const add: Add = (measure, unit, value, contender = OURS) => {
    samples.push({ measure: `graph: ${measure}`, unit, contender, value });
    // It takes minutes: what is known is told.
    say(`${measure}: ${value.toFixed(2)} ${unit}${contender === OURS ? '' : ` (${contender})`}`);
  };
  const withWorld = async (churn: number, work: (sandbox: RunningSandbox) => Promise<void>) => {
    say(`making a world with ${churn} writes a second ...`);
    const sandbox = await startSandbox(root, ['--world', 'scale', '--churn', String(churn), ...world]);
    try {
      await work(sandbox);
    } finally {
      await sandbox.stop();
    }
  };
  await withWorld(20, async (sandbox) => {
    await measureDecoding(sandbox, add);
    await measureFilling(root, sandbox, add);
  });
  await withWorld(BRISK, (sandbox) => measureEvents(root, sandbox, BRISK, add));
  await withWorld(FAST, (sandbox) => measureEvents(root, sandbox, FAST, add));
  say('10,000 pods, next to an informer ...');
  await measureInformer(root, add);
  return samples;
}

async function measureDecoding({ access }: RunningSandbox, add: Add): Promise<void> {
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

async function measureFilling(root: string, sandbox: RunningSandbox, add: Add): Promise<void> {
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
    await measureQueries(sandbox, graph, add);
    // What queries left behind is not what upkeep costs.
    await pause(5_000);
    await graph.probe();
    add('at rest with 20 changes/s', '% of a core', await shareOf(graph, REST_SECONDS));
    const rest = await graph.probe();
    add('at rest, longest stall', 'ms', rest.stall.max);
    add('retained per object, all of the heap', 'B', (rest.retained * 1e6) / objects);
    add('retained per object, all of the heap', 'B', (memoryMb * 1e6) / objects, 'by its own account');
  } finally {
    graph.stop();
  }
}

/** Percent of a core over so many seconds. */
async function shareOf(graph: ServedGraph, seconds: number): Promise<number> {
  const before = graph.cpuMs();
  const started = performance.now();
  await pause(seconds * 1000);
  return ((graph.cpuMs() - before) / (performance.now() - started)) * 100;
}

async function measureEvents(root: string, sandbox: RunningSandbox, perSecond: number, add: Add): Promise<void> {
  const graph = await serveGraph(root, sandbox.kubeconfig);
  const rate = perSecond.toLocaleString('en-US');
  try {
    await graph.synced();
    await pause(5_000);
    const before = await graph.events();
    const started = performance.now();
    const share = await shareOf(graph, WATCH_SECONDS);
    const heard = ((await graph.events()) - before) / ((performance.now() - started) / 1000);
    add(`${rate} events/s`, '% of a core', share);
    say(`${rate} writes/s: ${heard.toFixed(0)} events/s heard`);
    add(`${rate} events/s, CPU per event`, 'us', (share / 100 / heard) * 1e6);
    const { p50, p99 } = await latencyOfEvents(sandbox, graph);
    add(`event to answer at ${rate} events/s, p50`, 'ms', p50);
    add(`event to answer at ${rate} events/s, p99`, 'ms', p99);
  } finally {
    graph.stop();
  }
}

/** Theirs holds pods alone, ours everything that is there. */
async function measureInformer(root: string, add: Add): Promise<void> {
  const small = ['--nodes', '300', '--pods', '10000', '--services', '200', '--others', '0', '--churn', '0'];
  const sandbox = await startSandbox(root, ['--world', 'scale', ...small]);
  try {
    const task = { kubeconfig: sandbox.kubeconfig, library: join(clientNode(), 'dist', 'index.js') };
    const theirs = await runClient<Informed>(sandbox.access, task, 'graph-informer.ts');
    const graph = await serveGraph(root, sandbox.kubeconfig);
    const idle = await graph.baseline();
    const ours = await graph.synced();
    const { stall, retained } = await graph.probe();
    graph.stop();
    const rival = "client-node's informer, pods alone";
    add('10,000 pods, CPU', 's', ours.cpuSeconds);
    add('10,000 pods, CPU', 's', theirs.cpuSeconds, rival);
    add('10,000 pods, retained', 'MB', retained - idle);
    add('10,000 pods, retained', 'MB', theirs.retained, rival);
    add('10,000 pods, longest stall', 'ms', stall.max);
    add('10,000 pods, longest stall', 'ms', theirs.longestStall, rival);
  } finally {
    await sandbox.stop();
  }
}
