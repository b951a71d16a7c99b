import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import type { ControlPlaneAccess } from '../control-plane/global-setup.ts';

/** How a kubectl command ended. */
export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface KubectlOptions {
  readonly stdin?: string;
  /** A context of the kubeconfig, that is a user of the control plane; the administrator when absent. */
  readonly context?: string;
}

/** Longer than any `--timeout` that it is given. */
const KUBECTL_LIMIT_MS = 150_000;
const KUBECTL_MAX_BYTES = 64 * 1024 * 1024;
const namespaces: string[] = [];

/** Whether this run has a cluster: `describe.skipIf(!hasControlPlane())`. */
export function hasControlPlane(): boolean {
  return Boolean(inject('controlPlane'));
}

/** The cluster of this run. */
export function controlPlane(): ControlPlaneAccess {
  const access = inject('controlPlane');
  if (!access)
    throw new Error('this run has no control plane; guard the suite with describe.skipIf(!hasControlPlane())');
  return access;
}

/** Whether the cluster of this run has this user; one from K8S_MCP_TEST_KUBECONFIG may not. */
export function hasContext(name: string): boolean {
  return inject('controlPlane')?.contexts.includes(name) ?? false;
}

const USERS = ['admin', 'viewer', 'editor', 'nobody', 'token-admin', 'expired'];

/** Whether the cluster of this run has every user of our own control planes: what suites with literal answers need. */
export function hasTestUsers(): boolean {
  return USERS.every(hasContext);
}

/** Runs kubectl and gives back how it ended, whatever that is. */
export function tryKubectl(args: readonly string[], options: KubectlOptions = {}): Promise<KubectlResult> {
  const { kubectl: binary, kubeconfig, kubectlCache } = controlPlane();
  const context = options.context === undefined ? [] : [`--context=${options.context}`];
  // A new cluster may sit on the port of an old one, whose discovery kubectl must not go by.
  const cache = kubectlCache === undefined ? [] : [`--cache-dir=${kubectlCache}`];
  const limits = { timeout: KUBECTL_LIMIT_MS, maxBuffer: KUBECTL_MAX_BYTES };
  return new Promise((resolve) => {
    const child = execFile(
      binary,
      [`--kubeconfig=${kubeconfig}`, ...cache, ...context, ...args],
      limits,
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, stdout, stderr });
      },
    );
    child.stdin?.end(options.stdin ?? '');
  });
}

/** Runs kubectl, which must succeed, and gives back what it printed. */
export async function kubectl(args: readonly string[], options: KubectlOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await tryKubectl(args, options);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
  return stdout;
}

/** Creates a namespace nobody else uses, with all that a cluster puts into one; it is deleted after the test file. */
export async function freshNamespace(prefix = 'test'): Promise<string> {
  const name = `${prefix}-${randomBytes(4).toString('hex')}`;
  await kubectl(['create', 'namespace', name]);
  namespaces.push(name);
  // By two controllers, each in its own time: pods cannot be created before, and lists of ConfigMaps are one longer after.
  const given = ['serviceaccount/default', 'configmap/kube-root-ca.crt'];
  await kubectl(['wait', '--for=create', ...given, `--namespace=${name}`, '--timeout=60s']);
  return name;
}

afterAll(async () => {
  if (namespaces.length > 0) await kubectl(['delete', 'namespace', '--wait=false', ...namespaces.splice(0)]);
});
