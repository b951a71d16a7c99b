/** `<folder>/sandbox.json`: which sandbox runs, so that a second start can say where the first one is. */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivately } from './kubeconfig.ts';

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
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'sandbox.json');
  const mine: SandboxState = {
    pid: process.pid,
    processStart: processStart(process.pid),
    startedAt: new Date(now).toISOString(),
    url: '',
    kubeconfig: '',
  };
  // Linking fails when the name exists, and never shows half a file: of two starts at once only one wins.
  const beside = `${path}.${process.pid}.claim`;
  writeFileSync(beside, JSON.stringify(mine), { mode: 0o600 });
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
        rmSync(path, { force: true });
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

/** The sandbox that runs in `folder`, if one does. */
export function runningSandbox(folder: string): SandboxState | undefined {
  const state = readState(folder);
  return state !== undefined && isAlive(state) ? state : undefined;
}

function readState(folder: string): SandboxState | undefined {
  try {
    return stateOf(JSON.parse(readFileSync(join(folder, 'sandbox.json'), 'utf8')));
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
