/** Every tool against every gate, context and denied kind: refused, with the right code, before anything is sent. */
import { describe, expect, test } from 'vitest';
import { MANIFEST } from '../../src/app/face.ts';
import { type ToolArguments, tell } from '../support/worlds.ts';
import { DENIED, manifest, object, ROWS, settings, TOOLS } from './bypass-rows.ts';
import { cluster, expectRefused, product } from './bypass-setup.ts';

/** Tools that run commands are held to the same rules where their requests are: test/control-plane/suites/command-*.test.ts. */
const ASKING = MANIFEST.filter(({ toolset }) => toolset !== 'cli');

test('there is a row for each tool, with its toolset and gate', () => {
  const facts = (name: string) => ({ name, toolset: ROWS[name]?.toolset, gate: ROWS[name]?.gate });
  expect(ASKING.map(({ name }) => facts(name))).toEqual(
    ASKING.map(({ name, toolset, gate }) => ({ name, toolset, gate })),
  );
  expect(Object.keys(ROWS).sort()).toEqual(ASKING.map((tool) => tool.name).sort());
});

describe('gates and toolsets', () => {
  test.each(TOOLS)('%s works while all is open', async (tool, { works }) => {
    expect(await tell(await product(), tool, works)).toMatchObject({ ok: true });
  });

  test.each(['list', 'create', 'update', 'delete'])(
    '%s closed: its tools are gone and refuse, all others are there',
    async (gate) => {
      const gateway = await product(`--no-enable-${gate}`);
      const gone = TOOLS.filter(([, row]) => row.gate === gate);
      expect(
        gateway
          .tools()
          .filter((tool) => tool.toolset !== 'cli')
          .map((tool) => tool.name)
          .sort(),
      ).toEqual(
        TOOLS.map(([name]) => name)
          .filter((name) => !gone.some(([tool]) => tool === name))
          .sort(),
      );
      for (const [tool, { works }] of gone) await expectRefused(gateway, tool, works, 'gate_closed');
      expect(cluster.all).toEqual([]);
      for (const [tool, { works }] of TOOLS.filter(([, row]) => row.gate !== gate)) {
        expect({ tool, ...(await tell(gateway, tool, works)) }).toMatchObject({ tool, ok: true });
      }
    },
  );

  const TOOLSETS = ['resources', 'cluster', 'intelligent'];
  test.each(TOOLSETS)('without the toolset %s its tools are gone and refuse', async (off) => {
    const gateway = await product('--toolsets', TOOLSETS.filter((toolset) => toolset !== off).join(','));
    expect(gateway.tools().filter((tool) => tool.toolset === off)).toEqual([]);
    for (const [tool, { works, toolset }] of TOOLS) {
      if (toolset === off) await expectRefused(gateway, tool, works, 'gate_closed');
    }
    expect(cluster.all).toEqual([]);
  });

  test('another spelling of a hidden tool is no tool', async () => {
    const gateway = await product('--no-enable-delete');
    for (const name of [
      'DELETE_RESOURCE',
      'delete-resource',
      ' delete_resource',
      'delete_resource\0',
      '__proto__',
      'constructor',
    ]) {
      await expectRefused(gateway, name, ROWS['delete_resource']!.works, 'unknown_tool');
    }
  });

  const indirect: [gate: string, tool: string, args: ToolArguments, why: string][] = [
    [
      'create',
      'update_resource',
      { manifest: settings, mode: 'apply' },
      'a server-side apply, which creates what is missing',
    ],
    ['list', 'k8s-get-logs', { pod_name: 'deployment/web' }, 'logs of a workload, which list its pods'],
    [
      'escalation',
      'create_resource',
      {
        manifest: JSON.stringify({
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRole',
          metadata: { name: 'x' },
        }),
      },
      'a new role',
    ],
    ['escalation', 'delete_resource', { kind: 'clusterrole', name: 'x' }, 'the end of a role'],
  ];
  test.each(indirect)('%s closed: %s refuses %j: %s', async (gate, tool, args) => {
    await expectRefused(
      await product(...(gate === 'escalation' ? [] : [`--no-enable-${gate}`])),
      tool,
      args,
      'gate_closed',
    );
  });

  test('list closed: no list is sent for events or for the names of a suggestion', async () => {
    const gateway = await product('--no-enable-list');
    expect(await tell(gateway, 'k8s-describe-pod', { pod_name: 'web-0' })).toMatchObject({ ok: true });
    expect(await tell(gateway, 'get_resource', { kind: 'pods', name: 'web-9' })).toMatchObject({ code: 'not_found' });
    expect(cluster.requests).toEqual([
      'GET /main/api/v1/namespaces/shop/pods/web-0',
      'GET /main/api/v1/namespaces/shop/pods/web-9',
    ]);
  });
});

describe('contexts', () => {
  test.each(TOOLS)('%s does not reach a context outside --contexts', async (tool, { works }) => {
    const gateway = await product('--contexts', 'main,stag*');
    await expectRefused(gateway, tool, { ...works, context: 'prod' }, 'context_denied');
    expect(cluster.all).toEqual([]);
    for (const context of ['PROD', 'prod ', '*'])
      await expectRefused(gateway, tool, { ...works, context }, 'context_denied');
    expect(await tell(gateway, tool, { ...works, context: 'staging' })).toMatchObject({ ok: !ROWS[tool]!.writes });
    expect(cluster.all.filter((line) => line.includes('/prod/'))).toEqual([]);
  });

  test.each(TOOLS)('%s does not reach the current context when that is outside', async (tool, { works }) => {
    await expectRefused(await product('--contexts', 'prod'), tool, works, 'context_denied');
    expect(cluster.requests).toEqual([]);
  });

  const writers = TOOLS.filter(([, row]) => row.writes);
  test.each(writers)('%s changes nothing outside the write contexts', async (tool, { works }) => {
    await expectRefused(await product(), tool, { ...works, context: 'staging' }, 'gate_closed');
    await expectRefused(await product('--write-contexts', 'prod'), tool, works, 'gate_closed');
    const open = await product('--write-contexts', 'stag*');
    await expectRefused(open, tool, works, 'gate_closed');
    expect(await tell(open, tool, { ...works, context: 'staging' })).toMatchObject({ ok: true });
  });
});

describe('denied kinds', () => {
  const cases = TOOLS.flatMap(([tool, row]) => DENIED.map((kind) => [tool, kind, row.asks[kind]] as const));

  test.each(cases.filter(([, , args]) => args !== undefined))('%s is refused %s', async (tool, kind, args) => {
    await expectRefused(await product('--denied-kinds', kind), tool, args!, 'kind_denied');
    await expectRefused(
      await product('--denied-kinds', ` ${kind.toUpperCase()} , leases.coordination.k8s.io`),
      tool,
      args!,
      'kind_denied',
    );
  });

  const SAFE: ToolArguments = { kind: 'configmaps', name: 'web', namespace: 'shop' };
  test.each(cases.filter(([, , args]) => args === undefined))('%s works although %s are denied', async (tool, kind) => {
    expect(await tell(await product('--denied-kinds', kind), tool, ROWS[tool]!.works)).toMatchObject({ ok: true });
  });

  const SPELLINGS = [
    'secrets',
    'SECRETS',
    'Secret',
    'secret',
    'sEcReT',
    'secrets.',
    'Secret.',
    'secrets.v1',
    'Secret.v1.',
    'secrets.v1.',
    'v1/Secret',
    'v1/secrets',
    '/v1/Secret',
    'core/v1/Secret',
    'secrets/web',
    'secrets%2f',
    'secrets?',
    ' secrets ',
    'secrets\n',
    'ＳＥＣＲＥＴＳ',
    'ſecrets',
    'pods/../secrets',
    '../secrets',
    'configmaps/../secrets',
  ];
  test.each(SPELLINGS)('no tool takes %j for a way to denied secrets', async (kind) => {
    const gateway = await product('--denied-kinds', 'secrets');
    const lower = { apiVersion: 'v1', kind, metadata: { name: 'web', namespace: 'shop' } };
    const calls: [string, ToolArguments][] = [
      ['list_resources', { kind }],
      ['list_resources', { kind, apiVersion: 'v1' }],
      ['get_resource', { ...SAFE, kind }],
      ['get_resource', { ...SAFE, kind, apiVersion: '/v1' }],
      ['delete_resource', { ...SAFE, kind }],
      ['create_resource', { manifest: JSON.stringify(lower) }],
      ['create_resource', { manifest: JSON.stringify({ ...lower, kind: undefined }), kind }],
      ['update_resource', { manifest: JSON.stringify(lower) }],
      ['update_resource', { kind, name: 'web', mode: 'merge', manifest: '{}' }],
      ['k8s-get-logs', { pod_name: `${kind}/web` }],
    ];
    for (const [tool, args] of calls)
      expect({ tool, args, ...(await tell(gateway, tool, args)) }).toMatchObject({ ok: false });
    expect(cluster.requests).toEqual([]);
  });

  test('events are denied under both of their groups', async () => {
    for (const denied of ['events', 'events.events.k8s.io']) {
      const gateway = await product('--denied-kinds', denied);
      await expectRefused(gateway, 'k8s-get-events', {}, 'kind_denied');
      await expectRefused(gateway, 'list_resources', { kind: 'events.events.k8s.io' }, 'kind_denied');
      await expectRefused(gateway, 'list_resources', { kind: 'events.v1.' }, 'kind_denied');
      expect(await tell(gateway, 'k8s-describe-pod', { pod_name: 'web-0' })).toMatchObject({ ok: true });
      expect(cluster.requests.splice(0)).toEqual(['GET /main/api/v1/namespaces/shop/pods/web-0']);
    }
  });

  test('one denied object in a manifest of many: nothing is sent', async () => {
    const gateway = await product('--denied-kinds', 'secrets');
    const many = manifest(
      object('ConfigMap', 'a', 'shop'),
      object('Secret', 'b', 'shop'),
      object('ConfigMap', 'c', 'shop'),
    );
    await expectRefused(gateway, 'create_resource', { manifest: many }, 'kind_denied');
    await expectRefused(gateway, 'update_resource', { manifest: many }, 'kind_denied');
    await expectRefused(gateway, 'create_resource', { manifest: settings, kind: 'secrets' }, 'invalid_manifest');
  });
});
