import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { resolveBinaries } from '../test/control-plane/binaries.ts';
import { startControlPlane } from '../test/control-plane/control-plane.ts';
import { identify } from '../test/control-plane/processes.ts';
import { say } from './graph-samples.ts';

/** 50 pods, the size of a busy team's namespace; the other 493 make the 543 of the rivals' own example. */
export const BENCH_NAMESPACE = 'bench-00';
const NAMESPACES = 10;
const ALL_PODS = 543;
const FIRST = 50;
const NODES = 12;
/** ms; the more there are, the longer kwok takes. */
const RUNNING_WITHIN_MS = 120_000;
const RUNNING_WITHIN_MS_EACH = 120;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface BenchCluster {
  kubeconfig: string;
  kubectlFolder: string;
  stop(): Promise<void>;
}

/** What a control plane is filled with: it has so many pods. */
export interface BenchWorld {
  nodes: number;
  pods: number;
  objects: readonly unknown[];
}

/** A real control plane with 543 running pods, made for this run. */
export function benchCluster(): Promise<BenchCluster> {
  return startCluster({ nodes: NODES, pods: ALL_PODS, objects: objects() });
}

/** A real control plane, once all of the world's pods run. It ends with this process, also when that is told to. */
export async function startCluster({ nodes, pods, objects }: BenchWorld): Promise<BenchCluster> {
  const found = await resolveBinaries(say);
  if (found.kind === 'unavailable') throw new Error(found.reason);
  say(`starting a control plane with ${pods.toLocaleString('en-US')} pods ...`);
  const owner = identify(process.pid);
  const plane = await startControlPlane({
    name: `bench-${process.pid}`,
    binaries: found.binaries,
    nodes,
    ...(owner === undefined ? {} : { owner }),
  });
  const stop = async () => {
    for (const signal of SIGNALS) process.removeListener(signal, end);
    await plane.stop();
  };
  const end = () => void stop().finally(() => process.exit(1));
  for (const signal of SIGNALS) process.once(signal, end);
  const kubectl = (args: readonly string[], stdin?: string) => {
    const { status, stdout, stderr } = spawnSync(plane.kubectl, [`--kubeconfig=${plane.kubeconfig}`, ...args], {
      encoding: 'utf8',
      ...(stdin === undefined ? {} : { input: stdin }),
    });
    if (status !== 0) throw new Error(`kubectl ${args[0]}: ${stderr.slice(0, 500)}`);
    return stdout;
  };
  try {
    kubectl(['apply', '-f', '-'], objects.map((object) => JSON.stringify(object)).join('\n---\n'));
    await untilRunning(kubectl, pods);
  } catch (error) {
    await stop();
    throw error;
  }
  return { kubeconfig: plane.kubeconfig, kubectlFolder: dirname(plane.kubectl), stop };
}

async function untilRunning(kubectl: (args: readonly string[]) => string, pods: number): Promise<void> {
  const count = (selector: string) => {
    const page = kubectl(['get', '--raw', `/api/v1/pods?limit=1${selector}`]);
    // A PodList; with a selector the server does not say how many remain.
    const { items, metadata } = JSON.parse(page) as { items: unknown[]; metadata: { remainingItemCount?: number } };
    return items.length + (metadata.remainingItemCount ?? 0);
  };
  const deadline = performance.now() + RUNNING_WITHIN_MS + pods * RUNNING_WITHIN_MS_EACH;
  for (;;) {
    // The numbers of Deployments follow late where many pods are made at once.
    const made = count('');
    if (made >= pods && count('&fieldSelector=status.phase!=Running') === 0) return;
    if (performance.now() > deadline) throw new Error(`${pods} pods did not run in time; ${made} were made`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

function objects(): readonly unknown[] {
  const documents: unknown[] = [];
  let left = ALL_PODS;
  for (let at = 0; at < NAMESPACES; at++) {
    const namespace = `bench-${String(at).padStart(2, '0')}`;
    const pods = at === 0 ? FIRST : at === NAMESPACES - 1 ? left : Math.floor((ALL_PODS - FIRST) / (NAMESPACES - 1));
    left -= pods;
    documents.push({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    for (let app = 0; app < 5; app++) {
      const replicas = Math.floor(pods / 5) + (app < pods % 5 ? 1 : 0);
      documents.push(
        deployment(namespace, ['cart', 'checkout', 'payment-gateway', 'frontend', 'inventory'][app] ?? 'app', replicas),
      );
    }
  }
  return documents;
}

function deployment(namespace: string, name: string, replicas: number): unknown {
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'shop' };
  const containers = [{ name, image: `shop/${name}:1.4.2`, resources: { requests: { cpu: '1m', memory: '1Mi' } } }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  };
}
