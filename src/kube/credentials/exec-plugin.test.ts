import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { KubeconfigEnv } from '../kubeconfig/sources.ts';
import { createKubeconfigStore } from '../kubeconfig/store.ts';

const API = 'client.authentication.k8s.io/v1';
const signal = new AbortController().signal;
let dir: string;
let offset = 0;
const clock: Clock = {
  ...systemClock,
  now: () => systemClock.now() + offset,
  monotonic: () => systemClock.monotonic() + offset,
};
beforeEach(async () => {
  offset = 0;
  dir = await mkdtemp(join(tmpdir(), 'exec-plugin-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** Shell text that prints an ExecCredential. */
const answer = (status: object, { apiVersion = API, kind = 'ExecCredential' } = {}) =>
  `cat <<'JSON'\n${JSON.stringify({ apiVersion, kind, status })}\nJSON`;

/** A plugin that counts its runs, and a store with contexts that use it. */
async function setUp(
  body: string,
  exec: object = {},
  {
    env = {},
    timeLimitMs = 20_000,
    cluster = {},
  }: { env?: Partial<KubeconfigEnv>; timeLimitMs?: number; cluster?: object } = {},
) {
  await mkdir(join(dir, 'bin'), { recursive: true });
  const plugin = join(dir, 'bin/plugin');
  await writeFile(plugin, `#!/bin/sh\necho run >> "${dir}/runs"\n${body}\n`);
  await chmod(plugin, 0o755);
  const file = join(dir, 'config');
  const user = { exec: { apiVersion: API, command: './bin/plugin', interactiveMode: 'Never', ...exec } };
  const content = {
    'current-context': 'a',
    clusters: [{ name: 'c', cluster: { server: 'https://c.example', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: ['a', 'b'].map((name) => ({ name, context: { cluster: 'c', user: 'u' } })),
  };
  await writeFile(file, JSON.stringify(content));
  const store = createKubeconfigStore(
    { kubeconfig: file, processEnv: { PATH: '/usr/bin:/bin' }, ...env },
    { clock, execTimeLimitMs: timeLimitMs },
  );
  const current = async () => (await store.connect()).credentials.current(signal);
  const rewrite = () => writeFile(file, JSON.stringify({ ...content, extra: 1 }));
  return { store, current, rewrite };
}

const runs = async () => (await readFile(join(dir, 'runs'), 'utf8').catch(() => '')).split('\n').length - 1;

async function failure(body: string, exec: object = {}, options: Parameters<typeof setUp>[2] = {}): Promise<AppError> {
  const { current } = await setUp(body, exec, options);
  const error = await current().catch((thrown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect(error.code).toBe('credentials_failed');
  expect(error.detail.remedy).toBeTruthy();
  return error;
}

describe('an exec plugin', () => {
  it('runs once for 60 first callers over several connects and contexts, and not again', async () => {
    const { store, rewrite } = await setUp(`sleep 0.3\n${answer({ token: 'abc' })}`);
    const all = await Promise.all(
      Array.from({ length: 60 }, async (_, i) => (await store.connect(i % 2 ? 'a' : 'b')).credentials.current(signal)),
    );
    expect(new Set(all.map((credentials) => credentials.headers['authorization']))).toEqual(new Set(['Bearer abc']));
    expect(await runs()).toBe(1);
    await rewrite();
    await (await store.connect()).credentials.current(signal);
    offset += 86_400_000;
    await (await store.connect()).credentials.current(signal);
    expect(await runs()).toBe(1);
  });

  it('keeps running for the others when one caller gives up', async () => {
    const { store } = await setUp(`sleep 0.3\n${answer({ token: 'abc' })}`);
    const { credentials } = await store.connect();
    const controller = new AbortController();
    const impatient = credentials.current(controller.signal);
    const patient = credentials.current(signal);
    controller.abort();
    await expect(impatient).rejects.toMatchObject({ code: 'cancelled' });
    expect((await patient).headers).toEqual({ authorization: 'Bearer abc' });
    await expect(credentials.current(controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('gives a client certificate, and a token beside it', async () => {
    const { current } = await setUp(answer({ token: 't', clientCertificateData: 'CERT', clientKeyData: 'KEY' }));
    expect(await current()).toEqual({
      headers: { authorization: 'Bearer t' },
      clientCertificate: { cert: 'CERT', key: 'KEY' },
      generation: 1,
    });
  });

  it('is refreshed shortly before its credential expires', async () => {
    const expires = (ms: number) => new Date(Date.now() + ms).toISOString();
    const { current } = await setUp(
      `if [ $(wc -l < "${dir}/runs") = 1 ]; then ${answer({ token: 'one', expirationTimestamp: expires(3_600_000) })}\nelse ${answer({ token: 'two', expirationTimestamp: expires(7_200_000) })}\nfi`,
    );
    expect(await current()).toEqual({ headers: { authorization: 'Bearer one' }, generation: 1 });
    offset = 3_600_000 - 90_000;
    expect((await current()).generation).toBe(1);
    offset = 3_600_000 - 50_000;
    expect(await current()).toEqual({ headers: { authorization: 'Bearer two' }, generation: 2 });
    expect(await runs()).toBe(2);
  });

  it('is run again after a 401, once for all who ask', async () => {
    const { store } = await setUp(
      `n=$(wc -l < "${dir}/runs" | tr -d ' ')\nprintf '{"apiVersion":"${API}","kind":"ExecCredential","status":{"token":"t%s"}}' "$n"`,
    );
    const { credentials } = await store.connect();
    const first = await credentials.current(signal);
    const refreshed = await Promise.all(
      Array.from({ length: 20 }, () => credentials.refresh(first.generation, signal)),
    );
    expect(new Set(refreshed)).toEqual(new Set([true]));
    expect(await credentials.refresh(first.generation, signal)).toBe(true);
    expect(await credentials.current(signal)).toEqual({ headers: { authorization: 'Bearer t2' }, generation: 2 });
    expect(await runs()).toBe(2);
    // A second 401 at once is not the credential's fault: the plugin is left alone for a while.
    expect(await credentials.refresh(2, signal)).toBe(false);
    expect(await runs()).toBe(2);
    offset += 6_000;
    expect(await credentials.refresh(2, signal)).toBe(true);
    expect(await runs()).toBe(3);
  });

  it('says that a refresh changed nothing when the plugin returns the same token', async () => {
    const { store } = await setUp(answer({ token: 'same' }));
    const { credentials } = await store.connect();
    await credentials.current(signal);
    expect(await credentials.refresh(1, signal)).toBe(false);
    expect(await runs()).toBe(2);
  });

  it('serves what it has while a refresh ahead of expiry fails', async () => {
    const expirationTimestamp = new Date(Date.now() + 600_000).toISOString();
    const { current } = await setUp(
      `if [ $(wc -l < "${dir}/runs") != 1 ]; then exit 1; fi\n${answer({ token: 'one', expirationTimestamp })}`,
    );
    await current();
    offset = 600_000 - 30_000;
    expect((await current()).headers).toEqual({ authorization: 'Bearer one' });
    expect(await runs()).toBe(2);
    offset = 600_001;
    await expect(current()).rejects.toMatchObject({ code: 'credentials_failed' });
  });

  it('is not run in a loop when it fails or returns what has expired', async () => {
    const { current } = await setUp('exit 1');
    await expect(current()).rejects.toMatchObject({ code: 'credentials_failed' });
    await expect(current()).rejects.toMatchObject({ code: 'credentials_failed' });
    expect(await runs()).toBe(1);
    offset += 6_000;
    await expect(current()).rejects.toMatchObject({ code: 'credentials_failed' });
    expect(await runs()).toBe(2);
    await rm(join(dir, 'runs'));
    const expired = await setUp(answer({ token: 'old', expirationTimestamp: '2001-01-01T00:00:00Z' }));
    await expired.current();
    await expired.current();
    expect(await runs()).toBe(1);
  });

  it('gets its arguments, environment and KUBERNETES_EXEC_INFO, and no stdin', async () => {
    const body = `{ echo "$1|$OWN|$INHERITED|$HOME"; echo "$PATH"; echo "$KUBERNETES_EXEC_INFO"; cat; } > "${dir}/seen"\n${answer({ token: 't' })}`;
    const { current } = await setUp(
      body,
      { args: ['a b'], env: [{ name: 'OWN', value: 'o' }], provideClusterInfo: true },
      {
        env: { home: '/home/ada', processEnv: { PATH: '/usr/bin:/bin', INHERITED: 'i' } },
        cluster: {
          'certificate-authority-data': Buffer.from('CA').toString('base64'),
          'tls-server-name': 'sni',
          extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'x' } }],
        },
      },
    );
    await current();
    const [first, path, info] = (await readFile(join(dir, 'seen'), 'utf8')).split('\n');
    expect(first).toBe('a b|o|i|/home/ada');
    expect(path?.split(':')).toEqual(expect.arrayContaining(['/usr/bin', '/home/ada/.local/bin']));
    expect(JSON.parse(info ?? '')).toEqual({
      apiVersion: API,
      kind: 'ExecCredential',
      spec: {
        interactive: false,
        cluster: {
          server: 'https://c.example',
          'tls-server-name': 'sni',
          'certificate-authority-data': 'Q0E=',
          config: { audience: 'x' },
        },
      },
    });
  });

  it('does not tell about the cluster unless asked, and speaks v1beta1', async () => {
    const v1beta1 = 'client.authentication.k8s.io/v1beta1';
    const { current } = await setUp(
      `echo "$KUBERNETES_EXEC_INFO" > "${dir}/seen"\n${answer({ token: 't' }, { apiVersion: v1beta1 })}`,
      { apiVersion: v1beta1 },
    );
    await current();
    expect(JSON.parse(await readFile(join(dir, 'seen'), 'utf8'))).toEqual({
      apiVersion: v1beta1,
      kind: 'ExecCredential',
      spec: { interactive: false },
    });
  });

  it('is found in the usual folders when PATH is bare', async () => {
    await mkdir(join(dir, '.local/bin'), { recursive: true });
    const { current } = await setUp(
      answer({ token: 't' }),
      { command: 'my-login' },
      { env: { home: dir, processEnv: {} } },
    );
    await writeFile(join(dir, '.local/bin/my-login'), await readFile(join(dir, 'bin/plugin')), { mode: 0o755 });
    expect((await current()).headers).toEqual({ authorization: 'Bearer t' });
  });

  it('names itself and its install hint when it is missing', async () => {
    const error = await failure('', { command: 'no-such-login', installHint: 'Get it at\n\u001b[31mexample.com' });
    expect(error.message).toBe(
      'The exec plugin no-such-login of user "u" is not installed, or is in none of the folders of PATH and the usual ones.',
    );
    expect(error.detail.remedy).toBe('Install it. Get it at example.com');
  });

  it('is refused with the command to run when it needs a terminal', async () => {
    const error = await failure('', {
      interactiveMode: 'Always',
      args: ['login', '--client-secret=hunter2', '--token', 'hunter3'],
    });
    expect(error.detail.remedy).toContain(`\`${join(dir, 'bin/plugin')} login --client-secret=*** --token ***\``);
    expect(await runs()).toBe(0);
  });

  it('tells how it failed and how to run it, with its first line of stderr where that is harmless', async () => {
    const error = await failure('echo "Error: the SSO session has expired" >&2; echo more >&2; exit 255', {
      args: ['--region', 'eu'],
    });
    expect(error.message).toBe(
      `The exec plugin ${join(dir, 'bin/plugin')} of user "u" failed (exit code 255): Error: the SSO session has expired`,
    );
    expect(error.detail.remedy).toBe(`Run \`${join(dir, 'bin/plugin')} --region eu\` in a terminal to see why.`);
  });

  it.each([
    'echo "token=hunter2" >&2',
    'echo "bad eyJhbGciOi.hunter2" >&2',
    'echo "got $OWN" >&2',
    'echo hunter2 # to stdout',
  ])('keeps %s to itself', async (line) => {
    const error = await failure(`${line}; exit 1`, { env: [{ name: 'OWN', value: 'hunter2' }] });
    expect(`${error.message} ${JSON.stringify(error.detail)}`).not.toContain('hunter2');
  });

  it('is ended at its time limit', async () => {
    const error = await failure('sleep 60', {}, { timeLimitMs: 300 });
    expect(error.message).toContain('did not end within');
  });

  it.each<[string, string, object, string]>([
    ['text', 'echo hello hunter2', {}, 'printed no ExecCredential object'],
    ['nothing', 'true', {}, 'printed no ExecCredential object'],
    ['another kind', answer({ token: 't' }, { kind: 'Pod' }), {}, 'printed no ExecCredential object'],
    [
      'another version',
      answer({ token: 't' }, { apiVersion: 'client.authentication.k8s.io/v1beta1' }),
      {},
      'answered in another API version',
    ],
    ['an empty status', answer({}), {}, 'returned neither a token nor a certificate'],
    ['a lone certificate', answer({ clientCertificateData: 'C' }), {}, 'without its key'],
    ['a bad time', answer({ token: 't', expirationTimestamp: 'soon' }), {}, 'no RFC 3339 time'],
    ['a token with a line break', answer({ token: 'a\nhunter2' }), {}, 'cannot carry'],
    [
      'an old protocol',
      '',
      { apiVersion: 'client.authentication.k8s.io/v1alpha1' },
      'is configured for client.authentication.k8s.io/v1alpha1',
    ],
  ])('is refused when it answers with %s', async (_, body, exec, expected) => {
    const error = await failure(body, exec);
    expect(error.message).toContain(expected);
    expect(error.message).not.toContain('hunter2');
  });

  it('gives way to a static token', async () => {
    await setUp('exit 1');
    const file = join(dir, 'config');
    const content = JSON.parse(await readFile(file, 'utf8'));
    content.users[0].user.token = 'static';
    await writeFile(file, JSON.stringify(content));
    const store = createKubeconfigStore({ kubeconfig: file, processEnv: {} }, { clock });
    expect((await (await store.connect()).credentials.current(signal)).headers).toEqual({
      authorization: 'Bearer static',
    });
    expect(await runs()).toBe(0);
  });
});
