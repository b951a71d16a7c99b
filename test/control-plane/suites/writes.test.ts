import type { Client } from '@modelcontextprotocol/client';
import { beforeAll, describe, expect, test } from 'vitest';
import { atRest } from '../../support/at-rest.ts';
import { controlPlane, freshNamespace, hasTestUsers, kubectl, tryKubectl } from '../../support/control-plane.ts';
import { callTool, stdioClient, type ToolAnswer } from '../../support/product.ts';

let namespace: string;
let client: Client;

describe.skipIf(!hasTestUsers())('writes', () => {
  beforeAll(async () => {
    namespace = await freshNamespace('writes');
    client = await stdioClient('2026', {
      kubeconfig: controlPlane().kubeconfig,
      args: ['--enable-create', '--enable-update', '--enable-delete'],
    });
  });

  describe('create_resource', () => {
    test('takes YAML and JSON, and an object in place of text', async () => {
      const object = configMap('json', { form: 'json' });
      expect(await call('create_resource', { manifest: JSON.stringify(object) })).toEqual(
        done(`ConfigMap ${namespace}/json created`),
      );
      const yaml = `kind: ConfigMap\napiVersion: v1\nmetadata: {name: yaml}\ndata: {form: "yaml", mode: "0644"}\n`;
      expect(await call('create_resource', { manifest: yaml, namespace })).toEqual(
        done(`ConfigMap ${namespace}/yaml created`),
      );
      expect(await call('create_resource', { manifest: configMap('object', { form: 'object' }) })).toEqual(
        done(`ConfigMap ${namespace}/object created`),
      );
      expect(await dataOf('json')).toEqual({ form: 'json' });
      expect(await dataOf('yaml')).toEqual({ form: 'yaml', mode: '0644' });
      expect(await dataOf('object')).toEqual({ form: 'object' });
    });

    test('of several documents tells which were done when one fails, and which were not tried', async () => {
      const names = ['several-1', 'several-2', 'several-1', 'several-4'];
      const manifest = names.map((name) => JSON.stringify(configMap(name, {}))).join('\n---\n');
      expect(await call('create_resource', { manifest })).toEqual(
        failed(
          `already_exists: ConfigMap ${namespace}/several-1 failed: ConfigMap ${namespace}/several-1 exists already. ` +
            `Done before: ConfigMap ${namespace}/several-1 created, ConfigMap ${namespace}/several-2 created. ` +
            `Not tried: ConfigMap ${namespace}/several-4.`,
          'Next: Change it with update_resource, or choose another name. Then send only what is not done.',
        ),
      );
      expect(await exists('configmap', 'several-2')).toBe(true);
      expect(await exists('configmap', 'several-4')).toBe(false);
    });

    test('of several documents sends none when one of them cannot be sent', async () => {
      const second = JSON.stringify({ ...configMap('none-2', {}), kind: 'Confmap' });
      const manifest = `${JSON.stringify(configMap('none-1', {}))}\n---\n${second}`;
      const { text } = await call('create_resource', { manifest });
      expect(text).toMatch(/^unknown_kind: .*"?Confmap"?/);
      expect(text).toContain('configmaps');
      expect(await exists('configmap', 'none-1')).toBe(false);
    });

    test('as a dry run stores nothing', async () => {
      expect(await call('create_resource', { manifest: configMap('dry', {}), dryRun: true })).toEqual(
        done(`ConfigMap ${namespace}/dry would be created (dry run, nothing was stored)`),
      );
      expect(await exists('configmap', 'dry')).toBe(false);
    });

    test('refuses a field that is misspelt', async () => {
      const manifest = deployment('typo');
      Object.assign(manifest.spec, { replica: 3 });
      const { text, isError } = await call('create_resource', { manifest });
      expect(isError).toBe(true);
      expect(text).toMatch(/^cluster_refused: .*unknown field "spec\.replica"/);
      expect(await exists('deployment', 'typo')).toBe(false);
    });

    test.each([
      ['YAML', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n data: {}\n', 'Line 5, column 1: '],
      ['JSON', '{"apiVersion": "v1",\n "kind": }', 'Line 2, column '],
    ])('says where malformed %s is malformed', async (_, manifest, where) => {
      const { text } = await call('create_resource', { manifest });
      expect(text).toMatch(new RegExp(`^invalid_manifest: ${where}`));
    });

    test('refuses a namespace that is not the one of the manifest', async () => {
      expect(await call('create_resource', { manifest: configMap('place', {}), namespace: 'default' })).toEqual(
        failed(
          `invalid_manifest: The manifest is for namespace ${namespace}, but the argument namespace says default.`,
          'Next: Make them equal, or leave the argument out.',
        ),
      );
    });
  });

  describe('update_resource', () => {
    test('shows what changed, and stores nothing as a dry run', async () => {
      await apply(configMap('diff', { color: 'blue', size: 'L' }));
      const change = { manifest: configMap('diff', { color: 'green', size: 'L' }) };
      const dry = await call('update_resource', { ...change, dryRun: true });
      expect(dry.text).toContain(`ConfigMap ${namespace}/diff would be updated (dry run, nothing was stored)`);
      expect(dry.text).toContain('-  color: blue\n+  color: green\n   size: L');
      expect(await dataOf('diff')).toEqual({ color: 'blue', size: 'L' });
      const real = await call('update_resource', change);
      expect(real.text).toContain(`ConfigMap ${namespace}/diff updated`);
      expect(real.text).toContain('-  color: blue\n+  color: green\n   size: L');
      expect(await dataOf('diff')).toEqual({ color: 'green', size: 'L' });
      expect(await call('update_resource', change)).toEqual(done(`ConfigMap ${namespace}/diff unchanged`));
    });

    test.each([
      ['merge', { data: { color: 'red', size: null } }, { color: 'red' }],
      ['strategic', { data: { color: 'red' } }, { color: 'red', size: 'L' }],
      ['json', [{ op: 'replace', path: '/data/size', value: 'S' }], { color: 'blue', size: 'S' }],
      [
        'apply',
        { apiVersion: 'v1', kind: 'ConfigMap', data: { more: 'yes' } },
        { color: 'blue', size: 'L', more: 'yes' },
      ],
    ])('takes a %s patch', async (mode, patch, expected) => {
      const name = `patch-${mode}`;
      await apply(configMap(name, { color: 'blue', size: 'L' }));
      const target = { kind: 'cm', name, namespace };
      expect(await call('update_resource', { ...target, mode, manifest: JSON.stringify(patch) })).toMatchObject({
        isError: false,
      });
      expect(await dataOf(name)).toEqual(expected);
    });

    test('of an old resourceVersion is a conflict that names the last writer', async () => {
      await apply(configMap('stale', { color: 'blue' }));
      const manifest = configMap('stale', { color: 'green' });
      Object.assign(manifest.metadata, { resourceVersion: '1' });
      const { text } = await call('update_resource', { manifest });
      expect(text).toMatch(
        new RegExp(
          `^conflict: ConfigMap ${namespace}/stale was changed by someone else in the meantime. Last written by kubectl\\S* \\(Apply, `,
        ),
      );
      expect(await dataOf('stale')).toEqual({ color: 'blue' });
    });

    test('by apply names the manager that owns the field, and takes it over with force', async () => {
      await kubectl(['apply', '--server-side', '--field-manager=gitops', '-f', '-'], {
        stdin: JSON.stringify(configMap('owned', { color: 'blue' })),
      });
      const change = { mode: 'apply', manifest: configMap('owned', { color: 'red' }) };
      expect(await call('update_resource', change)).toEqual(
        failed(
          'conflict: Cluster "admin": Apply failed with 1 conflict: conflict with "gitops": .data.color',
          '- .data.color: conflict with "gitops"',
          'Next: Leave those fields out of the manifest, or send force=true to take them over.',
        ),
      );
      expect(await dataOf('owned')).toEqual({ color: 'blue' });
      expect(await call('update_resource', { ...change, force: true })).toMatchObject({ isError: false });
      expect(await dataOf('owned')).toEqual({ color: 'red' });
    });

    test('of an immutable field says which one', async () => {
      await apply(deployment('fixed'));
      const patch = { spec: { selector: { matchLabels: { app: 'other' } } } };
      const { text } = await call('update_resource', {
        kind: 'deploy',
        name: 'fixed',
        namespace,
        mode: 'merge',
        manifest: JSON.stringify(patch),
      });
      expect(text).toMatch(/^invalid_object: /);
      expect(text).toContain('\n- spec.selector: ');
      expect(text).toContain('field is immutable');
    });

    test('of what is not there suggests the nearest name', async () => {
      await apply(configMap('settings', {}));
      const { text } = await call('update_resource', { manifest: configMap('setings', {}) });
      expect(text).toMatch(/^not_found: /);
      expect(text).toContain('settings');
    });

    test('of a Secret keeps the values behind markers that it was shown', async () => {
      await kubectl([
        'create',
        'secret',
        'generic',
        'login',
        '--from-literal=password=first-password-1',
        '-n',
        namespace,
      ]);
      const { text } = await call('get_resource', { kind: 'Secret', name: 'login', namespace });
      expect(text).toContain('password: <redacted sha256:');
      const marker = /password: (<redacted sha256:[0-9a-f]{8}>)/.exec(text)?.[1];
      const secret = { ...configMap('login', {}), kind: 'Secret' };
      const manifest = { ...secret, data: { password: marker, user: Buffer.from('alice').toString('base64') } };
      expect(await call('update_resource', { manifest })).toMatchObject({ isError: false });
      expect(await dataOf('login', 'secret')).toEqual({
        password: Buffer.from('first-password-1').toString('base64'),
        user: Buffer.from('alice').toString('base64'),
      });
    });

    test.each([
      ['of another value', { data: { password: '<redacted sha256:00000000>' } }],
      ['at another place', { stringData: { other: 'MARKER' } }],
      ['in base64', { data: { other: Buffer.from('<redacted sha256:0a1b2c3d>').toString('base64') } }],
    ])('of a Secret refuses a marker %s', async (_, part) => {
      const name = 'guarded';
      await tryKubectl([
        'create',
        'secret',
        'generic',
        name,
        '--from-literal=password=second-password-2',
        '-n',
        namespace,
      ]);
      const shown = await call('get_resource', { kind: 'Secret', name, namespace });
      const marker = /<redacted sha256:[0-9a-f]{8}>/.exec(shown.text)?.[0] ?? '(none)';
      const manifest = JSON.stringify({ ...configMap(name, {}), kind: 'Secret', ...part }).replace('MARKER', marker);
      expect((await call('update_resource', { manifest })).text).toMatch(/^invalid_manifest: .*redaction markers/);
      expect(await dataOf(name, 'secret')).toEqual({ password: Buffer.from('second-password-2').toString('base64') });
    });
  });

  describe('delete_resource', () => {
    test('with propagation Orphan leaves what the object owned, without an owner', async () => {
      await apply(deployment('orphan'));
      const path = '{.items[*].metadata.ownerReferences[*].name}';
      const owners = () => kubectl(['get', 'rs', '-l', 'app=orphan', '-n', namespace, `-o=jsonpath=${path}`]);
      await atRest(namespace);
      expect(await owners()).toBe('orphan');
      await confirmed({ kind: 'Deployment', name: 'orphan', namespace, propagation: 'Orphan' });
      await expect.poll(() => exists('deployment', 'orphan'), { timeout: 20_000 }).toBe(false);
      expect(await kubectl(['get', 'rs', '-l', 'app=orphan', '-n', namespace, '-o', 'name'])).toContain('replicaset');
      expect(await owners()).toBe('');
    });

    test('with propagation Foreground waits for what the object owns', async () => {
      await apply(deployment('foreground'));
      // A plan holds for the object as it was: its status must have settled.
      await atRest(namespace);
      const { text } = await confirmed({
        kind: 'Deployment',
        name: 'foreground',
        namespace,
        propagation: 'Foreground',
      });
      expect(text).toContain(`Deployment ${namespace}/foreground is being deleted: it waits for foregroundDeletion.`);
      await expect.poll(() => exists('deployment', 'foreground'), { timeout: 20_000 }).toBe(false);
      expect(await kubectl(['get', 'rs', '-l', 'app=foreground', '-n', namespace, '-o', 'name'])).toBe('');
    });

    test('with grace period 0 ends a pod at once, and says so beforehand', async () => {
      await kubectl(['run', 'brief', '--image=example.test/brief:1', '-n', namespace]);
      await kubectl(['wait', '--for=condition=Ready', 'pod/brief', '-n', namespace, '--timeout=40s']);
      const target = { kind: 'Pod', name: 'brief', namespace, gracePeriodSeconds: 0 };
      const plan = await call('delete_resource', target);
      expect(plan.text).toContain('- grace period 0: it is not shut down cleanly');
      expect(await confirmed(target)).toEqual(done(`Pod ${namespace}/brief deleted.`));
      expect(await exists('pod', 'brief')).toBe(false);
    });
  });
});

function call(tool: string, args: Record<string, unknown>): Promise<ToolAnswer> {
  return callTool(client, tool, args);
}

async function confirmed(target: Record<string, unknown>): Promise<ToolAnswer> {
  const { text } = await call('delete_resource', target);
  const answer = await call('delete_resource', { ...target, confirm: /confirm=(\S+)/.exec(text)?.[1] });
  expect(answer).toMatchObject({ isError: false });
  return answer;
}

const done = (text: string) => ({ isError: false, text: `context: admin\n${text}` });
const failed = (...lines: string[]) => ({ isError: true, text: lines.join('\n') });

function configMap(name: string, data: Record<string, string>) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

function deployment(name: string) {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'example.test/app:1' }] } };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec };
}

async function apply(object: unknown): Promise<void> {
  await kubectl(['apply', '--server-side', '-f', '-'], { stdin: JSON.stringify(object) });
}

async function dataOf(name: string, kind = 'configmap'): Promise<unknown> {
  return JSON.parse(await kubectl(['get', kind, name, '-n', namespace, '-o=jsonpath={.data}']));
}

async function exists(kind: string, name: string): Promise<boolean> {
  return (await tryKubectl(['get', kind, name, '-n', namespace])).code === 0;
}
