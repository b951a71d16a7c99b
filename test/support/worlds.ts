/** The same few objects in every namespace, and the product on a scripted cluster that holds them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createProduct } from '../../src/app/product.ts';
import { parseFlags, readSettings } from '../../src/config/read.ts';
import type { KubeObject } from '../../src/kernel/vocabulary.ts';
import type { CallOutcome, Gateway } from '../../src/operations/gateway.ts';
import { type ScriptedCluster, scriptedCluster, type World } from './scripted-cluster.ts';

/** Long ago, so that ages read the same in every answer of a run. */
const CREATED = '2020-01-01T00:00:00Z';

/** A namespace with one object of each kind, all of whose names begin with `word`. */
export function namespaceWith(namespace: string, word: string): KubeObject[] {
  const meta = (name: string) => ({
    metadata: {
      name,
      namespace,
      uid: `${namespace}-${name}`,
      resourceVersion: '7',
      creationTimestamp: CREATED,
      labels: { app: 'web' },
    },
  });
  const about = { kind: 'Pod', name: `${word}-0`, namespace };
  return [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: namespace,
        uid: namespace,
        creationTimestamp: CREATED,
        labels: { 'kubernetes.io/metadata.name': namespace },
      },
    },
    ...[0, 1].map((n) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      ...meta(`${word}-${n}`),
      spec: { nodeName: 'node-1', containers: [{ name: 'main', image: `${word}:1` }] },
      status: {
        phase: 'Running',
        containerStatuses: [{ name: 'main', ready: true, restartCount: 0, state: { running: { startedAt: CREATED } } }],
      },
    })),
    {
      apiVersion: 'v1',
      kind: 'Service',
      ...meta(word),
      spec: { type: 'ClusterIP', selector: { app: 'web' }, ports: [{ port: 80 }] },
    },
    { apiVersion: 'v1', kind: 'ConfigMap', ...meta(word), data: { word } },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      ...meta(word),
      type: 'Opaque',
      data: { word: Buffer.from(`${word}-value`).toString('base64') },
    },
    {
      apiVersion: 'v1',
      kind: 'Event',
      ...meta(`${word}-event`),
      involvedObject: about,
      type: 'Warning',
      reason: 'BackOff',
      message: `${word} backs off`,
      count: 1,
      lastTimestamp: CREATED,
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      ...meta(word),
      spec: { replicas: 2, selector: { matchLabels: { app: 'web' } } },
      status: { replicas: 2, readyReplicas: 2 },
    },
  ];
}

export const NODE: KubeObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1', uid: 'node-1', creationTimestamp: CREATED },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};

const cleanups: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A cluster that is gone after the test file. */
export async function clusterOf(world: World): Promise<ScriptedCluster> {
  const cluster = await scriptedCluster(world);
  cleanups.push(() => cluster.close());
  return cluster;
}

/** The product as the composition root builds it for these flags, without a surface. Contexts: `main` (current), `staging`, `prod`. */
export async function productOn(cluster: ScriptedCluster, flags: readonly string[]): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-mcp-world-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigOf(cluster.url));
  const argv = ['--kubeconfig', kubeconfig, '--state-dir', folder, '--no-audit', '--log-level', 'error', ...flags];
  const host = { env: {}, argv, cwd: folder, home: folder };
  const product = await createProduct(host, readSettings(parseFlags(argv).values, host.env), { surface: 'shell' });
  cleanups.push(async () => {
    await product.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return product.gateway;
}

function kubeconfigOf(url: string): string {
  const names = ['main', 'staging', 'prod'];
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'main',
    clusters: names.map((name) => ({ name, cluster: { server: `${url}/${name}` } })),
    users: [{ name: 'user', user: {} }],
    contexts: names.map((name) => ({ name, context: { cluster: name, user: 'user', namespace: 'shop' } })),
  });
}

export interface Told {
  ok: boolean;
  code: string | undefined;
  /** Text and output together: all that a caller can see. */
  shown: string;
}

export type ToolArguments = Record<string, unknown>;

/** One call as a caller over stdio would make it. */
export async function tell(gateway: Gateway, tool: string, args: ToolArguments): Promise<Told> {
  const principal = { id: 'tester', transport: 'stdio', authenticated: true } as const;
  const outcome: CallOutcome = await gateway.call({
    tool,
    arguments: args,
    principal,
    signal: new AbortController().signal,
  });
  if (outcome.ok) return { ok: true, code: undefined, shown: `${outcome.text}\n${JSON.stringify(outcome.output)}` };
  return { ok: false, code: outcome.error.code, shown: `${outcome.text}\n${JSON.stringify(outcome.error.detail)}` };
}
