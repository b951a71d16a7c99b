import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import { BARE } from '../../sandbox/worlds/bare.ts';
import { resolveClis, resolveKubectl } from '../control-plane/binaries.ts';
import { recordedLogs } from '../control-plane/container-logs.ts';

const report = (line: string) => process.stderr.write(`[sandbox] ${line}\n`);

/** Gives suites that ask for a control plane the sandbox in its place: the same nodes, users and logs. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const kubectl = await resolveKubectl(report);
  if (kubectl === undefined) {
    if (process.env['CI'] === 'true')
      throw new Error('the sandbox suites are required in CI: there is no kubectl 1.36');
    report('SKIPPED, the suites on the sandbox do not run: there is neither kubectl 1.36 nor Go to build it');
    project.provide('controlPlane', null);
    project.provide('clis', null);
    return async () => {};
  }
  const folder = mkdtempSync(join(tmpdir(), 'k8s-mcp-sandbox-'));
  const sandbox = createSandbox({ world: { ...BARE, logs: recordedLogs(Date.now()) } });
  const { url } = await sandbox.listen(0);
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, sandbox.kubeconfig(url), { mode: 0o600 });
  report(`${url} is up`);
  const contexts = BARE.users.map(({ context }) => context);
  project.provide('controlPlane', { kubeconfig, kubectl, contexts, kubectlCache: join(folder, 'kubectl-cache') });
  const clis = await resolveClis(report);
  project.provide('clis', clis.kind === 'ready' ? clis.binaries : null);
  return async () => {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
