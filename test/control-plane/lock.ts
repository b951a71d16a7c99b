import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isRunning, type ProcessIdentity } from './processes.ts';

const POLL_MS = 500;

/**
 * Runs `work` while holding a lock file, waiting for whoever holds it. A lock whose holder died is taken over.
 * `onWait` is called once, when somebody else holds the lock.
 */
export async function withLock<T>(file: string, work: () => Promise<T>, onWait: () => void = () => {}): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  let told = false;
  while (!acquire(file)) {
    if (!told) onWait();
    told = true;
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function acquire(file: string): boolean {
  const mine = `${file}.${process.pid}`;
  // Linking a complete file is atomic: nobody ever reads a lock that is there but still empty.
  writeFileSync(mine, JSON.stringify(identify(process.pid)));
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
    removeIfHolderDied(file);
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

function removeIfHolderDied(file: string): void {
  const holder = read(file);
  if (holder === undefined || isRunning(holder)) return;
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    // Between the read and the rename another process may have taken the lock over: then it is put back.
    const moved = read(aside);
    if (moved !== undefined && isRunning(moved)) linkSync(aside, file);
  } catch {
    // Somebody else was faster; the next round looks again.
  } finally {
    rmSync(aside, { force: true });
  }
}

function read(file: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('startedAt' in value)) return undefined;
    return { pid: Number(value.pid), startedAt: String(value.startedAt) };
  } catch {
    return undefined;
  }
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
