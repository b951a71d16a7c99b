/** What `--sandbox` opens, and for whom: its own contexts and nobody else's cluster. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import { BARE } from '../../sandbox/worlds/bare.ts';
import { scratchFolder, serve } from '../support/product.ts';

/** Somebody's own cluster, with a context of the name that the sandbox's has. */
const own = createSandbox({ world: BARE, time: 'still' });
let ownKubeconfig = '';
beforeAll(async () => {
  const { url } = await own.listen(0);
  const config = parse(own.kubeconfig(url));
  const [{ context }] = config.contexts;
  ownKubeconfig = stringify({ ...config, contexts: [{ name: 'sandbox', context }], 'current-context': 'sandbox' });
});
afterAll(() => own.stop());

const NOTE = (name: string, namespace = 'default') => ({
  manifest: `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}","namespace":"${namespace}"}}`,
});

/** A server on a sandbox of its own, in the home of somebody who has a cluster. */
async function onSandbox(...args: string[]) {
  const folder = scratchFolder();
  const kubeconfig = join(folder, 'own');
  writeFileSync(kubeconfig, ownKubeconfig);
  const env = { HOME: folder, K8S_MCP_STATE_DIR: join(folder, 'state'), SECRET_OF_THE_SERVER: 'hunter2' };
  const served = await serve({ kubeconfig, env, args: ['--sandbox', '--confirm=never', ...args] });
  await expect.poll(() => served.log()).toContain('Stop with Ctrl-C.');
  const token = /^ *token +(\S+)/m.exec(served.log())?.[1] ?? '';
  const ask = async (tool: string, input: object, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${served.url}/tools/${tool}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(input),
    });
    return `${answer.status} ${await answer.text()}`;
  };
  return { served, ask, folder };
}

const callers = () => ({ 'x-kubeconfig': Buffer.from(ownKubeconfig).toString('base64') });
const names = () => own.store.list('configmaps', 'default').map(({ name }) => name);

describe('a server on the sandbox', () => {
  test("writes there with a token, and never to anybody's own cluster, whatever its context is called", async () => {
    const { served, ask } = await onSandbox();
    const before = own.store.revision;
    expect(await ask('create_resource', NOTE('mine'))).toMatch(/^200 .*mine/);
    expect(await ask('get_resource', { kind: 'configmap', name: 'mine', namespace: 'default' })).toMatch(/^200 /);
    expect(await ask('get_resource', { kind: 'namespace', name: 'team-a' }, callers()), 'may be read').toMatch(/^200 /);
    const refused = /^403 .*(gate_closed|context_denied)/;
    expect(await ask('create_resource', NOTE('evil'), callers())).toMatch(refused);
    expect(await ask('create_resource', { ...NOTE('evil'), kubeconfig: callers()['x-kubeconfig'] })).toMatch(refused);
    expect(await ask('create_resource', { ...NOTE('evil'), context: 'sandbox' }, callers())).toMatch(refused);
    const root = { kind: 'configmap', name: 'kube-root-ca.crt', namespace: 'default' };
    expect(await ask('delete_resource', root, callers())).toMatch(refused);
    expect([names(), own.store.revision]).toEqual([['kube-root-ca.crt'], before]);
    const bare = await fetch(`${served.url}/tools/get_resource`, { method: 'POST', body: '{}' });
    expect(bare.status).toBe(401);
    await served.stop();
  });

  test('keeps the rules that its operator gives', async () => {
    const { served, ask } = await onSandbox(
      ...['--no-enable-delete', '--denied-kinds=secrets', '--forbidden-namespaces=kube-system', '--contexts=sandbox'],
    );
    const root = { kind: 'configmap', name: 'kube-root-ca.crt', namespace: 'default' };
    expect(await ask('create_resource', NOTE('mine'))).toMatch(/^200 /);
    expect(await ask('delete_resource', root)).toMatch(/^(403 .*gate_closed|404 .*unknown_tool)/);
    expect(await ask('list_resources', { kind: 'secrets', namespace: 'shop' })).toMatch(/^403 .*kind_denied/);
    expect(await ask('create_resource', NOTE('mine', 'kube-system'))).toMatch(/^403 .*namespace/);
    expect(await ask('k8s-get-pods', { namespace: 'default', context: 'sandbox-viewer' })).toMatch(
      /^403 .*context_denied/,
    );
    await served.stop();
  });

  test.runIf(process.platform === 'linux')(
    'shares nothing of its environment, and takes the sandbox along when it is killed',
    async () => {
      const { served, folder } = await onSandbox();
      const { pid } = JSON.parse(readFileSync(join(folder, 'state', 'sandbox', 'sandbox.json'), 'utf8'));
      const given = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      expect(
        given
          .map((each) => each.split('=')[0])
          .filter(Boolean)
          .toSorted(),
      ).toEqual(['HOME', 'PATH']);
      await served.kill();
      await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
    },
  );
});
