import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { type Clis, HOW_TO_GET_THEM, resolveBinaries, resolveClis, resolveKubectl } from './binaries.ts';
import { startControlPlane } from './control-plane.ts';
import { discardInstance, instanceFolder, sweepAbandoned } from './instance.ts';
import { identify } from './processes.ts';

/** What the suites are given: a cluster to talk to, or null where none can be had. */
export interface ControlPlaneAccess {
  readonly kubeconfig: string;
  readonly kubectl: string;
  /** Contexts of the kubeconfig. A cluster from K8S_MCP_TEST_KUBECONFIG has its own, so suites ask before they rely on one. */
  readonly contexts: readonly string[];
  /** Where kubectl keeps what it discovered; absent: its usual place. */
  readonly kubectlCache?: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    controlPlane: ControlPlaneAccess | null;
    /** The command line tools, or null where they cannot be had. */
    clis: Clis | null;
  }
}

type Cluster = Omit<ControlPlaneAccess, 'contexts'> & { readonly stop: () => Promise<void> };

const report = (line: string) => process.stderr.write(`[control-plane] ${line}\n`);

/** Gives the run one control plane of its own, or the cluster of K8S_MCP_TEST_KUBECONFIG; ends it after the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = process.env['K8S_MCP_TEST_KUBECONFIG']
    ? await givenCluster(process.env['K8S_MCP_TEST_KUBECONFIG'])
    : await ownCluster();
  if (typeof cluster === 'string') {
    if (process.env['CI'] === 'true') throw new Error(`the control-plane suites are required in CI: ${cluster}`);
    report(`SKIPPED, the control-plane suites do not run: ${cluster}`);
    project.provide('controlPlane', null);
    project.provide('clis', null);
    return async () => {};
  }
  const { stop, ...access } = cluster;
  project.provide('controlPlane', { ...access, contexts: await contextsOf(access.kubectl, access.kubeconfig) });
  try {
    project.provide('clis', await clisOrNull());
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/** The command line tools come after the cluster, so that what is wrong with them is not taken for trouble with it. */
async function clisOrNull(): Promise<Clis | null> {
  const found = await resolveClis(report).catch((error: unknown) => ({
    kind: 'unavailable' as const,
    reason: error instanceof Error ? error.message : 'their build failed',
  }));
  if (found.kind === 'ready') return found.binaries;
  if (process.env['CI'] === 'true') throw new Error(`the command line suites are required in CI: ${found.reason}`);
  report(`SKIPPED, the suites of kubectl, helm, istioctl and argocd do not run: ${found.reason}`);
  return null;
}

async function givenCluster(kubeconfig: string): Promise<Cluster | string> {
  const kubectl = await resolveKubectl(report);
  if (kubectl === undefined)
    return 'K8S_MCP_TEST_KUBECONFIG is set, but there is neither kubectl 1.36 nor Go >= 1.26 to build it';
  report(`using the cluster of K8S_MCP_TEST_KUBECONFIG`);
  return { kubeconfig, kubectl, stop: async () => {} };
}

async function ownCluster(): Promise<Cluster | string> {
  const found = await resolveBinaries(report);
  if (found.kind === 'unavailable') return found.reason;
  await sweepAbandoned();
  const owner = identify(process.pid);
  if (owner === undefined) return `this machine does not tell when a process started; ${HOW_TO_GET_THEM}`;
  const started = Date.now();
  const name = `test-${process.pid}`;
  // Ctrl-C makes vitest exit without a teardown.
  const discard = () => discardInstance(instanceFolder(name));
  process.once('exit', discard);
  const controlPlane = await startControlPlane({ name, binaries: found.binaries, owner });
  report(`${controlPlane.server} is up after ${((Date.now() - started) / 1000).toFixed(1)} s`);
  const { kubeconfig, kubectl, folder } = controlPlane;
  const stop = async () => {
    await controlPlane.stop();
    process.off('exit', discard);
  };
  return { kubeconfig, kubectl, kubectlCache: join(folder, 'kubectl-cache'), stop };
}

async function contextsOf(kubectl: string, kubeconfig: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(kubectl, [
    'config',
    'get-contexts',
    '-o',
    'name',
    '--kubeconfig',
    kubeconfig,
  ]);
  return stdout.split('\n').filter((name) => name !== '');
}
