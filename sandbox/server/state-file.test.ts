import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { kubeconfigText, writePrivately } from './kubeconfig.ts';
import { claimFolder, runningSandbox } from './state-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-state-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the first start has the folder, a second one is told where the first is', () => {
  const first = claimFolder(folder, 0);
  if (first.kind !== 'ours') throw new Error('the folder was free');
  first.publish({ url: 'https://127.0.0.1:1', kubeconfig: '/somewhere' });
  expect(claimFolder(folder, 0)).toMatchObject({
    kind: 'taken',
    state: { url: 'https://127.0.0.1:1', kubeconfig: '/somewhere', startedAt: '1970-01-01T00:00:00.000Z' },
  });
  expect(runningSandbox(folder)?.pid).toBe(process.pid);
  first.release();
  expect(runningSandbox(folder)).toBeUndefined();
  expect(claimFolder(folder, 0).kind).toBe('ours');
});

test('what a dead process left, a reused pid or a broken file, is replaced', () => {
  const path = join(folder, 'sandbox.json');
  const left = { pid: 2 ** 22 + 1, processStart: '', startedAt: '', url: 'x', kubeconfig: 'y' };
  for (const state of [JSON.stringify(left), JSON.stringify({ ...left, pid: process.pid, processStart: '1' }), '{']) {
    writeFileSync(path, state);
    const claim = claimFolder(folder, 0);
    expect(claim.kind).toBe('ours');
    if (claim.kind === 'ours') claim.release();
  }
});

test('a kubeconfig has a context for each user and is private', () => {
  const path = join(folder, 'deep', 'kubeconfig');
  const text = kubeconfigText({
    url: 'https://127.0.0.1:1',
    authority: 'CA',
    users: [
      { context: 'sandbox', credentials: { kind: 'certificate', certificate: { cert: 'C', key: 'K' } } },
      { context: 'viewer', namespace: 'shop', credentials: { kind: 'token', token: 't' } },
    ],
  });
  writePrivately(path, text);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(parse(readFileSync(path, 'utf8'))).toMatchObject({
    'current-context': 'sandbox',
    clusters: [{ cluster: { server: 'https://127.0.0.1:1', 'certificate-authority-data': 'Q0E=' } }],
    contexts: [
      { name: 'sandbox', context: { user: 'sandbox' } },
      { name: 'viewer', context: { user: 'viewer', namespace: 'shop' } },
    ],
    users: [{ user: { 'client-certificate-data': 'Qw==', 'client-key-data': 'Sw==' } }, { user: { token: 't' } }],
  });
});

test('folder and files are private, and links in their place are not followed', () => {
  const own = join(folder, 'own');
  const target = join(folder, 'target');
  const first = claimFolder(own, 0);
  if (first.kind !== 'ours') throw new Error('the folder was free');
  expect([statSync(own).mode & 0o777, statSync(join(own, 'sandbox.json')).mode & 0o777]).toEqual([0o700, 0o600]);
  symlinkSync(target, join(own, 'kubeconfig'));
  writePrivately(join(own, 'kubeconfig'), 'keys');
  expect(statSync(join(own, 'kubeconfig')).mode & 0o777).toBe(0o600);
  first.release();
  expect([readdirSync(own), readdirSync(folder)]).toEqual([['kubeconfig'], ['own']]);
});

test('a folder in which others have a hand is refused, and one that is none', () => {
  const open = join(folder, 'open');
  mkdirSync(open);
  chmodSync(open, 0o777);
  expect(() => claimFolder(open, 0)).toThrow(`cannot keep its state in ${open}: others may change what is in it`);
  chmodSync(open, 0o1777);
  expect(claimFolder(open, 0).kind).toBe('ours');
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => claimFolder(file, 0)).toThrow(`cannot keep its state in ${file}: EEXIST`);
});

test.runIf(process.getuid?.() === 0)('what another user has put there is not believed', () => {
  const state = { pid: process.pid, processStart: '', startedAt: '', url: 'https://x', kubeconfig: '/evil' };
  const claim = claimFolder(folder, 0);
  if (claim.kind !== 'ours') throw new Error('the folder was free');
  claim.publish(state);
  chownSync(join(folder, 'sandbox.json'), 12_345, 12_345);
  expect(runningSandbox(folder)).toBeUndefined();
  expect(claimFolder(folder, 0).kind).toBe('ours');
  chownSync(folder, 12_345, 12_345);
  expect(() => claimFolder(folder, 0)).toThrow('others may change what is in it');
});
