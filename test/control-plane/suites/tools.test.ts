import type { Client } from '@modelcontextprotocol/client';
import { beforeAll, describe, expect, test } from 'vitest';
import { controlPlane, freshNamespace, hasTestUsers, kubectl, tryKubectl } from '../../support/control-plane.ts';
import { MCP_FACES, type McpFace, mcpFaces } from '../../support/mcp-faces.ts';
import { callTool, stdioClient } from '../../support/product.ts';

const READS = ['get_api_resources', 'get_resource', 'k8s-describe-pod', 'k8s-get-logs'];
/** There without gates, and with gates able to do what these allow. */
const COMMANDS = ['argocd', 'helm', 'istioctl', 'kubectl'];
const LISTS = [
  'k8s-cluster-summary',
  'k8s-get-deployments',
  'k8s-get-events',
  'k8s-get-nodes',
  'k8s-get-pods',
  'k8s-get-services',
  'k8s-relation-query',
  'list_resources',
];
const BY_GATE: Record<string, readonly string[]> = {
  list: LISTS,
  create: ['create_resource'],
  update: ['k8s-scale-deployment', 'update_resource'],
  delete: ['delete_resource'],
};
const GATES = Object.keys(BY_GATE);
const ALL_OPEN = ['--enable-create', '--enable-update', '--enable-delete'];

let namespace: string;
/** Apart from the other, whose pods are counted. */
let scaling: string;
let open: Record<McpFace, Client>;

describe.skipIf(!hasTestUsers())('every tool, through MCP clients', () => {
  beforeAll(async () => {
    namespace = await freshNamespace('tools');
    scaling = await freshNamespace('scaling');
    await kubectl(['create', 'deployment', 'web', '--image=example.test/web:1', '--replicas=0', '-n', scaling]);
    await kubectl(['create', 'deployment', 'web', '--image=example.test/web:1', '--replicas=2', '-n', namespace]);
    await kubectl(['create', 'service', 'clusterip', 'web', '--tcp=80:8080', '-n', namespace]);
    await kubectl(['create', 'configmap', 'settings', '--from-literal=color=blue', '-n', namespace]);
    await kubectl(['run', 'single', '--image=example.test/one:1', '-n', namespace]);
    const connected = mcpFaces({ kubeconfig: controlPlane().kubeconfig, args: ALL_OPEN });
    await kubectl(['rollout', 'status', 'deployment/web', '-n', namespace, '--timeout=40s']);
    await kubectl(['wait', '--for=condition=Ready', 'pod/single', '-n', namespace, '--timeout=40s']);
    open = await connected;
  });

  const reads: [string, () => Record<string, unknown>, readonly (string | RegExp)[]][] = [
    ['get_api_resources', () => ({ filter: 'deployments' }), [/^deployments deploy apps\/v1 true Deployment \*$/m]],
    ['get_api_resources', () => ({ filter: 'nodes' }), [/^nodes no v1 false Node \*$/m]],
    ['list_resources', () => ({ kind: 'cm', namespace }), ['NAME DATA AGE', /^settings 1 [\dms]+$/m]],
    ['list_resources', () => ({ kind: 'Deployment.apps', namespace, output: 'names' }), [/^web$/m]],
    [
      'list_resources',
      () => ({ kind: 'pods', namespace, where: '.metadata.labels.app == "web"', groupBy: '.status.phase' }),
      [/^Running 2$/m],
    ],
    ['get_resource', () => ({ kind: 'ConfigMap', name: 'settings', namespace }), ['kind: ConfigMap', '  color: blue']],
    ['k8s-get-pods', () => ({ namespace }), ['3 pods in namespace', 'Running 3', /^single 1\/1 Running 0 /m]],
    ['k8s-get-services', () => ({ namespace }), ['1 service in namespace', /^web ClusterIP .* app=web/m]],
    ['k8s-get-deployments', () => ({ namespace }), ['1 deployment in namespace', /^web 2\/2 .*example\.test\/web:1/m]],
    ['k8s-get-nodes', () => ({}), [/^\d+ nodes$/m, /^node-0 Ready /m]],
    ['k8s-get-events', () => ({ namespace, kind: 'deploy' }), ['ScalingReplicaSet', 'Deployment/web']],
    [
      'k8s-describe-pod',
      () => ({ pod_name: 'single', namespace }),
      [/Pod tools-\w+\/single: Running, ready 1\/1/, 'Scheduled'],
    ],
    [
      'k8s-get-logs',
      () => ({ pod_name: 'single', namespace, lines: 1 }),
      ['== single/single', 'shutting down worker 3'],
    ],
    [
      'k8s-get-logs',
      () => ({ pod_name: 'deploy/web', namespace, include: 'ERROR' }),
      ['ERROR connection to db:5432 refused'],
    ],
  ];

  describe.each(MCP_FACES)('%s', (face) => {
    const slug = face.replace(' ', '-');
    const call = (tool: string, args: Record<string, unknown>) => callTool(open[face], tool, args);

    test('lists all tools with their effects', async () => {
      const { tools } = await open[face].listTools();
      expect(tools.map(({ name }) => name).sort()).toEqual(
        [...READS, ...COMMANDS, ...Object.values(BY_GATE).flat()].sort(),
      );
      const effects = tools.map(({ name, annotations }) => [
        name,
        annotations?.readOnlyHint,
        annotations?.destructiveHint,
      ]);
      expect(effects).toEqual(
        tools.map(({ name }) => {
          if (READS.includes(name) || LISTS.includes(name)) return [name, true, false];
          return [name, false, name !== 'create_resource'];
        }),
      );
    });

    test.each(reads)('%s reads', async (tool, args, expected) => {
      const { text, isError } = await call(tool, args());
      expect({ text, isError }).toMatchObject({ isError: false });
      expect(text).toMatch(/^context: admin\n/);
      for (const part of expected) expect(text).toMatch(part);
    });

    test('create_resource, update_resource and delete_resource change the cluster', async () => {
      const name = `made-${slug}`;
      const created = await call('create_resource', { manifest: configMap(name, { color: 'blue' }) });
      expect(created).toMatchObject({ isError: false });
      expect(await colorOf(name)).toBe('blue');
      const updated = await call('update_resource', {
        kind: 'ConfigMap',
        name,
        namespace,
        manifest: configMap(name, { color: 'green' }),
      });
      expect(updated).toMatchObject({ isError: false, text: expect.stringMatching(/-.*blue[\s\S]*\+.*green/) });
      expect(await colorOf(name)).toBe('green');
      const target = { kind: 'cm', name, namespace };
      const plan = await call('delete_resource', target);
      expect(plan).toMatchObject({
        isError: true,
        text: expect.stringMatching(/^confirmation_required: Nothing was changed yet\./),
      });
      expect(await colorOf(name)).toBe('green');
      const confirm = /confirm=(\S+)/.exec(plan.text)?.[1];
      expect(await call('delete_resource', { ...target, confirm })).toMatchObject({ isError: false });
      expect((await tryKubectl(['get', 'configmap', name, '-n', namespace])).stderr).toContain('NotFound');
    });

    test('k8s-scale-deployment scales', async () => {
      const before = MCP_FACES.indexOf(face);
      const { text } = await call('k8s-scale-deployment', { name: 'web', namespace: scaling, replicas: before + 1 });
      expect(text).toContain(`Deployment ${scaling}/web scaled from ${before} to ${before + 1}.`);
      const stored = await kubectl(['get', 'deployment', 'web', '-n', scaling, '-o=jsonpath={.spec.replicas}']);
      expect(stored).toBe(String(before + 1));
    });
  });
});

describe.skipIf(!hasTestUsers()).each(GATES)('with the %s gate closed and all others open', (gate) => {
  let clients: Record<McpFace, Client>;
  beforeAll(async () => {
    const args = GATES.map((name) => `--enable-${name}=${name !== gate}`);
    clients = await mcpFaces({ kubeconfig: controlPlane().kubeconfig, args });
  });

  test.each(MCP_FACES)('its tools are absent and refused, the others are there: %s', async (face) => {
    const hidden = BY_GATE[gate] ?? [];
    const { tools } = await clients[face].listTools();
    const others = Object.entries(BY_GATE).flatMap(([name, list]) => (name === gate ? [] : list));
    expect(tools.map(({ name }) => name).sort()).toEqual([...READS, ...COMMANDS, ...others].sort());
    for (const tool of hidden) {
      await expect(callTool(clients[face], tool, argumentsOf(tool)), tool).rejects.toMatchObject({
        code: -32602,
        message: expect.stringContaining(`gate_closed: ${tool} needs the ${gate} gate, which is closed.`),
      });
    }
  });
});

describe.skipIf(!hasTestUsers())('gates without tools of their own', () => {
  test('reading the logs of a workload lists pods, and is refused with the list gate closed', async () => {
    const { kubeconfig } = controlPlane();
    const client = await stdioClient('2025', { kubeconfig, args: ['--enable-list=false'] });
    const refused = await callTool(client, 'k8s-get-logs', { pod_name: 'deployment/web', namespace });
    expect(refused).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^gate_closed: The request lists pods/),
    });
    expect(await callTool(client, 'k8s-get-logs', { pod_name: 'single', namespace, lines: 1 })).toMatchObject({
      isError: false,
    });
  });

  test('an apply, which may create, needs the create gate as well', async () => {
    const { kubeconfig } = controlPlane();
    const client = await stdioClient('2026', { kubeconfig, args: ['--enable-update'] });
    const apply = { mode: 'apply', manifest: configMap('applied', { color: 'blue' }) };
    expect(await callTool(client, 'update_resource', apply)).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^gate_closed: .*create/),
    });
    expect((await tryKubectl(['get', 'configmap', 'applied', '-n', namespace])).stderr).toContain('NotFound');
  });

  test('RBAC writes need the escalation gate as well', async () => {
    const manifest = JSON.stringify({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'self-made', namespace },
      rules: [],
    });
    const refused = await callTool(open['stdio 2025'], 'create_resource', { manifest });
    expect(refused).toMatchObject({ isError: true, text: expect.stringMatching(/^gate_closed: .*escalation/) });
    expect((await tryKubectl(['get', 'role', 'self-made', '-n', namespace])).stderr).toContain('NotFound');
    const kubeconfig = controlPlane().kubeconfig;
    const wider = await stdioClient('2026', { kubeconfig, args: [...ALL_OPEN, '--enable-escalation'] });
    expect(await callTool(wider, 'create_resource', { manifest })).toMatchObject({ isError: false });
    expect(await kubectl(['get', 'role', 'self-made', '-n', namespace, '-o', 'name'])).toContain('self-made');
  });
});

function configMap(name: string, data: Record<string, string>): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data });
}

function colorOf(name: string): Promise<string> {
  return kubectl(['get', 'configmap', name, '-n', namespace, '-o=jsonpath={.data.color}']);
}

/** Arguments that would do something were the gate open. */
function argumentsOf(tool: string): Record<string, unknown> {
  const target = { kind: 'ConfigMap', name: 'settings', namespace };
  const all: Record<string, Record<string, unknown>> = {
    create_resource: { manifest: configMap('never', {}) },
    update_resource: { ...target, manifest: configMap('settings', { color: 'red' }) },
    delete_resource: target,
    'k8s-scale-deployment': { name: 'web', namespace, replicas: 0 },
    list_resources: { kind: 'ConfigMap', namespace },
  };
  return all[tool] ?? {};
}
