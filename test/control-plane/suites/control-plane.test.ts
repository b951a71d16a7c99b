import { beforeAll, describe, expect, it } from 'vitest';
import { freshNamespace, hasContext, hasControlPlane, kubectl, tryKubectl } from '../../support/control-plane.ts';

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        initContainers: [{ name: 'migrate', image: 'example.test/migrate:1' }],
        containers: [{ name: 'app', image: 'example.test/web:1' }],
      },
    },
  },
};

const job = (name: string, labels: Record<string, string>) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    backoffLimit: 0,
    template: {
      metadata: { labels },
      spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'example.test/job:1' }] },
    },
  },
});

const apply = (namespace: string, manifest: unknown) =>
  kubectl(['apply', '-n', namespace, '-f', '-'], { stdin: JSON.stringify(manifest) });

describe.skipIf(!hasControlPlane())('the control plane', () => {
  let namespace: string;
  beforeAll(async () => {
    namespace = await freshNamespace('bed');
  });

  it('rolls a Deployment out on its nodes, init containers included', async () => {
    await apply(namespace, deployment);
    await kubectl(['rollout', 'status', '-n', namespace, 'deployment/web', '--timeout=40s']);
    const path = '{.status.readyReplicas} {.status.availableReplicas}';
    expect(await kubectl(['get', 'deployment', 'web', '-n', namespace, `-o=jsonpath=${path}`])).toBe('3 3');
  });

  it('shows container logs, of the previous run too, and no more than was asked for', async () => {
    await kubectl(['run', 'logger', '-n', namespace, '--image=example.test/logger:1']);
    await kubectl(['wait', '--for=condition=Ready', 'pod/logger', '-n', namespace, '--timeout=30s']);
    const logs = (...flags: string[]) => kubectl(['logs', 'logger', '-n', namespace, ...flags]);
    expect(await logs()).toContain('ERROR connection to db:5432 refused\n');
    expect(await logs('--tail=1')).toBe('shutting down worker 3\n');
    expect(await logs('--previous')).toContain('panic: nil map\n');
  });

  it('completes a Job, and fails one whose pod exits with an error', async () => {
    await apply(namespace, job('good', {}));
    await apply(namespace, job('bad', { 'k8s-mcp.test/fail': 'exit' }));
    await kubectl(['wait', '--for=condition=Complete', 'job/good', '-n', namespace, '--timeout=30s']);
    await kubectl(['wait', '--for=condition=Failed', 'job/bad', '-n', namespace, '--timeout=30s']);
  });

  it.each([
    ['crashloop', 'CrashLoopBackOff', 'Error'],
    ['oom', 'CrashLoopBackOff', 'OOMKilled'],
    ['imagepull', 'ImagePullBackOff', ''],
  ])('lets a pod labelled %s go wrong as such', async (failure, waiting, lastEnd) => {
    await kubectl([
      'run',
      failure,
      '-n',
      namespace,
      '--image=example.test/broken:1',
      `--labels=k8s-mcp.test/fail=${failure}`,
    ]);
    const state = '{.status.containerStatuses[0].state.waiting.reason}';
    await kubectl(['wait', `--for=jsonpath=${state}=${waiting}`, `pod/${failure}`, '-n', namespace, '--timeout=30s']);
    const last = '{.status.containerStatuses[0].lastState.terminated.reason}';
    expect(await kubectl(['get', 'pod', failure, '-n', namespace, `-o=jsonpath=${last}`])).toBe(lastEnd);
  });

  it.skipIf(!hasContext('viewer'))('lets a viewer read and not write', async () => {
    const viewer = { context: 'viewer' };
    expect((await tryKubectl(['get', 'pods', '-n', namespace], viewer)).code).toBe(0);
    const write = await tryKubectl(['delete', 'deployment', 'web', '-n', namespace], viewer);
    expect(write.stderr).toContain('User "viewer" cannot delete resource "deployments"');
  });

  it.skipIf(!hasContext('editor'))('lets an editor write in its own namespace only', async () => {
    const canCreate = async (where: string) =>
      (await tryKubectl(['auth', 'can-i', 'create', 'deployments', '-n', where], { context: 'editor' })).stdout.trim();
    expect(await canCreate('team-a')).toBe('yes');
    expect(await canCreate(namespace)).toBe('no');
  });

  it.skipIf(!hasContext('nobody'))('answers 403 to a user without rights', async () => {
    const answer = await tryKubectl(['get', '--raw', '/api/v1/pods'], { context: 'nobody' });
    expect(answer.stderr).toContain('(Forbidden): pods is forbidden: User "nobody" cannot list resource "pods"');
  });

  it.skipIf(!hasContext('expired'))(
    'answers 401 to a token that is no longer good, and serves one that is',
    async () => {
      const refused = await tryKubectl(['get', '--raw', '/version'], { context: 'expired' });
      expect(refused.stderr).toContain('Unauthorized');
      expect((await tryKubectl(['get', 'secrets', '-A'], { context: 'token-admin' })).code).toBe(0);
    },
  );
});
