import type { Client } from '@modelcontextprotocol/client';
import { beforeAll, describe, expect, test } from 'vitest';
import { controlPlane, freshNamespace, hasTestUsers, kubectl, tryKubectl } from '../../support/control-plane.ts';
import { MCP_FACES, type McpFace, mcpFaces, type Person, withPerson } from '../../support/mcp-faces.ts';
import { callTool, type Era, stdioClient } from '../../support/product.ts';

let namespace: string;

describe.skipIf(!hasTestUsers())('confirmation of a delete', () => {
  beforeAll(async () => {
    namespace = await freshNamespace('confirm');
  });

  describe('with a client that cannot ask a person', () => {
    let clients: Record<McpFace, Client>;
    beforeAll(async () => {
      clients = await mcpFaces({ kubeconfig: controlPlane().kubeconfig, args: ['--enable-delete'] });
    });

    test.each(MCP_FACES)('a plan comes first, and its token carries it out once: %s', async (face) => {
      const client = clients[face];
      const name = await made(`once-${slug(face)}`);
      const { text, isError } = await callTool(client, 'delete_resource', target(name));
      expect({ text, isError }).toMatchObject({ isError: true });
      expect(text).toContain('confirmation_required: Nothing was changed yet.');
      expect(text).toContain(`Delete ConfigMap ${namespace}/${name} in context admin`);
      const confirm = tokenOf(text);
      expect(await callTool(client, 'delete_resource', { ...target(name), confirm })).toEqual({
        isError: false,
        text: `context: admin\nConfigMap ${namespace}/${name} deleted.`,
      });
      expect(await exists(name)).toBe(false);
      await made(name);
      const again = await callTool(client, 'delete_resource', { ...target(name), confirm });
      expect(again).toMatchObject({ isError: true, text: expect.stringContaining('confirmation_required: This ') });
      expect(await exists(name)).toBe(true);
    });

    test('a token is void after the object has changed', async () => {
      const name = await made('changed');
      const confirm = await planned(name);
      await kubectl(['label', 'configmap', name, 'seen=yes', '-n', namespace]);
      const refused = await callTool(clients['stdio 2026'], 'delete_resource', { ...target(name), confirm });
      expect(refused.text).toContain('This token is not for these arguments, or the object has changed since.');
      expect(await exists(name)).toBe(true);
      const fresh = tokenOf(refused.text);
      expect(fresh).not.toBe(confirm);
      expect(
        await callTool(clients['stdio 2026'], 'delete_resource', { ...target(name), confirm: fresh }),
      ).toMatchObject({
        isError: false,
      });
    });

    test.each([
      ['another object', () => ({ name: 'other' })],
      ['another propagation', () => ({ propagation: 'Orphan' })],
      ['no token of ours', () => ({ confirm: 'yes' })],
    ])('a token is void for %s', async (_, change) => {
      const name = await made('bound');
      await made('other');
      const confirm = await planned(name);
      const call = { ...target(name), confirm, ...change() };
      const refused = await callTool(clients['stdio 2026'], 'delete_resource', call);
      expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('This token is not for') });
      expect([await exists(name), await exists('other')]).toEqual([true, true]);
    });

    test('a token is void for another caller', async () => {
      const name = await made('callers');
      const confirm = await planned(name);
      const refused = await callTool(clients['http 2026'], 'delete_resource', { ...target(name), confirm });
      expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('This token is not for') });
      expect(await exists(name)).toBe(true);
    });

    test('a dry run needs no confirmation and deletes nothing', async () => {
      const name = await made('dry');
      expect(await callTool(clients['http 2025'], 'delete_resource', { ...target(name), dryRun: true })).toEqual({
        isError: false,
        text: `context: admin\nConfigMap ${namespace}/${name} would be deleted (dry run, nothing was changed).`,
      });
      expect(await exists(name)).toBe(true);
    });

    test('an object that is not there needs no confirmation to be missing', async () => {
      const { text } = await callTool(clients['http 2026'], 'delete_resource', target('nowhere'));
      expect(text).toMatch(/^not_found: /);
    });

    async function planned(name: string): Promise<string> {
      return tokenOf((await callTool(clients['stdio 2026'], 'delete_resource', target(name))).text);
    }
  });

  describe.each(['auto', 'human'])('with a client that asks a person, and --confirm=%s', (mode) => {
    let clients: Record<McpFace, Client>;
    let asked: string[];
    let person: Person = 'decline';
    beforeAll(async () => {
      const args = ['--enable-delete', `--confirm=${mode}`];
      ({ clients, asked } = await withPerson({ kubeconfig: controlPlane().kubeconfig, args }, () => person));
    });

    test.each(MCP_FACES)('a yes carries it out, a no changes nothing: %s', async (face) => {
      const name = await made(`asked-${mode}-${slug(face)}`);
      for (const no of ['decline', 'untick'] as const) {
        person = no;
        expect(await callTool(clients[face], 'delete_resource', target(name))).toEqual({
          isError: true,
          text: 'confirmation_refused: Refused by the user; nothing was changed.',
        });
        expect(await exists(name)).toBe(true);
      }
      person = 'accept';
      asked.length = 0;
      expect(await callTool(clients[face], 'delete_resource', target(name))).toMatchObject({ isError: false });
      expect(asked).toEqual([
        expect.stringContaining(`Delete ConfigMap ${namespace}/${name} in context admin\n- created`),
      ]);
      expect(await exists(name)).toBe(false);
    });
  });

  test.each(['2025', '2026'] as const)(
    '--confirm=human is refused without a person, and shows no token: %s',
    async (era) => {
      const client = await started(era, 'human');
      const name = await made(`human-${era}`);
      const refused = await callTool(client, 'delete_resource', target(name));
      expect(refused).toMatchObject({ isError: true, text: expect.stringMatching(/^confirmation_refused: /) });
      expect(refused.text).not.toContain('confirm=');
      expect(await exists(name)).toBe(true);
    },
  );

  test.each(['2025', '2026'] as const)('--confirm=never asks nobody: %s', async (era) => {
    const client = await started(era, 'never');
    const name = await made(`never-${era}`);
    expect(await callTool(client, 'delete_resource', target(name))).toMatchObject({ isError: false });
    expect(await exists(name)).toBe(false);
  });
});

function started(era: Era, mode: string) {
  return stdioClient(era, { kubeconfig: controlPlane().kubeconfig, args: ['--enable-delete', `--confirm=${mode}`] });
}

const slug = (face: string) => face.replace(' ', '-');
const target = (name: string) => ({ kind: 'ConfigMap', name, namespace });

async function made(name: string): Promise<string> {
  await tryKubectl(['create', 'configmap', name, '--from-literal=a=b', '-n', namespace]);
  return name;
}

async function exists(name: string): Promise<boolean> {
  return (await tryKubectl(['get', 'configmap', name, '-n', namespace])).code === 0;
}

function tokenOf(text: string): string {
  return /confirm=(\S+)/.exec(text)?.[1] ?? '(no token)';
}
