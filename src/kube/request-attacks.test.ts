import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KubeconfigAttack } from '../../test/attacks/kubeconfig-parts.ts';
import { KUBECONFIG_ATTACKS } from '../../test/attacks/kubeconfigs.ts';
import { AppError } from '../kernel/errors.ts';
import type { ResolveName } from './kubeconfig/reach.ts';
import { requestKubeconfigRules } from './kubeconfig/request-rules.ts';
import { createRequestClusters } from './request-clusters.ts';
import { createTransport } from './transport/create-transport.ts';

const OWN_PORT = 59_999;
const never = new AbortController().signal;
let dir: string;
let canary: Server;
let contacts = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'canary-'));
  await mkdir(join(dir, 'bin'));
  await writeFile(join(dir, 'canary'), 'canary content');
  // A program of each name that could be run: it would leave its mark.
  for (const name of ['aws', 'bin/aws', 'bin/kubelogin', 'bin/gke-gcloud-auth-plugin', 'bin/aws-iam-authenticator'])
    await writeFile(join(dir, name), `#!/bin/sh\ntouch ${dir}/canary-ran\n`, { mode: 0o755 });
  canary = createServer((socket) => {
    contacts++;
    socket.destroy();
  });
  // Both families, so that no form of loopback misses it.
  await new Promise<void>((resolve) => canary.listen(0, resolve));
});
afterAll(async () => {
  canary.close();
  await rm(dir, { recursive: true, force: true });
});

const filled = (text: string) =>
  text
    .replaceAll('{{dir}}', dir)
    .replaceAll('{{port}}', String((canary.address() as AddressInfo).port))
    .replaceAll('{{own}}', String(OWN_PORT));

function encodedOf({ config, encoded }: KubeconfigAttack): string {
  if (encoded !== undefined) return encoded;
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  return Buffer.from(filled(text)).toString('base64');
}

/** Brings the kubeconfig as a call would, and lets the call ask the cluster something. */
async function attempt(attack: KubeconfigAttack) {
  const { settings = {}, loopbackOnly = false, dns = {} } = attack;
  const asked: string[] = [];
  const questions = new Map(Object.entries(dns).map(([host, answers]) => [host, [...answers]]));
  const resolve: ResolveName = async (host) => {
    asked.push(host);
    const answers = questions.get(host);
    const [next] = answers ?? [];
    if (answers === undefined || next === undefined) throw Object.assign(new Error('?'), { code: 'ENOTFOUND' });
    if (answers.length > 1) answers.shift();
    return next.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  const clusters = createRequestClusters({
    rules: requestKubeconfigRules(
      {
        kubeconfigExecAllow: [],
        kubeconfigServerAllow: undefined,
        kubeconfigServerDeny: [],
        cloudEnv: false,
        ...settings,
      },
      { beyondLoopback: !loopbackOnly },
    ),
    openTransport: (connection) => createTransport(connection),
    ownPorts: () => [OWN_PORT],
    ownAddresses: () => ['10.9.8.7'],
    processEnv: { PATH: join(dir, 'bin') },
    home: undefined,
    shutdown: never,
    resolve,
  });
  try {
    const cluster = await clusters.get(encodedOf(attack), undefined);
    await cluster.mapper.snapshot(never);
    return { asked, error: undefined };
  } catch (error) {
    return { asked, error };
  } finally {
    await clusters.close();
  }
}

describe('a hostile kubeconfig', () => {
  test('is one of at least 80, each with a name of its own', () => {
    expect(KUBECONFIG_ATTACKS.length).toBeGreaterThanOrEqual(80);
    expect(new Set(KUBECONFIG_ATTACKS.map(({ name }) => name)).size).toBe(KUBECONFIG_ATTACKS.length);
  });

  test.each(KUBECONFIG_ATTACKS.map((attack) => [attack.name, attack] as const))('%s', async (_name, attack) => {
    const before = contacts;
    const { asked, error } = await attempt(attack);
    expect(error).toBeInstanceOf(AppError);
    const { code, message, detail } = error as AppError;
    expect({ code, message }).toMatchObject({ code: attack.code });
    expect(detail.remedy).toBeTruthy();
    if (attack.field === undefined) expect(detail.problems).toBeUndefined();
    else expect(detail.problems?.map(({ field }) => field)).toContain(attack.field);
    // Nothing of what the document holds is told, nothing was contacted, and DNS is asked for scripted names only.
    expect(`${message} ${JSON.stringify(detail)}`).not.toMatch(/canary/i);
    expect(contacts).toBe(before);
    expect(asked.filter((host) => attack.dns?.[host] === undefined && host !== 'nowhere.test')).toEqual([]);
  });

  test('has run no program', async () => {
    await expect(stat(join(dir, 'canary-ran'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('has no file read for it', async () => {
    const file = join(dir, 'canary');
    const control = join(dir, 'control');
    await writeFile(control, 'x');
    const old = new Date('2020-01-01');
    for (const path of [file, control]) await utimes(path, old, new Date('2021-01-01'));
    for (const attack of KUBECONFIG_ATTACKS.filter(({ config }) => JSON.stringify(config).includes('/canary')))
      await attempt(attack);
    await readFile(control);
    // A file system without access times can show nothing here; the control says whether this one can.
    const shows = (await stat(control)).atimeMs !== old.getTime();
    if (shows) expect((await stat(file)).atimeMs).toBe(old.getTime());
  });
});
