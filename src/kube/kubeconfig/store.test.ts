import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { systemClock } from '../../kernel/clock.ts';
import type { KubeconfigEnv } from './sources.ts';
import { createKubeconfigStore } from './store.ts';

const signal = new AbortController().signal;
let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const storeOf = (env: Partial<KubeconfigEnv> = {}) =>
  createKubeconfigStore(
    { home, processEnv: {}, serviceAccountDir: join(home, 'no-service-account'), ...env },
    { clock: systemClock },
  );

async function write(path: string, content: unknown): Promise<string> {
  const file = join(home, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : stringify(content));
  return file;
}

/** One context `name` with a cluster and a user of that name. */
const simple = (name: string, { cluster = {}, user = {}, context = {} } = {}) => ({
  'current-context': name,
  clusters: [{ name, cluster: { server: `https://${name}.example:6443`, ...cluster } }],
  users: [{ name, user }],
  contexts: [{ name, context: { cluster: name, user: name, ...context } }],
});

describe('where the kubeconfig comes from', () => {
  it('prefers --kubeconfig, then KUBECONFIG_PATH, then KUBECONFIG, then ~/.kube/config', async () => {
    const files = {
      explicitPath: await write('explicit', simple('explicit')),
      kubeconfigPath: await write('path', simple('path')),
      kubeconfig: await write('list', simple('list')),
    };
    await write('.kube/config', simple('default'));
    const current = async (env: Partial<KubeconfigEnv>) => (await storeOf(env).connect()).context;
    expect(await current(files)).toBe('explicit');
    expect(await current({ ...files, explicitPath: undefined })).toBe('path');
    expect(await current({ ...files, explicitPath: '', kubeconfigPath: '' })).toBe('list');
    expect(await current({})).toBe('default');
  });

  it('expands ~ in every setting', async () => {
    await write('mine', simple('mine'));
    for (const env of [
      { explicitPath: '~/mine' },
      { kubeconfigPath: '~/mine' },
      { kubeconfig: `~/none${delimiter}~/mine` },
    ]) {
      expect((await storeOf(env).connect()).context).toBe('mine');
    }
  });

  it('fails on a missing explicit file and skips missing files of a list', async () => {
    const missing = join(home, 'missing');
    for (const env of [{ explicitPath: missing }, { kubeconfigPath: missing }]) {
      const store = storeOf(env);
      expect(await store.state()).toMatchObject({ kind: 'invalid', error: { code: 'kubeconfig_invalid' } });
      await expect(store.connect()).rejects.toThrow(
        `${missing} (set by ${'explicitPath' in env ? '--kubeconfig' : 'KUBECONFIG_PATH'}) does not exist`,
      );
    }
    const present = await write('present', simple('present'));
    const state = await storeOf({ kubeconfig: `${missing};${present};;${present}`, pathDelimiter: ';' }).state();
    expect(state).toMatchObject({ kind: 'loaded', currentContext: 'present', sources: [present] });
  });

  it('says what to set when there is nothing', async () => {
    const store = storeOf();
    expect(await store.state()).toEqual({ kind: 'none' });
    const error = await store.connect().catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'no_cluster' });
    expect(error.message).toContain(join(home, '.kube/config'));
    expect(error.detail.remedy).toContain('KUBECONFIG');
    expect(await storeOf({ home: undefined }).state()).toEqual({ kind: 'none' });
    await write('.kube/config', 'apiVersion: v1\nkind: Config\nclusters: []\n');
    expect(await store.state()).toEqual({ kind: 'none' });
  });

  it('refuses a folder and a file that is no kubeconfig', async () => {
    expect(await storeOf({ explicitPath: home }).state()).toMatchObject({ kind: 'invalid' });
    expect(await storeOf({ kubeconfig: await write('bad', 'kind: Pod') }).state()).toMatchObject({ kind: 'invalid' });
    expect(await storeOf({ explicitPath: await write('empty', '') }).state()).toMatchObject({ kind: 'invalid' });
  });
});

describe('several files', () => {
  it('lets the first file win for each name and for current-context, and resolves paths against their own file', async () => {
    const first = await write('one/config', {
      clusters: [{ name: 'shared', cluster: { server: 'https://first', 'certificate-authority': 'ca.crt' } }],
      contexts: [{ name: 'a', context: { cluster: 'shared', user: 'u' } }],
    });
    const second = await write('two/config', {
      'current-context': 'b',
      clusters: [{ name: 'shared', cluster: { server: 'https://second', 'tls-server-name': 'not-merged' } }],
      contexts: [
        { name: 'a', context: { cluster: 'other', namespace: 'not-merged' } },
        { name: 'b', context: { cluster: 'shared', user: 'u', namespace: 'ns' } },
      ],
      users: [{ name: 'u', user: { tokenFile: 'token' } }],
    });
    const third = await write('three/config', {
      'current-context': 'a',
      users: [{ name: 'u', user: { token: 'late' } }],
    });
    await write('one/ca.crt', 'CA ONE');
    await write('two/token', 'from-two\n');
    const store = storeOf({ kubeconfig: [first, second, third].join(delimiter) });
    expect(await store.state()).toEqual({
      kind: 'loaded',
      currentContext: 'b',
      sources: [first, second, third],
      contexts: [
        { name: 'a', cluster: 'shared', user: 'u', server: 'https://first' },
        { name: 'b', cluster: 'shared', user: 'u', namespace: 'ns', server: 'https://first' },
      ],
    });
    const connection = await store.connect();
    expect(connection).toMatchObject({ context: 'b', namespace: 'ns', tls: { insecureSkipVerify: false } });
    expect(connection.tls.serverName).toBeUndefined();
    expect(await connection.tls.ca()).toBe('CA ONE');
    expect((await connection.credentials.current(signal)).headers).toEqual({ authorization: 'Bearer from-two' });
  });

  it('fails as a whole when one file is broken', async () => {
    const good = await write('good', simple('good'));
    const bad = await write('bad', 'contexts: {}');
    const state = await storeOf({ kubeconfig: [good, bad].join(delimiter) }).state();
    expect(state).toMatchObject({ kind: 'invalid', error: { message: `${bad}, line 1: contexts must be a list.` } });
  });
});

describe('connect', () => {
  const connect = async (content: unknown, context?: string, env: Partial<KubeconfigEnv> = {}) =>
    storeOf({ kubeconfig: await write('config', content), ...env }).connect(context);

  it('gives the whole connection of a context', async () => {
    const connection = await connect(
      simple('prod', {
        cluster: {
          'tls-server-name': 'sni',
          'proxy-url': 'socks5://proxy:1080',
          'certificate-authority-data': Buffer.from('PEM').toString('base64'),
        },
        user: { as: 'jane', 'as-uid': '7', 'as-groups': ['devs', 'ops'], 'as-user-extra': { scopes: ['view'] } },
        context: { namespace: 'web' },
      }),
    );
    expect(connection).toMatchObject({
      context: 'prod',
      namespace: 'web',
      tls: { serverName: 'sni', insecureSkipVerify: false },
      impersonate: { user: 'jane', uid: '7', groups: ['devs', 'ops'], extra: { scopes: ['view'] } },
    });
    expect(connection.server.href).toBe('https://prod.example:6443/');
    expect(connection.proxyUrl?.href).toBe('socks5://proxy:1080');
    expect(await connection.tls.ca()).toBe('PEM');
    expect(await connection.credentials.current(signal)).toEqual({ headers: {}, generation: 1 });
    expect(await connection.credentials.refresh(1, signal)).toBe(false);
  });

  it('takes a server without a scheme as kubectl does, and keeps its path', async () => {
    const server = async (cluster: object) => (await connect(simple('a', { cluster }))).server.href;
    expect(await server({ server: '10.0.0.1:8080' })).toBe('http://10.0.0.1:8080/');
    expect(await server({ server: '10.0.0.1:8443', 'insecure-skip-tls-verify': true })).toBe('https://10.0.0.1:8443/');
    expect(await server({ server: 'https://rancher/k8s/clusters/c-1' })).toBe('https://rancher/k8s/clusters/c-1');
  });

  it('uses the proxy of the environment unless the cluster has its own', async () => {
    const env = { processEnv: { HTTPS_PROXY: 'http://corp:3128', NO_PROXY: 'b.example' } };
    expect((await connect(simple('a'), undefined, env)).proxyUrl?.href).toBe('http://corp:3128/');
    expect((await connect(simple('b'), undefined, env)).proxyUrl).toBeUndefined();
    const own = simple('b', { cluster: { 'proxy-url': 'http://own:1' } });
    expect((await connect(own, undefined, env)).proxyUrl?.href).toBe('http://own:1/');
  });

  it('accepts a context without a user', async () => {
    const connection = await connect(simple('a', { context: { user: null } }));
    expect(await connection.credentials.current(signal)).toEqual({ headers: {}, generation: 1 });
  });

  it.each<[string, object, string]>([
    ['no server', { cluster: { server: '' } }, 'cluster "a" has no server'],
    ['a bad server', { cluster: { server: 'ftp://x' } }, 'has a server that is no http(s) URL'],
    ['a password in the server', { cluster: { server: 'https://u:hunter2@x' } }, 'has a password in its server URL'],
    ['a bad proxy', { cluster: { 'proxy-url': 'ftp://hunter2@x' } }, 'the proxy-url of cluster "a" is not a proxy URL'],
    [
      'a CA that is to be ignored',
      { cluster: { 'certificate-authority': 'x', 'insecure-skip-tls-verify': true } },
      'has both',
    ],
    ['an unknown cluster', { context: { cluster: 'zzz' } }, 'context "a" names the cluster "zzz"'],
    ['an unknown user', { context: { user: 'zzz' } }, 'context "a" names the user "zzz"'],
    ['no cluster', { context: { cluster: null } }, 'names no cluster'],
    ['groups without a user', { user: { 'as-groups': ['g'] } }, 'without `as`'],
    ['a key without a certificate', { user: { 'client-key': 'k' } }, 'has a client key without a certificate'],
    ['a certificate without a key', { user: { 'client-certificate': 'k' } }, 'has a client certificate without a key'],
    ['token and password', { user: { token: 't', username: 'u' } }, 'has both a token and a password'],
    [
      'exec and auth-provider',
      { user: { exec: { command: 'x' }, 'auth-provider': { name: 'oidc' } } },
      'has both exec and auth-provider',
    ],
  ])('refuses %s, naming file and entry', async (_, parts, expected) => {
    const error = await connect(simple('a', parts)).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'kubeconfig_invalid' });
    expect(error.message).toContain(expected);
    expect(error.message).toContain(join(home, 'config'));
    expect(error.message).not.toContain('hunter2');
  });

  it('points away from removed auth-providers', async () => {
    const error = await connect(simple('a', { user: { 'auth-provider': { name: 'gcp' } } })).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'credentials_failed' });
    expect(error.detail.remedy).toContain('exec plugin');
  });

  it('offers near names for an unknown context, and all when none was chosen', async () => {
    await expect(connect(simple('production'), 'prodution')).rejects.toMatchObject({
      code: 'unknown_context',
      message: 'The context "prodution" is not in the kubeconfig.',
      detail: { candidates: ['production'] },
    });
    await expect(connect({ ...simple('a'), 'current-context': '' })).rejects.toMatchObject({
      code: 'unknown_context',
      detail: { candidates: ['a'] },
    });
    await expect(connect({ ...simple('a'), 'current-context': 'gone' })).rejects.toMatchObject({
      code: 'unknown_context',
    });
  });

  it('reports a certificate authority that cannot be read when it is needed', async () => {
    const connection = await connect(simple('a', { cluster: { 'certificate-authority': 'none.crt' } }));
    await expect(connection.tls.ca()).rejects.toMatchObject({ code: 'kubeconfig_invalid' });
  });
});

describe('changes of the files', () => {
  it('gives equal fingerprints and one credential source while nothing changed', async () => {
    const file = await write('.kube/config', simple('a', { user: { token: 'hunter2' } }));
    const store = storeOf();
    const before = await store.connect('a');
    expect(await store.connect('a')).toBe(before);
    const current = await store.connect();
    expect(current.fingerprint).toBe(before.fingerprint);
    expect(current.credentials).toBe(before.credentials);

    // Rewritten with the same users, as `kubectl config set-context` does.
    await write('.kube/config', { ...simple('a', { user: { token: 'hunter2' } }), preferences: { x: 1 } });
    const rewritten = await store.connect('a');
    expect(rewritten.fingerprint).toBe(before.fingerprint);
    expect(rewritten.credentials).toBe(before.credentials);
    expect(file).toBe(join(home, '.kube/config'));
    expect(JSON.stringify(before)).not.toContain('hunter2');
  });

  it('picks up a replaced, broken, repaired and removed file', async () => {
    const store = storeOf();
    expect(await store.state()).toEqual({ kind: 'none' });
    await write('.kube/config', simple('a', { user: { token: 'one' } }));
    const first = await store.connect();
    await write('next', simple('a', { user: { token: 'two' } }));
    await rename(join(home, 'next'), join(home, '.kube/config'));
    const second = await store.connect();
    expect(second.fingerprint).not.toBe(first.fingerprint);
    expect((await second.credentials.current(signal)).headers).toEqual({ authorization: 'Bearer two' });
    await write('.kube/config', '}');
    expect(await store.state()).toMatchObject({ kind: 'invalid' });
    await write('.kube/config', simple('b'));
    expect((await store.connect()).context).toBe('b');
    await rm(join(home, '.kube/config'));
    expect(await store.state()).toEqual({ kind: 'none' });
  });

  it.each<[string, object]>([
    ['server', { cluster: { server: 'https://other' } }],
    ['CA', { cluster: { 'certificate-authority': '/other' } }],
    ['server name', { cluster: { 'tls-server-name': 'other' } }],
    ['proxy', { cluster: { 'proxy-url': 'http://other' } }],
    ['verification', { cluster: { 'insecure-skip-tls-verify': true } }],
    ['namespace', { context: { namespace: 'other' } }],
    ['impersonation', { user: { as: 'other' } }],
    ['credentials', { user: { token: 'other' } }],
  ])('changes the fingerprint with the %s', async (_, parts) => {
    await write('.kube/config', simple('a'));
    const store = storeOf();
    const before = await store.connect();
    await write('.kube/config', simple('a', parts));
    expect((await store.connect()).fingerprint).not.toBe(before.fingerprint);
  });
});

describe('in a pod', () => {
  const processEnv = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
  const inPod = () => storeOf({ processEnv, serviceAccountDir: join(home, 'sa') });

  it('uses the service account and reads its token, CA and namespace anew', async () => {
    await write('sa/token', 'one\n');
    await write('sa/ca.crt', 'CA 1');
    await write('sa/namespace', 'team\n');
    const store = inPod();
    expect(await store.state()).toEqual({
      kind: 'loaded',
      currentContext: 'in-cluster',
      sources: ['in-cluster'],
      contexts: [
        {
          name: 'in-cluster',
          cluster: 'in-cluster',
          user: 'service-account',
          namespace: 'team',
          server: 'https://[fd00::1]',
        },
      ],
    });
    const connection = await store.connect('in-cluster');
    expect(connection).toMatchObject({ context: 'in-cluster', namespace: 'team' });
    expect(await connection.credentials.current(signal)).toEqual({
      headers: { authorization: 'Bearer one' },
      generation: 1,
    });
    await write('sa/token', 'second\n');
    await write('sa/ca.crt', 'CA 2');
    expect(await connection.credentials.current(signal)).toEqual({
      headers: { authorization: 'Bearer second' },
      generation: 2,
    });
    expect(await connection.tls.ca()).toBe('CA 2');
    expect((await store.connect()).fingerprint).toBe(connection.fingerprint);
    await expect(store.connect('prod')).rejects.toMatchObject({
      code: 'unknown_context',
      detail: { candidates: ['in-cluster'] },
    });
  });

  it('prefers a kubeconfig, and is no cluster without a token', async () => {
    expect(await inPod().state()).toEqual({ kind: 'none' });
    await write('sa/token', 'one');
    await write('.kube/config', simple('file'));
    expect((await inPod().connect()).context).toBe('file');
  });
});
