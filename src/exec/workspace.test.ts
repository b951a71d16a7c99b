import { existsSync, readdirSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorkspace, type Workspace } from './workspace.ts';
import { createCacheFolders } from './workspace-caches.ts';

describe('createWorkspace', () => {
  let place: string;
  let workspace: Workspace;
  let problems: string[];
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), 'workspace-'));
    problems = [];
    workspace = createWorkspace({ places: { only: place }, onProblem: (message) => problems.push(message) });
  });
  afterEach(async () => {
    workspace.close();
    await rm(place, { recursive: true, force: true });
  });

  it('makes nothing before the first command', () => {
    expect(readdirSync(place)).toEqual([]);
  });

  it('gives a command folders of its own, which are gone after it', async () => {
    const bytes = new Uint8Array([0, 255]);
    const folder = await workspace.enter('dev', [{ path: 'a/b/c.bin', bytes }]);
    folder.writeKubeconfig('kind: Config');
    expect(new Uint8Array(await readFile(join(folder.work, 'a/b/c.bin')))).toEqual(bytes);
    expect((await lstat(join(folder.work, 'a/b/c.bin'))).mode & 0o777).toBe(0o600);
    expect((await lstat(folder.kubeconfig)).mode & 0o777).toBe(0o600);
    expect((await lstat(folder.root)).mode & 0o777).toBe(0o700);
    expect(() => folder.writeKubeconfig('again')).toThrow('EEXIST');
    await Promise.all([folder.leave(), folder.leave()]);
    expect(existsSync(folder.root)).toBe(false);
    expect(workspace.counts()).toEqual({ open: 0, caches: 1, failedRemovals: 0 });
  });

  it('leaves nothing of a command that used none of its folders, nor of one that put a link in their place', async () => {
    await writeFile(join(place, 'treasure'), 'x');
    const [unused, linked] = [await workspace.enter('dev', []), await workspace.enter('dev', [])];
    unused.writeKubeconfig('kind: Config');
    linked.writeKubeconfig('kind: Config');
    await rm(linked.tmp, { recursive: true });
    await symlink(place, linked.tmp);
    await Promise.all([unused.leave(), linked.leave()]);
    expect([existsSync(unused.root), existsSync(linked.root)]).toEqual([false, false]);
    expect(existsSync(join(place, 'treasure'))).toBe(true);
    expect(workspace.counts()).toMatchObject({ open: 0, failedRemovals: 0 });
  });

  it('removes links that a command made, never what they lead to', async () => {
    await writeFile(join(place, 'treasure'), 'x');
    const folder = await workspace.enter('dev', []);
    await symlink(place, join(folder.work, 'folder'));
    await symlink(join(place, 'treasure'), join(folder.work, 'file'));
    await folder.leave();
    expect(existsSync(folder.root)).toBe(false);
    expect(existsSync(join(place, 'treasure'))).toBe(true);
  });

  it.each(['../x', '/etc/x', 'a/../../x', 'nul\0', '.', ''])(
    'refuses a file at %j and leaves nothing',
    async (path) => {
      await expect(workspace.enter('dev', [{ path, bytes: new Uint8Array() }])).rejects.toMatchObject({
        code: 'internal',
      });
      expect(workspace.counts()).toMatchObject({ open: 0, failedRemovals: 0 });
    },
  );

  it('makes a new folder when somebody took the old one away', async () => {
    const first = await workspace.enter('dev', []);
    await first.leave();
    await rm(dirname(first.empty), { recursive: true, force: true });
    const second = await workspace.enter('dev', []);
    expect(existsSync(second.work)).toBe(true);
    await second.leave();
  });

  it('removes everything at close, with commands in it', async () => {
    const folder = await workspace.enter('dev', []);
    workspace.close();
    expect(existsSync(dirname(folder.empty))).toBe(false);
    await folder.leave();
    expect(problems).toEqual([]);
  });

  it('says what it cleared up after a server that was killed', async () => {
    const folder = await workspace.enter('dev', []);
    const parent = dirname(dirname(folder.empty));
    const dead = join(parent, `99999999-1-${/-(\d+)-[0-9a-f]+$/.exec(dirname(folder.empty))?.[1]}-${'0'.repeat(24)}`);
    await mkdir(dead);
    await workspace.sweep();
    expect(existsSync(dead)).toBe(false);
    expect(existsSync(folder.root)).toBe(true);
    expect(problems).toEqual(['cleared up after 1 server(s) that were killed; ended 0 program(s) of theirs']);
    await folder.leave();
  });

  it('reports a folder that cannot be removed', async (test) => {
    if (process.getuid?.() === 0) return test.skip();
    const folder = await workspace.enter('dev', []);
    await mkdir(join(folder.work, 'closed'));
    await writeFile(join(folder.work, 'closed', 'file'), '');
    await chmod(join(folder.work, 'closed'), 0o500);
    await folder.leave();
    expect(workspace.counts().failedRemovals).toBe(1);
    await chmod(join(folder.work, 'closed'), 0o700);
    return undefined;
  });
});

describe('createCacheFolders', () => {
  it('keeps the handles used last, and those in use', async () => {
    const root = join(await mkdtemp(join(tmpdir(), 'caches-')), 'cache');
    const caches = createCacheFolders(root, 2);
    const busy = caches.enter('busy');
    for (const handle of ['a', 'b', 'a', 'c']) caches.enter(handle).leave();
    expect(readdirSync(root).sort()).toEqual(['busy', 'c']);
    const a = caches.enter('a');
    busy.leave();
    expect(readdirSync(root).sort()).toEqual(['a', 'busy']);
    a.leave();
    expect(() => caches.enter('../x')).toThrow('handle');
    await rm(dirname(root), { recursive: true });
  });
});
