/** Every tool against the namespace rules: what is in a forbidden namespace cannot be seen, counted or changed. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Gateway } from '../../src/operations/gateway.ts';
import type { ScriptedCluster } from '../support/scripted-cluster.ts';
import { clusterOf, productOn, type Told, type ToolArguments, tell } from '../support/worlds.ts';
import { hidden, MARK, manifest, object, TOOLS } from './bypass-rows.ts';
import { cluster, expectRefused, OPEN, product, secret, shared } from './bypass-setup.ts';

const RULES: [string, string[]][] = [
  ['only shop is allowed', ['--allowed-namespaces', 'shop']],
  ['secret-ns is forbidden', ['--forbidden-namespaces', 'secret-ns']],
  [
    'secret-ns is allowed and forbidden',
    ['--allowed-namespaces', 'shop,secret-ns', '--forbidden-namespaces', 'secret-ns'],
  ],
];

describe.each(RULES)('namespaces: %s', (_, flags) => {
  let without: { cluster: ScriptedCluster; gateway: Gateway };
  let careless: { cluster: ScriptedCluster; gateway: Gateway };

  beforeAll(async () => {
    const one = await clusterOf({ objects: shared });
    without = { cluster: one, gateway: await productOn(one, [...OPEN, ...flags]) };
    const other = await clusterOf({ objects: [...secret, ...shared], ignoresSelectors: true });
    careless = { cluster: other, gateway: await productOn(other, [...OPEN, ...flags]) };
  });

  test.each(TOOLS)('%s answers as if the namespace were not there', async (tool, { reaches }) => {
    const gateway = await product(...flags);
    for (const args of reaches) {
      cluster.requests.splice(0);
      const told = await tell(gateway, tool, args);
      expect({ args, told: steady(told) }).toEqual({ args, told: steady(await tell(without.gateway, tool, args)) });
      expect({ args, sent: intoSecret(cluster.requests) }).toEqual({ args, sent: [] });
      if (told.ok)
        expect({ args, shown: told.shown }).toEqual({ args, shown: expect.not.stringContaining(`${MARK}-`) });
    }
  });

  test.each(TOOLS)('%s shows nothing of it even where the server ignores selectors', async (tool, { reaches }) => {
    for (const args of reaches) {
      const told = await tell(careless.gateway, tool, args);
      const leaked = told.ok && /hush|secret-ns/.test(withoutArguments(told.shown, args));
      expect({ args, leaked, sent: intoSecret(careless.cluster.requests) }).toEqual({ args, leaked: false, sent: [] });
    }
  });

  const named = TOOLS.flatMap(([tool, { reaches }]) =>
    reaches
      .filter(
        ({ namespace, focus_namespace: focus, kind }) => (namespace ?? focus) === 'secret-ns' && kind !== 'namespaces',
      )
      .map((args) => [tool, args] as const),
  );
  test.each(named)('%s refuses %j by name', async (tool, args) => {
    const { code } = await tell(await product(...flags), tool, args);
    // A name with slashes is no name, whatever the namespace.
    const codes = /"(?:pod_|resource_)?name":"[^"]*\//.test(JSON.stringify(args))
      ? ['namespace_denied', 'invalid_argument']
      : ['namespace_denied'];
    expect(codes).toContain(code);
  });

  test('a list over all namespaces names the ones it read and no other', async () => {
    const gateway = await product(...flags);
    const { shown } = await tell(gateway, 'list_resources', { kind: 'pods', groupBy: '.metadata.namespace' });
    const allowed = flags.includes('--allowed-namespaces');
    expect(shown.includes('shop')).toBe(true);
    expect(shown.includes('other')).toBe(!allowed);
    expect(shown).not.toContain('secret-ns');
    if (allowed)
      expect(cluster.requests).toEqual([expect.stringMatching(/^GET \/main\/api\/v1\/namespaces\/shop\/pods\?/)]);
  });

  test('a page token from elsewhere, changed or made up, leads nowhere', async () => {
    const gateway = await product(...flags);
    const free = await product();
    const lists: [string, ToolArguments][] = [
      ['list_resources', { kind: 'pods', limit: 1 }],
      ['list_resources', { kind: 'pods', limit: 1, labelSelector: 'app=web' }],
      ['list_resources', { kind: 'pods', limit: 1, sortBy: '.metadata.name' }],
      ['list_resources', { kind: 'namespaces', limit: 1 }],
    ];
    for (const [tool, args] of lists) {
      for (const from of [args, { ...args, namespace: 'secret-ns' }, { ...args, labelSelector: 'a=b' }]) {
        const token = tokenIn(await tell(free, tool, from)) ?? tokenIn(await tell(gateway, tool, args));
        if (token === undefined) continue;
        for (const forged of forgeries(token)) {
          cluster.requests.splice(0);
          for (const namespace of [undefined, 'shop', 'all']) {
            const told = await tell(gateway, tool, {
              ...args,
              continue: forged,
              ...(namespace === undefined ? {} : { namespace }),
            });
            expect({ forged, shown: told.ok ? told.shown : '' }).toEqual({
              forged,
              shown: expect.not.stringMatching(/hush|secret-ns/),
            });
          }
          expect(intoSecret(cluster.requests)).toEqual([]);
        }
      }
    }
  });

  test('a manifest for the forbidden namespace is refused whatever the argument says, and nothing of it is sent', async () => {
    const gateway = await product(...flags);
    for (const tool of ['create_resource', 'update_resource']) {
      await expectRefused(gateway, tool, { manifest: manifest(hidden) }, 'namespace_denied');
      await expectRefused(gateway, tool, { manifest: manifest(hidden), namespace: 'shop' }, 'invalid_manifest');
      await expectRefused(
        gateway,
        tool,
        { manifest: manifest(object('ConfigMap', 'web', 'shop')), namespace: 'secret-ns' },
        'invalid_manifest',
      );
      await expectRefused(
        gateway,
        tool,
        { manifest: manifest(object('ConfigMap', 'web', 'shop'), hidden) },
        'namespace_denied',
      );
      await expectRefused(gateway, tool, { manifest: manifest(object('Namespace', 'secret-ns')) }, 'namespace_denied');
    }
    await expectRefused(gateway, 'delete_resource', { kind: 'Namespace', name: 'secret-ns' }, 'namespace_denied');
    await expectRefused(gateway, 'get_resource', { kind: 'Namespace', name: 'secret-ns' }, 'namespace_denied');
  });
});

/** Requests that go into the namespace. */
function intoSecret(requests: readonly string[]): string[] {
  return requests.filter((line) => /namespaces(\/|%2f)secret-ns/i.test(line));
}

/** Fingerprints are keyed by cluster; times are those of the call. */
function steady({ ok, code, shown }: Told) {
  return {
    ok,
    code,
    shown: shown
      .replaceAll(/sha256:[0-9a-f]+/g, 'sha256:x')
      .replaceAll(/127\.0\.0\.1:\d+/g, 'server')
      .replaceAll(/"asOf":\d+/g, '"asOf":0')
      .replaceAll(/20[2-9]\d-\d\d-\d\dT[\d:.]+Z/g, 'then'),
  };
}

/** An answer may repeat what it was asked. */
function withoutArguments(shown: string, args: ToolArguments): string {
  return Object.values(args).reduce<string>(
    (text, value) => (typeof value === 'string' && value !== '' ? text.replaceAll(value, '') : text),
    shown,
  );
}

function tokenIn({ shown }: Told): string | undefined {
  return /continue=(\S+)/.exec(shown)?.[1];
}

/** The token itself, and with its places changed; whoever reads the source can make the rest of it. */
function forgeries(token: string): string[] {
  const fields = JSON.parse(Buffer.from(token, 'base64url').toString()) as Record<string, unknown>;
  const changes = [
    { n: 'secret-ns' },
    { n: 'shop', c: '0' },
    { c: '0', s: 0 },
    { c: '1' },
    { v: '1', s: 1 },
    { n: '', s: 5 },
    { n: '../secret-ns' },
    { c: '0&fieldSelector=' },
  ];
  return [
    token,
    ...changes.map((change) => Buffer.from(JSON.stringify({ ...fields, ...change })).toString('base64url')),
    'e30',
    '!',
    `${token}x`,
  ];
}
