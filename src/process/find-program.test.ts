import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProgram, searchedDirs, usualProgramDirs } from './find-program.ts';

describe('findProgram', () => {
  let root: string;
  const executable = async (dir: string, name: string) => {
    await mkdir(join(root, dir), { recursive: true });
    await writeFile(join(root, dir, name), '#!/bin/sh\n');
    await chmod(join(root, dir, name), 0o755);
    return join(root, dir, name);
  };
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'find-program-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('takes the first executable on PATH before the extra folders', async () => {
    await executable('b', 'tool');
    const first = await executable('a', 'tool');
    const path = [join(root, 'none'), join(root, 'a')].join(delimiter);
    expect(await findProgram('tool', { path, extraDirs: [join(root, 'b')] })).toBe(first);
  });

  it('falls back to the extra folders when PATH is missing', async () => {
    const tool = await executable('b', 'tool');
    expect(await findProgram('tool', { path: undefined, extraDirs: [join(root, 'b')] })).toBe(tool);
  });

  it('passes over folders and files that are not executable', async () => {
    await mkdir(join(root, 'a', 'tool'), { recursive: true });
    await mkdir(join(root, 'b'), { recursive: true });
    await writeFile(join(root, 'b', 'tool'), '', { mode: 0o644 });
    const tool = await executable('c', 'tool');
    const path = ['a', 'b', 'c'].map((dir) => join(root, dir)).join(delimiter);
    expect(await findProgram('tool', { path, extraDirs: [] })).toBe(tool);
  });

  it('accepts an absolute path to an executable only', async () => {
    const tool = await executable('a', 'tool');
    expect(await findProgram(tool, { path: '', extraDirs: [] })).toBe(tool);
    expect(await findProgram(join(root, 'a', 'other'), { path: '', extraDirs: [] })).toBeUndefined();
  });

  it('never searches the working directory', async () => {
    expect(searchedDirs({ path: ['', '.', 'bin', '/x'].join(delimiter), extraDirs: ['/y', '/x', 'z'] })).toEqual([
      '/x',
      '/y',
    ]);
    expect(await findProgram('./tool', { path: root, extraDirs: [] })).toBeUndefined();
    expect(await findProgram('', { path: root, extraDirs: [] })).toBeUndefined();
  });

  it('knows the folders that desktop hosts leave out of PATH', () => {
    expect(usualProgramDirs('/home/ada')).toEqual(
      expect.arrayContaining([
        '/usr/local/bin',
        '/opt/homebrew/bin',
        '/home/ada/.local/bin',
        '/home/ada/bin',
        '/snap/bin',
      ]),
    );
    expect(usualProgramDirs(undefined)).not.toContain('bin');
  });
});
