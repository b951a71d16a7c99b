import { readFileSync, readlinkSync } from 'node:fs';

/** What tells a process from a later one that got its number. */
export interface ProcessIdentity {
  /** Clock ticks since boot, as the kernel writes them. */
  start: string;
  /** Its process group. */
  group: number;
}

/** A process that runs, from /proc; undefined when there is none of that number, when it is a zombie, and where there is no /proc. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readProc(pid, 'stat');
  // The name in brackets may itself hold spaces and brackets.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, , group] = fields ?? [];
  // Field 22 of proc(5), of which the first two are cut off.
  const start = fields?.[19];
  if (state === undefined || state === 'Z' || state === 'X' || group === undefined) return undefined;
  return start === undefined || !/^\d+$/.test(start) ? undefined : { start, group: Number(group) };
}

/** The file that a process runs, links resolved. */
export function executableOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return undefined;
  }
}

/** Whether a process was started with this variable set to a value that begins so. Only for processes of our own user. */
export function hasVariable(pid: number, name: string, valueStart: string): boolean {
  const wanted = Buffer.from(`\0${name}=${valueStart}`).toString('latin1');
  return `\0${readProc(pid, 'environ') ?? ''}`.includes(wanted);
}

/** The namespace that our process numbers belong to, as digits; '0' where it cannot be known. Numbers of another one mean nothing here. */
export function processNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

/** False only when it is certain that no such process runs. */
export function mayRun(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return !(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH');
  }
}

function readProc(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return undefined;
  }
}
