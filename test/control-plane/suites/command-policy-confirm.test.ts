import type { Client } from '@modelcontextprotocol/client';
import { beforeAll, describe, expect, test } from 'vitest';
import { CHART } from '../../support/cli-fixtures.ts';
import { hasClis, plainCli } from '../../support/clis.ts';
import {
  type CommandAnswer,
  type CommandProduct,
  type CommandTool,
  commandProduct,
  toolPaths,
} from '../../support/command-product.ts';
import { controlPlane, freshNamespace, hasTestUsers, kubectl, tryKubectl } from '../../support/control-plane.ts';
import { MCP_FACES, type McpFace, type Person, withPerson } from '../../support/mcp-faces.ts';
import { callTool } from '../../support/product.ts';

const GATES = ['create', 'update', 'delete'].map((gate) => `--enable-${gate}`);

describe.skipIf(!hasTestUsers() || !hasClis())('confirmation of commands that take something away', () => {
  let namespace: string;
  let product: CommandProduct;
  beforeAll(async () => {
    namespace = await freshNamespace('yes');
    product = await commandProduct({ args: GATES });
  });
  const run = (command: string, args: Record<string, unknown> = {}, tool: CommandTool = 'kubectl') =>
    product.run(tool, command.replaceAll('{{ns}}', namespace), args);
  const made = async (name: string, ...how: string[]) => {
    await tryKubectl(['create', 'configmap', name, '--from-literal=a=b', '-n', namespace, ...how]);
    return name;
  };
  const exists = async (what: string) => (await tryKubectl(['get', what, '-n', namespace])).code === 0;
  const uidOf = (what: string) => kubectl(['get', what, '-n', namespace, '-o', 'jsonpath={.metadata.uid}']);

  test('a delete answers 428 with what the dry run on the server says, and changes nothing', async () => {
    await made('planned');
    const answer = await run('delete cm planned -n {{ns}}');
    expect(answer).toMatchObject({ status: 428, code: 'confirmation_required' });
    expect(answer.plan).toMatchObject({
      title: `kubectl delete --namespace=${namespace} cm planned in context admin`,
      effects: [expect.stringMatching(/configmap "planned" deleted/)],
    });
    expect(await exists('cm/planned')).toBe(true);
  });

  test('its token carries it out, once', async () => {
    await made('once');
    const confirm = tokenOf(await run('delete cm once -n {{ns}}'));
    expect(await run('delete cm once -n {{ns}}', { confirm })).toMatchObject({ status: 200, success: true });
    expect(await exists('cm/once')).toBe(false);
    await made('once');
    expect((await run('delete cm once -n {{ns}}', { confirm })).status).toBe(428);
    expect(await exists('cm/once')).toBe(true);
  });

  test.each<[string, string, Record<string, unknown>]>([
    ['another name', 'delete cm other -n {{ns}}', {}],
    ['another flag', 'delete cm bound -n {{ns}} --cascade=orphan', {}],
    ['another spelling', 'delete configmap bound -n {{ns}}', {}],
    ['a namespace beside it', 'delete cm bound', { namespace: 'default' }],
    ['another context', 'delete cm bound -n {{ns}}', { context: 'token-admin' }],
    ['files beside it', 'delete cm bound -n {{ns}}', { files: { 'a.yaml': 'x' } }],
    ['no token of ours', 'delete cm bound -n {{ns}}', { confirm: 'yes' }],
    ['an empty token', 'delete cm bound -n {{ns}}', { confirm: '' }],
  ])('its token is void for %s', async (_, command, args) => {
    await Promise.all([made('bound'), made('other')]);
    const confirm = tokenOf(await run('delete cm bound -n {{ns}}'));
    const answer = await run(command, { confirm, ...args });
    expect([answer.status, answer.success]).not.toEqual([200, true]);
    expect([await exists('cm/bound'), await exists('cm/other')]).toEqual([true, true]);
  });

  test('its token is void when the dry run would do something else by now', async () => {
    await kubectl(['create', 'configmap', 'wave-1', '-n', namespace]);
    await kubectl(['label', 'configmap', 'wave-1', 'wave=1', '-n', namespace]);
    const confirm = tokenOf(await run('delete cm -l wave=1 -n {{ns}}'));
    await kubectl(['create', 'configmap', 'wave-2', '-n', namespace]);
    await kubectl(['label', 'configmap', 'wave-2', 'wave=1', '-n', namespace]);
    const answer = await run('delete cm -l wave=1 -n {{ns}}', { confirm });
    expect(answer).toMatchObject({ status: 428, detail: expect.stringContaining('wave-2') });
    expect([await exists('cm/wave-1'), await exists('cm/wave-2')]).toEqual([true, true]);
  });

  test('a token of a tool is void for another', async () => {
    await made('tools');
    const confirm = tokenOf(await run('delete cm tools -n {{ns}}'));
    expect((await run('uninstall tools -n {{ns}}', { confirm }, 'helm')).status).toBe(428);
    expect(await exists('cm/tools')).toBe(true);
  });

  /** Each of these once deleted what it was to plan, or would without the guard. */
  test.each([
    'delete cm kept -n {{ns}} --dry-run=none',
    'delete cm kept -n {{ns}} --dry-run=server --dry-run=none',
    'delete cm kept --dry-run=none --namespace={{ns}} --wait=false',
    'delete --dry-run=none -n {{ns}} --all configmaps',
    'delete --raw /api/v1/namespaces/{{ns}}/configmaps/kept',
    'delete -n {{ns}} configmap/kept --now',
  ])('the plan of `%s` deletes nothing', async (command) => {
    await made('kept');
    const uid = await uidOf('cm/kept');
    expect((await run(command)).status).toBe(428);
    expect(await uidOf('cm/kept')).toBe(uid);
  });

  test('a replace by force is planned without deleting', async () => {
    await made('forced');
    const uid = await uidOf('cm/forced');
    const stdin = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: forced}\ndata: {a: c}\n';
    for (const more of ['', ' --dry-run=none']) {
      expect((await run(`replace --force -f - -n {{ns}}${more}`, { stdin })).status).toBe(428);
      expect(await uidOf('cm/forced')).toBe(uid);
    }
    const confirm = tokenOf(await run('replace --force -f - -n {{ns}}', { stdin }));
    expect((await run('replace --force -f - -n {{ns}}', { stdin: stdin.replace('c}', 'd}'), confirm })).status).toBe(
      428,
    );
    expect(await run('replace --force -f - -n {{ns}}', { stdin, confirm })).toMatchObject({
      status: 200,
      success: true,
    });
    expect(await uidOf('cm/forced')).not.toBe(uid);
  });

  test('apply --prune is planned with what would be pruned', async () => {
    const manifest = (name: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, labels: {set: pruned}}\n`;
    const both = `${manifest('stays')}---\n${manifest('goes')}`;
    expect(await run('apply -f - -n {{ns}}', { stdin: both })).toMatchObject({ status: 200, success: true });
    const command = 'apply --prune -l set=pruned --prune-allowlist=core/v1/ConfigMap -f - -n {{ns}}';
    for (const more of ['', ' --dry-run=none']) {
      const answer = await run(`${command}${more}`, { stdin: manifest('stays') });
      expect([answer.status, answer.plan?.effects.join('\n')]).toEqual([
        428,
        expect.stringContaining('configmap/goes pruned'),
      ]);
      expect(await exists('cm/goes')).toBe(true);
    }
  });

  test('a drain is planned with the pods that it would evict, and evicts none', async () => {
    const node = `drained-${namespace}`;
    await kubectl(['apply', '-f', '-'], {
      stdin: JSON.stringify({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: node, labels: { drained: namespace } },
        spec: { unschedulable: true },
      }),
    });
    try {
      const pod = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'drained' },
        spec: {
          nodeName: node,
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'a', image: 'registry.invalid/a' }],
        },
      };
      await kubectl(['apply', '-n', namespace, '-f', '-'], { stdin: JSON.stringify(pod) });
      const uid = await uidOf('pod/drained');
      for (const more of ['', ' --dry-run=none']) {
        const answer = await run(`drain ${node} --force --ignore-daemonsets${more}`);
        expect([answer.status, answer.plan?.effects.join('\n')]).toEqual([
          428,
          expect.stringMatching(/drained.*\(server dry run\)/),
        ]);
        expect(await uidOf('pod/drained')).toBe(uid);
      }
    } finally {
      await kubectl(['delete', 'node', node, '--wait=false']);
    }
  });

  test('an eviction by its path is confirmed too, and nothing else may evict or delete', async () => {
    await kubectl(['run', 'evicted', '--image=registry.invalid/a', '-n', namespace]);
    const uid = await uidOf('pod/evicted');
    const eviction = JSON.stringify({
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: 'evicted', namespace },
    });
    const raw = await run('create --raw /api/v1/namespaces/{{ns}}/pods/evicted/eviction -f -', { stdin: eviction });
    expect(raw.status).toBe(428);
    expect((await run('create -f - -n {{ns}}', { stdin: eviction })).success).not.toBe(true);
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [JSON.parse(eviction)] });
    expect((await run('apply -f - -n {{ns}}', { stdin: list })).success).not.toBe(true);
    expect(await uidOf('pod/evicted')).toBe(uid);
  });

  test('reconciling rights may not delete a binding that nobody confirmed', async () => {
    const rights = await commandProduct({ args: [...GATES, '--enable-escalation'] });
    const binding = (role: string) =>
      `apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: kept, namespace: ${namespace}}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role}}\nsubjects: [{kind: User, name: nobody, apiGroup: rbac.authorization.k8s.io}]\n`;
    expect(await rights.run('kubectl', 'auth reconcile -f -', { stdin: binding('view') })).toMatchObject({
      success: true,
    });
    const uid = await uidOf('rolebinding/kept');
    // Another role cannot be patched in: kubectl deletes the binding and makes it anew.
    const answer = await rights.run('kubectl', 'auth reconcile -f -', { stdin: binding('edit') });
    expect([answer.status, answer.success]).toEqual([200, false]);
    expect(answer.reason).toContain('which it was not confirmed for');
    expect(await uidOf('rolebinding/kept')).toBe(uid);
    await rights.stop();
  });

  test('helm uninstall is planned without uninstalling, whatever it says of dry runs', async () => {
    await plainCli('helm', ['install', 'released', CHART, '-n', namespace, '--set', 'replicas=0']);
    for (const command of [
      'uninstall released -n {{ns}}',
      'uninstall released -n {{ns}} --dry-run=false',
      'del released --dry-run=true --dry-run=false -n {{ns}}',
    ]) {
      expect((await run(command, {}, 'helm')).status).toBe(428);
      expect((await plainCli('helm', ['status', 'released', '-n', namespace])).code).toBe(0);
    }
    const confirm = tokenOf(await run('uninstall released -n {{ns}}', {}, 'helm'));
    expect(await run('uninstall released -n {{ns}}', { confirm }, 'helm')).toMatchObject({
      status: 200,
      success: true,
    });
    expect((await plainCli('helm', ['status', 'released', '-n', namespace])).code).not.toBe(0);
  });

  test('what has no dry run says so', async () => {
    const { status, plan } = await run('app delete none -y', {}, 'argocd');
    expect([status, plan?.effects]).toEqual([428, ['this tool has no dry run: what it will do is not known']]);
  });

  test('a dry run of the caller needs no confirmation', async () => {
    await made('dry');
    for (const command of ['delete cm dry -n {{ns}} --dry-run=server', 'delete cm dry -n {{ns}} --dry-run=client']) {
      expect(await run(command)).toMatchObject({ status: 200, success: true });
    }
    expect(await exists('cm/dry')).toBe(true);
  });

  test('--confirm=never asks nobody', async () => {
    const never = await commandProduct({ args: [...GATES, '--confirm=never'] });
    await made('never');
    expect(await never.run('kubectl', `delete cm never -n ${namespace}`)).toMatchObject({ status: 200, success: true });
    expect(await exists('cm/never')).toBe(false);
    await never.stop();
  });

  test('--confirm=human refuses a caller that cannot ask a person, and gives no token', async () => {
    const human = await commandProduct({ args: [...GATES, '--confirm=human'] });
    await made('human');
    const answer = await human.run('kubectl', `delete cm human -n ${namespace}`);
    expect(answer).toMatchObject({ status: 403, code: 'confirmation_refused' });
    expect(answer.plan).toBeUndefined();
    expect(await exists('cm/human')).toBe(true);
    await human.stop();
  });

  describe('over MCP, with a client that asks a person', () => {
    let clients: Record<McpFace, Client>;
    let asked: string[];
    let person: Person = 'decline';
    beforeAll(async () => {
      const options = { kubeconfig: controlPlane().kubeconfig, args: GATES, env: toolPaths() };
      ({ clients, asked } = await withPerson(options, () => person));
    });

    test.each(MCP_FACES)('a no changes nothing, a yes carries it out: %s', async (face) => {
      const name = await made(`asked-${face.replace(' ', '-')}`);
      const args = { command: `delete cm ${name} -n ${namespace}` };
      for (const no of ['decline', 'untick'] as const) {
        person = no;
        expect(await callTool(clients[face], 'kubectl', args)).toMatchObject({
          isError: true,
          text: expect.stringContaining('confirmation_refused'),
        });
        expect(await exists(`cm/${name}`)).toBe(true);
      }
      person = 'accept';
      asked.length = 0;
      expect(await callTool(clients[face], 'kubectl', args)).toMatchObject({ isError: false });
      expect(asked).toEqual([expect.stringContaining(`configmap "${name}" deleted`)]);
      expect(await exists(`cm/${name}`)).toBe(false);
    });
  });
});

function tokenOf(answer: CommandAnswer): string {
  return /confirm=(\S+)/.exec(answer.remedy ?? '')?.[1] ?? `(no token: ${JSON.stringify(answer)})`;
}
