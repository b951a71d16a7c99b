import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { executableOf, identify } from './process-identity.ts';

/** A child as its server wrote it down. */
export interface ChildRecord {
  pid: number;
  start: string;
  /** What it may be running: the program, and what it was when it was written down. */
  executables: readonly string[];
}

/** The children of this run, on disk, so that a later run can end them if this one is killed. */
export interface ChildRegister {
  /** Writes a child down; call it right after the start. Returns what strikes it out again. */
  add(pid: number, executable: string): () => void;
  /** Those that run now. */
  pids(): readonly number[];
}

const NAME = /^(\d{1,10})-(\d{1,20})$/;
const MAX_RECORD_BYTES = 16_384;
/** More children than a server ever runs at once. */
const MAX_RECORDS = 10_000;

export function childrenFolder(runFolder: string): string {
  return join(runFolder, 'children');
}

/** One small file a child: nothing grows, and nothing is ever rewritten. */
export function createChildRegister(runFolder: string): ChildRegister {
  const folder = childrenFolder(runFolder);
  mkdirSync(folder, { mode: 0o700 });
  const running = new Set<number>();
  return {
    add(pid, executable) {
      running.add(pid);
      const file = record(folder, pid, executable);
      return () => {
        running.delete(pid);
        if (file !== undefined) rmSync(file, { force: true });
      };
    },
    pids: () => [...running],
  };
}

function record(folder: string, pid: number, executable: string): string | undefined {
  const identity = identify(pid);
  // It has ended already, or there is no /proc.
  if (identity === undefined) return undefined;
  const file = join(folder, `${pid}-${identity.start}`);
  const executables = new Set([executable, resolved(executable), executableOf(pid) ?? executable]);
  try {
    writeFileSync(file, [...executables].join('\n'), { mode: 0o600, flag: 'wx' });
    return file;
  } catch {
    // A full disk is no reason to fail the command.
    return undefined;
  }
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** What a run wrote down. What does not look as we write it is passed over. */
export function readChildren(runFolder: string): ChildRecord[] {
  const folder = childrenFolder(runFolder);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.slice(0, MAX_RECORDS).flatMap((name) => {
    const [, pid, start] = NAME.exec(name) ?? [];
    const text = pid === undefined ? undefined : readSmallFile(join(folder, name));
    if (pid === undefined || start === undefined || text === undefined) return [];
    return [{ pid: Number(pid), start, executables: text.split('\n').filter((line) => line.startsWith('/')) }];
  });
}

/** Follows no link, waits for no pipe, reads no more than a record can be. */
function readSmallFile(path: string): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const found = fstatSync(descriptor);
    if (!found.isFile() || found.size > MAX_RECORD_BYTES || found.uid !== process.getuid?.()) return undefined;
    const bytes = Buffer.alloc(found.size);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, found.size, 0));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
