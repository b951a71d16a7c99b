import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, realpathSync, rmSync, statfsSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { identify, processNamespace } from './process-identity.ts';

/** Where folders of server runs may be, best first. Memory before disk: they hold callers' files. */
export interface FolderPlaces {
  /** XDG_RUNTIME_DIR. */
  runtimeDir?: string | undefined;
  /** In place of all others; for tests. */
  only?: string;
}

/** A folder that belongs to this run of the server, and to nobody else. */
export interface RunFolder {
  /** Absolute, links resolved. */
  path: string;
  /** Removes it with all that is in it. */
  close(): void;
}

const MEMORY = '/dev/shm';
/** TMPFS_MAGIC of statfs(2). */
const TMPFS = 0x01021994;
/** Containers get 64 MB of /dev/shm: too little for charts and discovery caches of several commands at once. */
const MIN_ROOM = 128 * 1024 * 1024;
/** How often a run says that it lives, to servers that share the folder but not the process numbers. */
const HEARTBEAT_MS = 15 * 60_000;

/** `<pid>-<start time>-<process namespace>-<random>` */
export const RUN_NAME = /^(\d{1,10})-(\d{1,20})-(\d{1,20})-[0-9a-f]{24}$/;

/** Makes this run's folder, in the first place that is ours and private. */
export function openRunFolder(places: FolderPlaces): RunFolder {
  const start = identify(process.pid)?.start ?? '0';
  const name = `${process.pid}-${start}-${processNamespace()}-${randomBytes(12).toString('hex')}`;
  const path = realpathSync(firstMade(places, name));
  const beat = setInterval(() => touch(path), HEARTBEAT_MS);
  beat.unref();
  return {
    path,
    close() {
      clearInterval(beat);
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function firstMade(places: FolderPlaces, name: string): string {
  for (const parent of parentFolders(places)) {
    if (dirname(parent) === MEMORY && !isRoomyMemory(MEMORY)) continue;
    if (!makePrivate(parent)) continue;
    const path = join(parent, name);
    mkdirSync(path, { mode: 0o700 });
    return path;
  }
  throw new Error(
    'there is no place for private folders: neither /dev/shm, XDG_RUNTIME_DIR nor the folder for temporary files',
  );
}

/** The folders of all runs of our user, in every place where one could be. */
export function parentFolders({ runtimeDir, only }: FolderPlaces): string[] {
  const name = `k8s-mcp-${process.getuid?.() ?? 0}`;
  const places = only === undefined ? [MEMORY, runtimeDir, tmpdir()] : [only];
  const usable = places.filter((place): place is string => place !== undefined && isAbsolute(place));
  return [...new Set(usable)].map((place) => join(place, name));
}

function isRoomyMemory(place: string): boolean {
  try {
    const { type, bavail, bsize } = statfsSync(place);
    return type === TMPFS && bavail * bsize >= MIN_ROOM;
  } catch {
    return false;
  }
}

/** Others may write where our parent folder stands, and may have been there first: it is used only if it is a folder, and ours alone. */
function makePrivate(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) return false;
  }
  if (!isOwnFolder(path)) return false;
  try {
    if ((lstatSync(path).mode & 0o077) !== 0) chmodSync(path, 0o700);
    return true;
  } catch {
    return false;
  }
}

/** A real folder, no link to one, that belongs to our user. */
export function isOwnFolder(path: string): boolean {
  try {
    const found = lstatSync(path);
    return found.isDirectory() && found.uid === (process.getuid?.() ?? found.uid);
  } catch {
    return false;
  }
}

function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Somebody cleaned up: the next command makes a new one.
  }
}
