import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../kernel/clock.ts';
import type { UserEntry } from '../kubeconfig/types.ts';
import { createCredentialSource } from './create-source.ts';

const signal = new AbortController().signal;
const NOTHING = async () => {
  throw new Error('must not be called');
};
const PEM = (text: string) => `-----BEGIN ${text}-----`;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'credentials-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function source(user: Partial<UserEntry>) {
  const entry: UserEntry = {
    name: 'u',
    origin: { file: '/config', line: 1 },
    clientCertificate: undefined,
    clientKey: undefined,
    token: undefined,
    tokenFile: undefined,
    username: undefined,
    password: undefined,
    exec: undefined,
    authProvider: undefined,
    impersonate: { user: undefined, uid: undefined, groups: [], extra: {} },
    ...user,
  };
  return createCredentialSource(entry, NOTHING, {
    clock: systemClock,
    run: NOTHING,
    find: NOTHING,
    env: {},
    home: undefined,
    execTimeLimitMs: 1,
    shutdown: signal,
  });
}

async function replace(name: string, text: string): Promise<string> {
  await writeFile(join(dir, 'next'), text);
  await rename(join(dir, 'next'), join(dir, name));
  return join(dir, name);
}

describe('static credentials', () => {
  it('are a bearer token or a password, and a 401 changes nothing', async () => {
    const token = source({ token: 'abc' });
    expect(await token.current(signal)).toEqual({ headers: { authorization: 'Bearer abc' }, generation: 1 });
    expect(await token.refresh(1, signal)).toBe(false);
    const basic = source({ username: 'ada', password: 'p:w' });
    expect((await basic.current(signal)).headers).toEqual({ authorization: 'Basic YWRhOnA6dw==' });
  });

  it('refuse a token that no header can carry, without showing it', () => {
    expect(() => source({ token: 'hun ter2' })).toThrow(
      expect.objectContaining({ code: 'credentials_failed', message: expect.not.stringContaining('ter2') }),
    );
  });
});

describe('tokenFile', () => {
  it('wins over token, is trimmed and read again when it changes', async () => {
    const tokenFile = await replace('token', 'one\n');
    const credentials = source({ tokenFile, token: 'static' });
    expect(await credentials.current(signal)).toEqual({ headers: { authorization: 'Bearer one' }, generation: 1 });
    expect((await credentials.current(signal)).generation).toBe(1);
    await replace('token', 'two');
    expect(await credentials.current(signal)).toEqual({ headers: { authorization: 'Bearer two' }, generation: 2 });
    expect(await credentials.refresh(1, signal)).toBe(true);
    expect(await credentials.refresh(2, signal)).toBe(false);
    await replace('token', 'three');
    expect(await credentials.refresh(2, signal)).toBe(true);
  });

  it('falls back to token while the file is missing, else says which file', async () => {
    const tokenFile = join(dir, 'none');
    expect((await source({ tokenFile, token: 'static' }).current(signal)).headers).toEqual({
      authorization: 'Bearer static',
    });
    await expect(source({ tokenFile }).current(signal)).rejects.toMatchObject({
      code: 'credentials_failed',
      message: `The token file ${tokenFile} cannot be read.`,
    });
    await expect(source({ tokenFile: await replace('empty', '\n') }).current(signal)).rejects.toMatchObject({
      code: 'credentials_failed',
    });
  });
});

describe('client certificates', () => {
  it('come inline or from files that are read again when they change', async () => {
    const path = await replace('cert', PEM('A'));
    const credentials = source({
      clientCertificate: { from: 'file', path },
      clientKey: { from: 'inline', pem: PEM('K') },
      token: 't',
    });
    expect(await credentials.current(signal)).toEqual({
      headers: { authorization: 'Bearer t' },
      clientCertificate: { cert: PEM('A'), key: PEM('K') },
      generation: 1,
    });
    await replace('cert', PEM('B'));
    expect(await credentials.current(signal)).toMatchObject({ clientCertificate: { cert: PEM('B') }, generation: 2 });
  });

  it('name the file that is missing or is no PEM', async () => {
    const key = { from: 'inline', pem: PEM('K') } as const;
    await expect(
      source({ clientCertificate: { from: 'file', path: join(dir, 'none') }, clientKey: key }).current(signal),
    ).rejects.toMatchObject({
      code: 'credentials_failed',
      message: `The client certificate file ${join(dir, 'none')} cannot be read.`,
    });
    const clientCertificate = { from: 'inline', pem: 'hunter2' } as const;
    await expect(source({ clientCertificate, clientKey: key }).current(signal)).rejects.toMatchObject({
      message: 'The client certificate from the kubeconfig is not PEM text.',
    });
  });
});
