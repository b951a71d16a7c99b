/** `<folder>/sandbox.json`: which sandbox runs, so that a second start can say where the first one is. */
import { randomUUID } from 'node:crypto';
import { linkSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../src/kernel/errors.ts';
import { writeBeside, writePrivately } from './kubeconfig.ts';

export interface SandboxState {
  pid: number;
  /** Of the process, as the system counts it, so that a reused pid is not taken for us; '' where that cannot be read. */
  processStart: string;
  /** RFC 3339. */
  startedAt: string;
  /** '' until it listens. */
  url: string;
  kubeconfig: string;
}

export type Claim =
  | {
      kind: 'ours' /** Writes where we are. */;
      publish(where: { url: string; kubeconfig: string }): void;
      release(): void;
    }
  | { kind: 'taken'; state: SandboxState };

/** Takes the folder for this process, or says whose it is. What a dead process left is replaced. */
export function claimFolder(folder: string, now: number): Claim {
  openFolder(folder);
  const path = join(folder, 'sandbox.json');
  const mine: SandboxState = {
    pid: process.pid,
    processStart: processStart(process.pid),
    startedAt: new Date(now).toISOString(),
    url: '',
    kubeconfig: '',
  };
  // Linking fails when the name exists, and never shows half a file: of two starts at once only one wins.
  const beside = writeBeside(path, JSON.stringify(mine));
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        linkSync(beside, path);
        break;
      } catch (thrown) {
        if (!isCode(thrown, 'EEXIST')) throw thrown;
        const state = readState(folder);
        if (state !== undefined && isAlive(state)) return { kind: 'taken', state };
        if (attempt > 2) throw thrown;
        takeAway(path);
      }
    }
  } finally {
    rmSync(beside, { force: true });
  }
  return {
    kind: 'ours',
    publish: (where) => writePrivately(path, JSON.stringify({ ...mine, ...where })),
    release() {
      if (readState(folder)?.pid === process.pid) rmSync(path, { force: true });
    },
  };
}

/** What a sandbox keeps in it is its owner's alone, so nobody else may have a hand in the folder. */
function openFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    // A folder for everybody is safe as far as only owners remove their files from it, as in /tmp.
    if (isOurs(uid) && ((mode & 0o002) === 0 || (mode & 0o1000) !== 0)) return;
    if (uid === 0 && (mode & 0o1000) !== 0) return;
  } catch (thrown) {
    throw unusable(folder, thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown', thrown);
  }
  throw unusable(folder, 'others may change what is in it');
}

const unusable = (folder: string, why: string, cause?: unknown) =>
  new AppError('invalid_argument', `The sandbox cannot keep its state in ${folder}: ${why}.`, {
    remedy: 'Name a folder of your own with --folder (with k8s-mcp serve: --state-dir); it is made if it is not there.',
    cause,
  });

/** Where there are no user ids, there is nobody else. */
function isOurs(uid: number): boolean {
  const own = process.getuid?.();
  return own === undefined || own === uid;
}

/** What nobody uses any more; put back when another start has meanwhile taken its place. */
function takeAway(path: string): void {
  const aside = `${path}.${randomUUID()}.old`;
  try {
    renameSync(path, aside);
  } catch (thrown) {
    if (isCode(thrown, 'ENOENT')) return;
    throw thrown;
  }
  try {
    const state = readStateOf(aside);
    if (state !== undefined && isAlive(state)) linkSync(aside, path);
  } catch (thrown) {
    if (!isCode(thrown, 'EEXIST')) throw thrown;
  } finally {
    rmSync(aside, { force: true, recursive: true });
  }
}

/** The sandbox that runs in `folder`, if one does. */
export function runningSandbox(folder: string): SandboxState | undefined {
  const state = readState(folder);
  return state !== undefined && isAlive(state) ? state : undefined;
}

const readState = (folder: string) => readStateOf(join(folder, 'sandbox.json'));

function readStateOf(path: string): SandboxState | undefined {
  try {
    // Credentials are read from where it says: it must be our own word.
    const { uid } = lstatSync(path);
    return isOurs(uid) ? stateOf(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined when it is none. By hand, as every start waits for it and a library of schemas takes a while to load. */
function stateOf(value: unknown): SandboxState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, processStart, startedAt, url, kubeconfig }: Partial<Record<keyof SandboxState, unknown>> = value;
  if (typeof pid !== 'number' || !Number.isInteger(pid) || pid < 1) return undefined;
  if (typeof processStart !== 'string' || typeof startedAt !== 'string') return undefined;
  if (typeof url !== 'string' || typeof kubeconfig !== 'string') return undefined;
  return { pid, processStart, startedAt, url, kubeconfig };
}

function isAlive({ pid, processStart: start }: SandboxState): boolean {
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    // Somebody else's process: alive, and not one that we started.
    if (!isCode(thrown, 'EPERM')) return false;
  }
  return processStart(pid) === start;
}

/** Field 22 of /proc/PID/stat (proc(5)), counted after the command name, which may hold anything; '' elsewhere than on Linux. */
function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === code;
}
