import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process named so that a later process with the same id is not taken for it. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal for the same process, different for another one that was given the same id. */
  readonly startedAt: string;
}

/** SIGKILL follows SIGTERM after this long. */
const KILL_AFTER_MS = 10_000;
const POLL_MS = 25;

/** The identity of a running process, or undefined when there is none with this id. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = startTime(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether this very process, not merely its id, is still running. */
export function isRunning(process: ProcessIdentity): boolean {
  return startTime(process.pid) === process.startedAt;
}

/** Ends a process: SIGTERM, then SIGKILL. A process that is gone, or whose id now belongs to another, is left alone. */
export async function terminate(target: ProcessIdentity, killAfterMs = KILL_AFTER_MS): Promise<void> {
  if (!signal(target, 'SIGTERM')) return;
  if (await gone(target, killAfterMs)) return;
  // It cannot be refused, but a busy machine takes its time over it.
  if (signal(target, 'SIGKILL')) await gone(target, KILL_AFTER_MS);
}

/** Sends a signal to this very process; false when it is gone. */
export function signal(target: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!isRunning(target)) return false;
  try {
    process.kill(target.pid, name);
    return true;
  } catch {
    return false;
  }
}

async function gone(target: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (isRunning(target)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

function startTime(pid: number): string | undefined {
  return process.platform === 'linux' ? startTimeFromProc(pid) : startTimeFromPs(pid);
}

function startTimeFromProc(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The command name may hold spaces and brackets, so fields are counted after its last bracket:
  // the state is field 3, the start time in clock ticks since boot is field 22 (proc_pid_stat(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

function startTimeFromPs(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-p', String(pid), '-o', 'lstart='], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return line.trim() || undefined;
  } catch {
    return undefined;
  }
}
