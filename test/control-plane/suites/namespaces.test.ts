import type { Client } from '@modelcontextprotocol/client';
import { beforeAll, describe, expect, test } from 'vitest';
import { controlPlane, freshNamespace, hasTestUsers, kubectl, tryKubectl } from '../../support/control-plane.ts';
import { callTool, stdioClient } from '../../support/product.ts';

const OPEN = ['--enable-create', '--enable-update', '--enable-delete'];

describe.skipIf(!hasTestUsers())('namespace rules', () => {
  let shown: string;
  let hidden: string;
  let client: Client;
  const ask = async (tool: string, args: Record<string, unknown> = {}) => (await callTool(client, tool, args)).text;

  beforeAll(async () => {
    shown = await freshNamespace('shown');
    hidden = await freshNamespace('hidden');
    for (const namespace of [shown, hidden]) {
      await kubectl(['create', 'configmap', 'settings', '--from-literal=a=b', '-n', namespace]);
      await kubectl(['create', 'service', 'clusterip', 'web', '--tcp=80:80', '-n', namespace]);
      await kubectl(['create', 'deployment', 'web', '--image=example.test/web:1', '-n', namespace]);
      await kubectl([
        'label',
        'configmap/settings',
        'deployment/web',
        'service/web',
        'suite=namespaces',
        '-n',
        namespace,
      ]);
      await kubectl(['rollout', 'status', 'deployment/web', '-n', namespace, '--timeout=40s']);
    }
  });

  const everywhere: [string, () => Record<string, unknown>][] = [
    ['list_resources', () => ({ kind: 'cm', labelSelector: 'suite=namespaces' })],
    ['list_resources', () => ({ kind: 'cm', where: '.metadata.name == "settings"' })],
    ['list_resources', () => ({ kind: 'deploy', sortBy: '.metadata.name' })],
    ['list_resources', () => ({ kind: 'Namespace' })],
    ['list_resources', () => ({ kind: 'cm', output: 'names' })],
    ['k8s-get-pods', () => ({ namespace: 'all' })],
    ['k8s-get-services', () => ({ namespace: 'all' })],
    ['k8s-get-deployments', () => ({ namespace: 'all' })],
    // Of what all suites of a run bring about, an answer has no room for everything.
    ['k8s-get-events', () => ({ namespace: 'all', kind: 'deploy', name: 'web', limit: 500 })],
  ];
  const counts: [string, () => Record<string, unknown>, string][] = [
    [
      'list_resources',
      () => ({ kind: 'cm', labelSelector: 'suite=namespaces', groupBy: '.metadata.name' }),
      'settings 1',
    ],
    [
      'k8s-get-deployments',
      () => ({ namespace: 'all', label_selector: 'suite=namespaces' }),
      '1 deployment in all namespaces',
    ],
    [
      'k8s-get-services',
      () => ({ namespace: 'all', label_selector: 'suite=namespaces' }),
      '1 service in all namespaces',
    ],
    ['k8s-get-pods', () => ({ namespace: 'all', label_selector: 'app=web' }), '1 pod in all namespaces: Running 1'],
  ];
  const direct: [string, () => Record<string, unknown>][] = [
    ['list_resources', () => ({ kind: 'cm', namespace: hidden })],
    ['get_resource', () => ({ kind: 'cm', name: 'settings', namespace: hidden })],
    ['get_resource', () => ({ kind: 'Namespace', name: hidden })],
    ['k8s-get-pods', () => ({ namespace: hidden })],
    ['k8s-get-services', () => ({ namespace: hidden })],
    ['k8s-get-deployments', () => ({ namespace: hidden })],
    ['k8s-get-events', () => ({ namespace: hidden })],
    ['k8s-describe-pod', () => ({ pod_name: 'x', namespace: hidden })],
    ['k8s-get-logs', () => ({ pod_name: 'deployment/web', namespace: hidden })],
    ['k8s-scale-deployment', () => ({ name: 'web', namespace: hidden, replicas: 0 })],
    ['create_resource', () => ({ manifest: configMap('new', hidden) })],
    ['update_resource', () => ({ manifest: configMap('settings', hidden) })],
    ['update_resource', () => ({ manifest: configMap('settings', hidden), dryRun: true })],
    ['delete_resource', () => ({ kind: 'cm', name: 'settings', namespace: hidden })],
    ['delete_resource', () => ({ kind: 'Namespace', name: hidden })],
  ];

  describe('a forbidden namespace', () => {
    beforeAll(async () => {
      const args = [...OPEN, `--forbidden-namespaces=${hidden}`];
      client = await stdioClient('2026', { kubeconfig: controlPlane().kubeconfig, args });
    });

    test.each(everywhere)('is absent from what all namespaces hold: %s %#', async (tool, args) => {
      const text = await ask(tool, args());
      expect(text).toMatch(/^context: admin\n/);
      expect(text).toContain(shown);
      expect(text).not.toContain(hidden);
    });

    // Other suites may run at the same time in namespaces of their own, so these counts are of labelled objects.
    test.each(counts.slice(0, 3))('is absent from counts: %s', async (tool, args, expected) => {
      expect(await ask(tool, args())).toContain(expected);
    });

    test.each(direct)('is refused by name, before anything is sent: %s %#', async (tool, args) => {
      const text = await ask(tool, args());
      expect(text).toBe(
        `namespace_denied: The namespace "${hidden}" is forbidden (K8S_FORBIDDEN_NAMESPACES).\nNext: Use another namespace.`,
      );
    });

    test('is untouched after all of that', untouched);
  });

  describe('with one allowed namespace', () => {
    beforeAll(async () => {
      const args = [...OPEN, `--allowed-namespaces=${shown}`];
      client = await stdioClient('2025', { kubeconfig: controlPlane().kubeconfig, args });
    });

    test.each(everywhere)('all namespaces are that one: %s %#', async (tool, args) => {
      const text = await ask(tool, args());
      expect(text).toMatch(/^context: admin\n/);
      expect(text).toContain(shown);
      expect(text).not.toContain(hidden);
      expect(text).not.toContain('kube-system');
    });

    test.each(counts)('counts are of that one: %s', async (tool, args, expected) => {
      expect(await ask(tool, args())).toContain(expected);
    });

    test.each(direct)('another is refused by name, and the allowed one is named: %s %#', async (tool, args) => {
      expect(await ask(tool, args())).toBe(
        `namespace_denied: The namespace "${hidden}" is not one of the allowed ones (K8S_ALLOWED_NAMESPACES).\nNext: Use an allowed namespace: ${shown}.`,
      );
    });

    test('cluster-scoped objects are read and not written', async () => {
      expect(await ask('k8s-get-nodes')).toMatch(/^\d+ nodes$/m);
      const manifest = {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name: 'mine' },
        value: 1,
      };
      expect(await ask('create_resource', { manifest })).toMatch(
        /^namespace_denied: priorityclasses are cluster-scoped/,
      );
      expect((await tryKubectl(['get', 'priorityclass', 'mine'])).code).not.toBe(0);
    });

    test('the others are untouched after all of that', untouched);
  });

  test('a denied kind is refused wherever it is asked for', async () => {
    const args = [...OPEN, '--denied-kinds=secrets,pods/log'];
    client = await stdioClient('2026', { kubeconfig: controlPlane().kubeconfig, args });
    for (const [tool, input] of [
      ['list_resources', { kind: 'Secret' }],
      ['get_resource', { kind: 'secrets', name: 'x', namespace: shown }],
      ['delete_resource', { kind: 'Secret', name: 'x', namespace: shown }],
      ['k8s-get-logs', { pod_name: 'deployment/web', namespace: shown }],
    ] as const) {
      expect(await ask(tool, input), tool).toMatch(/^kind_denied: (secrets|pods\/log) is denied/);
    }
  });

  async function untouched(): Promise<void> {
    const path = '{.items[*].metadata.name} {.items[*].spec.replicas} {.items[*].data.a}';
    const found = await kubectl([
      'get',
      'configmap,deploy',
      '-l',
      'suite=namespaces',
      '-n',
      hidden,
      `-o=jsonpath=${path}`,
    ]);
    expect(found).toBe('settings web 1 b');
    expect((await tryKubectl(['get', 'configmap', 'new', '-n', hidden])).code).not.toBe(0);
  }
});

function configMap(name: string, namespace: string) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { a: 'changed' } };
}
