import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChildRecord, readChildren } from './child-register.ts';
import { executableOf, hasVariable, identify, mayRun, processNamespace } from './process-identity.ts';
import { type FolderPlaces, isOwnFolder, parentFolders, RUN_NAME } from './run-folder.ts';

export interface Swept {
  /** Runs that had ended without clearing up. */
  runs: number;
  /** Programs of theirs that were still there. */
  killed: number;
}

/**
 * A run whose process numbers are not ours is taken for dead when it has not said for this long that it lives. Its programs died
 * with its namespace, or cannot be seen from here; only its folder is left.
 */
const SILENT_MS = 24 * 3600_000;

/** Ends what servers of our user left behind that were killed: their programs, then their folders. Never touches one that lives. */
export async function sweepDeadRuns(places: FolderPlaces, now: () => number = Date.now): Promise<Swept> {
  const swept: Swept = { runs: 0, killed: 0 };
  for (const parent of parentFolders(places)) {
    if (!isOwnFolder(parent)) continue;
    // As the children's environment has it.
    const folder = realpathSync(parent);
    for (const name of namesIn(folder)) {
      const run = join(folder, name);
      const [, pid, start, namespace] = RUN_NAME.exec(name) ?? [];
      if (pid === undefined || start === undefined || namespace === undefined || !isOwnFolder(run)) continue;
      const seesIt = namespace === processNamespace();
      if (seesIt ? lives(Number(pid), start) : !isSilent(run, now)) continue;
      if (seesIt) swept.killed += killChildren(run);
      // Another server may be at it as well: what is gone already is as it should be.
      await rm(run, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
      swept.runs += 1;
    }
  }
  return swept;
}

function lives(pid: number, start: string): boolean {
  // Written without /proc: the number is all there is to go by.
  if (start === '0') return mayRun(pid);
  return identify(pid)?.start === start;
}

function isSilent(run: string, now: () => number): boolean {
  try {
    return now() - lstatSync(run).mtimeMs > SILENT_MS;
  } catch {
    return false;
  }
}

function killChildren(run: string): number {
  const recorded = readChildren(run).filter((child) => isSame(child, run));
  for (const { pid } of recorded) kill(pid);
  // Those that were started in the moment before the end, and what children started: their home is in that folder.
  const strays = processes().filter((pid) => livesIn(pid, run));
  for (const pid of strays) kill(pid);
  return new Set([...recorded.map(({ pid }) => pid), ...strays]).size;
}

/** Number and start time say that it is the same process. A script may have replaced itself: its home tells then. */
function isSame({ pid, start, executables }: ChildRecord, run: string): boolean {
  if (pid <= 1 || pid === process.pid || identify(pid)?.start !== start) return false;
  return executables.includes(executableOf(pid) ?? '') || livesIn(pid, run);
}

/** The folder's name is random: nothing else has its home there. */
function livesIn(pid: number, run: string): boolean {
  return hasVariable(pid, 'HOME', `${run}/`);
}

function processes(): number[] {
  return namesIn('/proc')
    .filter((name) => /^\d{1,10}$/.test(name))
    .map(Number)
    .filter((pid) => pid > 1 && pid !== process.pid);
}

/** The whole group of one that leads a group, as our children do. */
function kill(pid: number): void {
  try {
    process.kill(identify(pid)?.group === pid ? -pid : pid, 'SIGKILL');
  } catch {
    // Gone in the meantime.
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
