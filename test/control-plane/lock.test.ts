import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './lock.ts';
import { identify, isRunning } from './processes.ts';

describe('withLock', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'k8s-mcp-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('lets one at a time in and leaves nothing behind', async () => {
    const file = join(folder, 'lock');
    let inside = 0;
    let most = 0;
    let waited = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
    };
    await Promise.all([1, 2, 3].map(() => withLock(file, work, () => waited++)));
    expect({ most, waited }).toEqual({ most: 1, waited: 2 });
    expect(existsSync(file)).toBe(false);
  });

  it('takes over the lock of a process that is gone', async () => {
    const file = join(folder, 'lock');
    writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: 'another life of this process id' }));
    await expect(withLock(file, async () => 'done')).resolves.toBe('done');
  });

  it('gives the lock back when the work fails', async () => {
    const file = join(folder, 'lock');
    await expect(withLock(file, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(existsSync(file)).toBe(false);
  });
});

describe('process identity', () => {
  it('knows this process, and not one that merely has its id', () => {
    const me = identify(process.pid)!;
    expect(isRunning(me)).toBe(true);
    expect(isRunning({ ...me, startedAt: `${me.startedAt}0` })).toBe(false);
  });
});
