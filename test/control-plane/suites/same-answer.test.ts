import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { controlPlane, freshNamespace, hasTestUsers, kubectl } from '../../support/control-plane.ts';
import { allFaces, type Face, steady, TOKEN } from '../../support/faces.ts';
import { settled } from '../../support/process-watch.ts';
import { scratchFolder } from '../../support/product.ts';

const OPEN = ['--enable-create', '--enable-update', '--enable-delete'];

/** Without what an answer of the graph says of the whole cluster, where other suites work meanwhile, and of how far it has got. */
const lasting = (told: unknown): string =>
  JSON.stringify(told).replaceAll(/\[live graph[^"\\]*|PARTIAL[^"\\]*|Objects: [^"\\]*|As of [^"\\]*|\\n/g, '');

describe.skipIf(!hasTestUsers())('every face gives the same answer', () => {
  let namespace: string;
  let open: Face[];
  let closed: Face[];

  beforeAll(async () => {
    namespace = await freshNamespace('faces');
    await kubectl(['create', 'deployment', 'web', '--image=example.test/web:1', '--replicas=2', '-n', namespace]);
    await kubectl(['create', 'configmap', 'settings', '--from-literal=color=blue', '-n', namespace]);
    await kubectl(['rollout', 'status', 'deployment/web', '-n', namespace, '--timeout=40s']);
    await kubectl(['run', 'single', '--image=example.test/one:1', '-n', namespace]);
    await kubectl(['wait', '--for=condition=Ready', 'pod/single', '-n', namespace, '--timeout=40s']);
    const tokenFile = join(scratchFolder(), 'token');
    writeFileSync(tokenFile, TOKEN);
    const { kubeconfig } = controlPlane();
    open = await allFaces({ kubeconfig, args: OPEN }, tokenFile);
    closed = await allFaces({ kubeconfig }, tokenFile);
  });

  const reads: [string, () => Record<string, unknown>][] = [
    ['get_api_resources', () => ({ includeClusterScoped: false })],
    ['list_resources', () => ({ kind: 'deploy', namespace })],
    ['get_resource', () => ({ kind: 'ConfigMap', name: 'settings', namespace })],
    ['k8s-get-pods', () => ({ namespace })],
    ['k8s-get-services', () => ({ namespace })],
    ['k8s-get-deployments', () => ({ namespace })],
    ['k8s-get-nodes', () => ({})],
    ['k8s-get-events', () => ({ namespace })],
    ['k8s-describe-pod', () => ({ pod_name: 'single', namespace })],
    ['k8s-get-logs', () => ({ pod_name: 'single', namespace, lines: 3 })],
    [
      'k8s-relation-query',
      () => ({ query_type: 'dependencies', target_resources: [`deployment/${namespace}/web`], max_depth: 1 }),
    ],
    // k8s-cluster-summary tells of the whole cluster, which other suites change: test/e2e/intelligent.test.ts compares it.
  ];

  test.each(reads)('%s', async (tool, args) => {
    // Kinds and nodes come and go with other suites: what differs is read again.
    const told = await settled(
      () => tellAll(open, tool, args()),
      (all) => new Set(all.map(lasting)).size === 1,
      90_000,
    );
    expect(told[0]).toMatchObject({ ok: true });
    for (const other of told) expect(lasting(other)).toBe(lasting(told[0]));
  });

  const dryWrites: [string, () => Record<string, unknown>][] = [
    ['create_resource', () => ({ manifest: configMap('fresh', namespace), dryRun: true })],
    [
      'update_resource',
      () => ({ kind: 'ConfigMap', name: 'settings', manifest: configMap('settings', namespace), dryRun: true }),
    ],
    ['delete_resource', () => ({ kind: 'ConfigMap', name: 'settings', namespace, dryRun: true })],
    ['k8s-scale-deployment', () => ({ name: 'web', replicas: 3, namespace, dryRun: true })],
  ];

  test.each(dryWrites)('%s, dry run', async (tool, args) => {
    const told = await tellAll(open, tool, args());
    expect(told[0]).toMatchObject({ ok: true });
    for (const other of told) expect(other).toEqual(told[0]);
  });

  test('delete_resource, the plan', async () => {
    const told = await tellAll(open, 'delete_resource', { kind: 'ConfigMap', name: 'settings', namespace });
    expect(told[0]).toMatchObject({
      ok: false,
      text: expect.stringMatching(/^confirmation_required: Nothing was changed yet\./),
    });
    for (const other of told) expect(firstLine(other)).toEqual(firstLine(told[0]));
    expect(await kubectl(['get', 'configmap', 'settings', '-n', namespace, '-o', 'name'])).toBe('configmap/settings\n');
  });

  test.each([
    ['get_resource', () => ({ kind: 'ConfigMap', name: 'nowhere', namespace }), 'not_found'],
    ['list_resources', () => ({ kind: 'Deploymnt' }), 'unknown_kind'],
    ['list_resources', () => ({}), 'invalid_argument'],
    ['k8s-get-logs', () => ({ pod_name: 'single', namespace, lines: 0 }), 'invalid_argument'],
  ] as [string, () => Record<string, unknown>, string][])('%s, refused: %#', async (tool, args, code) => {
    const told = await tellAll(open, tool, args());
    expect(told[0]).toMatchObject({ ok: false, text: expect.stringMatching(new RegExp(`^${code}: `)) });
    for (const other of told) expect(firstLine(other)).toEqual(firstLine(told[0]));
  });

  test.each(['create_resource', 'update_resource', 'delete_resource', 'k8s-scale-deployment'])(
    '%s is refused everywhere while its gate is closed',
    async (tool) => {
      for (const face of closed) {
        const refused = await face.call(tool, {}).then(
          ({ ok, text }) => ({ ok, text }),
          (error: Error) => ({ ok: false, text: error.message }),
        );
        expect(refused, face.name).toMatchObject({
          ok: false,
          text: expect.stringMatching(/gate|[Uu]nknown|no tool|not found/),
        });
      }
    },
  );
});

async function tellAll(faces: readonly Face[], tool: string, args: Record<string, unknown>) {
  const told = [];
  for (const face of faces) {
    const { ok, text } = await face.call(tool, args);
    told.push({ ok, text: steady(text) });
  }
  return told;
}

function firstLine(told: { ok: boolean; text: string } | undefined) {
  return { ok: told?.ok, text: told?.text.split('\n')[0] };
}

function configMap(name: string, namespace: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\ndata:\n  color: green\n`;
}
