/** The live graph of 10,000 pods on a real control plane. */
import { setTimeout as pause } from 'node:timers/promises';
import { type BenchWorld, startCluster } from './cluster.ts';
import { besideInformer } from './graph-beside-informer.ts';
import { latencyOfEvents } from './graph-events.ts';
import { measureQueries } from './graph-queries.ts';
import { type Add, collect, say } from './graph-samples.ts';
import { serveGraph } from './graph-served.ts';
import { accessOf } from './sandbox-server.ts';
import type { Sample, Target } from './table.ts';

export const GRAPH_REAL_TARGETS: readonly Target[] = [
  { measure: 'graph-real: summary p50 over MCP', limit: 20 },
  { measure: 'graph-real: summary p50 over REST', limit: 20 },
  { measure: 'graph-real: summary p99 over MCP', limit: 20 },
  { measure: 'graph-real: summary p99 over REST', limit: 20 },
  { measure: 'graph-real: relation queries p99 over MCP', limit: 5 },
  { measure: 'graph-real: relation queries p99 over REST', limit: 5 },
  { measure: 'graph-real: event to answer, p99', limit: 100 },
  { measure: 'graph-real: at rest', limit: 2 },
];

const NODES = 100;
const NAMESPACES = 20;
const DEPLOYMENTS_PER_NAMESPACE = 10;
const PODS_PER_DEPLOYMENT = 50;
const PODS = NAMESPACES * DEPLOYMENTS_PER_NAMESPACE * PODS_PER_DEPLOYMENT;
const REST_SECONDS = 30;

export async function measureGraphReal(root: string): Promise<readonly Sample[]> {
  const { samples, add } = collect('graph-real');
  const started = performance.now();
  const cluster = await startCluster({ nodes: NODES, pods: PODS, objects: objects() });
  say(`all of them ran after ${((performance.now() - started) / 1000).toFixed(0)} s`);
  try {
    // What the controllers still write of it.
    await pause(15_000);
    await measureOn(root, cluster.kubeconfig, add);
  } finally {
    await cluster.stop();
  }
  return samples;
}

async function measureOn(root: string, kubeconfig: string, add: Add): Promise<void> {
  const server = { kubeconfig, access: accessOf(kubeconfig) };
  const graph = await serveGraph(root, kubeconfig);
  try {
    const synced = await graph.synced();
    say(`${synced.objects} objects, ${synced.nodes} nodes, ${synced.edges} edges`);
    await besideInformer(server, graph, synced, add);
    await measureQueries(server.access, graph, add);
    await pause(5_000);
    const before = await graph.events();
    add('at rest', '% of a core', await graph.share(REST_SECONDS));
    say(`at rest: ${(((await graph.events()) - before) / REST_SECONDS).toFixed(1)} events/s`);
    const { p50, p99 } = await latencyOfEvents(server.access, graph);
    add('event to answer, p50', 'ms', p50);
    add('event to answer, p99', 'ms', p99);
  } finally {
    graph.stop();
  }
}

/** Two Deployments to a node, each with its Service and its configuration. */
function objects(): BenchWorld['objects'] {
  const made: unknown[] = [];
  for (let n = 0; n < NAMESPACES; n++) {
    const namespace = `team-${n}`;
    made.push({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    for (let w = 0; w < DEPLOYMENTS_PER_NAMESPACE; w++)
      made.push(...workload(namespace, `app-${w}`, `node-${(n * DEPLOYMENTS_PER_NAMESPACE + w) % NODES}`));
  }
  return made;
}

function workload(namespace: string, name: string, nodeName: string): unknown[] {
  const metadata = { name, namespace };
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'shop' };
  const container = {
    ...{ name: 'main', image: `registry.test/${name}:1.4.2`, ports: [{ name: 'http', containerPort: 8080 }] },
    envFrom: [{ configMapRef: { name } }],
    resources: { requests: { cpu: '1m', memory: '1Mi' } },
  };
  // The scheduler, which places some 100 pods a second here, need not see them.
  const template = { metadata: { labels }, spec: { nodeName, containers: [container] } };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { LOG_LEVEL: 'info' } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ port: 80, targetPort: 'http' }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { replicas: PODS_PER_DEPLOYMENT, selector: { matchLabels: labels }, template },
    },
  ];
}
