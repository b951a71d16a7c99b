import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { controlPlane, freshNamespace, hasTestUsers, kubectl, tryKubectl } from '../../support/control-plane.ts';
import { callTool, stdioClient } from '../../support/product.ts';

/** A second name for the same kind makes it ambiguous. */
const GROUPS = ['one.k8s-mcp.test', 'two.k8s-mcp.test'] as const;
/** A server lists a new kind within a second or so, and so do we. */
const SOON = { timeout: 20_000, interval: 200 };

let namespace: string;
let client: Client;

describe.skipIf(!hasTestUsers())('kinds that come and go while the server runs', () => {
  beforeAll(async () => {
    namespace = await freshNamespace('kinds');
    client = await stdioClient('2025', {
      kubeconfig: controlPlane().kubeconfig,
      args: ['--enable-create', '--enable-update', '--enable-delete'],
    });
    expect(await ask('list_resources', { kind: 'Widget' })).toMatch(
      /^unknown_kind: No kind "Widget" is served by this cluster\./,
    );
  });
  afterAll(async () => {
    await tryKubectl([
      'delete',
      'crd',
      '--ignore-not-found',
      '--wait=false',
      ...GROUPS.map((group) => `widgets.${group}`),
    ]);
  });

  test('a new kind is found, and its objects are created, listed, read, changed and deleted', async () => {
    await install(GROUPS[0]);
    const row = `widgets wdg ${GROUPS[0]}/v1 true Widget *`;
    await expect.poll(() => ask('get_api_resources', { filter: 'widget' }), SOON).toContain(row);
    expect(await ask('list_resources', { kind: 'Widget', namespace })).toBe(
      `context: admin\nNo Widget in namespace ${namespace}.`,
    );
    const manifest = {
      apiVersion: `${GROUPS[0]}/v1`,
      kind: 'Widget',
      metadata: { name: 'w', namespace },
      spec: { size: 3 },
    };
    expect(await ask('create_resource', { manifest })).toBe(`context: admin\nWidget ${namespace}/w created`);
    expect(await ask('list_resources', { kind: 'wdg', namespace })).toBe('context: admin\nNAME SIZE\nw 3');
    const target = { kind: 'widgets', name: 'w', namespace };
    expect(await ask('get_resource', { ...target, fields: '.spec.size' })).toContain('3');
    const merged = await ask('update_resource', { ...target, mode: 'merge', manifest: 'spec: {size: 4}' });
    expect(merged).toContain('-  size: 3\n+  size: 4');
    const plan = await ask('delete_resource', target);
    const deleted = await ask('delete_resource', { ...target, confirm: /confirm=(\S+)/.exec(plan)?.[1] });
    expect(deleted).toBe(`context: admin\nWidget ${namespace}/w deleted.`);
    expect(await kubectl(['get', 'widgets', '-n', namespace, '-o', 'name'])).toBe('');
  });

  test('a schema of its own is kept, and a patch type that it does not take is refused readably', async () => {
    const wrong = {
      apiVersion: `${GROUPS[0]}/v1`,
      kind: 'Widget',
      metadata: { name: 'x', namespace },
      spec: { size: 'big' },
    };
    const refused = await ask('create_resource', { manifest: wrong });
    expect(refused).toMatch(/^invalid_object: /);
    expect(refused).toContain('- spec.size: ');
  });

  test('a kind of two groups is ambiguous, and each candidate names one of them', async () => {
    await install(GROUPS[1]);
    await expect
      .poll(() => ask('list_resources', { kind: `widgets.${GROUPS[1]}` }), SOON)
      .toMatch(/^context: admin\nNo Widget/);
    expect(await ask('list_resources', { kind: 'Widget', namespace })).toBe(
      [
        'ambiguous_kind: "Widget" names 2 kinds on this cluster.',
        'Candidates: widgets.one.k8s-mcp.test, widgets.two.k8s-mcp.test',
        'Next: Ask again with one of the candidates as the kind.',
      ].join('\n'),
    );
    expect(await ask('list_resources', { kind: 'widgets.two.k8s-mcp.test', namespace })).toMatch(
      /^context: admin\nNo Widget/,
    );
    const manifest = { apiVersion: `${GROUPS[1]}/v1`, kind: 'Widget', metadata: { name: 'second', namespace } };
    expect(await ask('create_resource', { manifest })).toBe(`context: admin\nWidget ${namespace}/second created`);
    expect(
      await ask('get_resource', { kind: 'Widget', name: 'second', apiVersion: 'two.k8s-mcp.test/v1', namespace }),
    ).toContain('apiVersion: two.k8s-mcp.test/v1');
  });

  test('a kind that was removed is unknown, and no answer in between is a lie', async () => {
    await kubectl(['delete', 'crd', ...GROUPS.map((group) => `widgets.${group}`)]);
    // The definition is gone a moment before the server has heard of it and answers no more for its objects.
    const path = `/apis/${GROUPS[0]}/v1/namespaces/${namespace}/widgets`;
    await expect.poll(async () => (await tryKubectl(['get', '--raw', path])).stderr, SOON).toContain('NotFound');
    const seen: string[] = [];
    const look = async () => {
      const text = await ask('list_resources', { kind: `widgets.${GROUPS[0]}`, namespace });
      seen.push(text.split(':')[0] ?? '');
      return text;
    };
    await expect.poll(look, SOON).toMatch(/^unknown_kind: /);
    expect(new Set(seen)).not.toContain('context');
    expect(await ask('get_resource', { kind: 'Widget', name: 'second', namespace })).toMatch(/^unknown_kind: /);
  });
});

async function ask(tool: string, args: Record<string, unknown>): Promise<string> {
  return (await callTool(client, tool, args)).text;
}

async function install(group: string): Promise<void> {
  const names = { kind: 'Widget', plural: 'widgets', singular: 'widget', shortNames: ['wdg'] };
  const schema = {
    type: 'object',
    properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
  };
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: schema },
    additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
  };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: { group, scope: 'Namespaced', names, versions: [version] },
  };
  await kubectl(['apply', '-f', '-'], { stdin: JSON.stringify(definition) });
  await kubectl(['wait', '--for=condition=Established', `crd/widgets.${group}`, '--timeout=30s']);
}
