import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface RotatingFileOptions {
  path: string;
  /** Bytes after which the file is set aside; default 10 MiB. */
  maxBytes?: number;
  /** Also set aside when the (UTC) day changes. */
  daily?: boolean;
  /** Older files kept as `path.1`, `path.2`…; default 7. */
  keep?: number;
  now?: () => number;
  /** Told of the first failure of the disk, and of the next one after a success. */
  onError?: (error: unknown) => void;
}

export interface LineSink {
  /** Appends `line`, which ends with a newline. Never throws and never waits for the disk. */
  write(line: string): void;
  /** Waits until all is written. */
  close(): Promise<void>;
}

const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;
const DEFAULT_KEEP = 7;
/** UTF-16 units that may wait for a slow disk; what comes beyond is dropped and reported. */
const MAX_WAITING = 8 * 1024 * 1024;
const OWNER_ONLY = 0o600;
const DAY_MS = 86_400_000;

interface OpenFile {
  handle: FileHandle;
  size: number;
  inode: number;
  day: number;
}

/** An append-only file of lines, readable by its owner only. It is created at the first line. */
export function createRotatingFile(options: RotatingFileOptions): LineSink {
  const { path, maxBytes = DEFAULT_MAX_BYTES, daily = false, keep = DEFAULT_KEEP, now = Date.now } = options;
  let waiting: string[] = [];
  let waitingUnits = 0;
  let writing: Promise<void> | undefined;
  let file: OpenFile | undefined;
  let failed = false;

  const fail = (error: unknown): void => {
    if (!failed) options.onError?.(error);
    failed = true;
  };

  const isFull = ({ size, day }: OpenFile, bytes: number, today: number): boolean =>
    size > 0 && (size + bytes > maxBytes || (daily && day !== today));

  const ready = async (bytes: number): Promise<OpenFile> => {
    const today = Math.floor(now() / DAY_MS);
    file ??= await openFile(path, today);
    if (!isFull(file, bytes, today)) return file;
    const full = file;
    file = undefined;
    await full.handle.close();
    // Another process may have set it aside already.
    if ((await inodeOf(path)) === full.inode) await shift(path, keep);
    file = await openFile(path, today);
    return file;
  };

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = takeBatch(waiting, maxBytes);
      waiting = waiting.slice(batch.count);
      waitingUnits -= batch.text.length;
      try {
        const bytes = Buffer.from(batch.text);
        const target = await ready(bytes.length);
        await target.handle.appendFile(bytes);
        target.size += bytes.length;
        failed = false;
      } catch (error) {
        fail(error);
        await file?.handle.close().catch(() => undefined);
        file = undefined;
      }
    }
  };

  const flush = (): Promise<void> => {
    writing ??= drain().finally(() => {
      writing = undefined;
    });
    return writing;
  };

  return {
    write(line) {
      if (waitingUnits + line.length > MAX_WAITING) {
        fail(new Error('the disk is too slow: log lines are dropped'));
        return;
      }
      waiting.push(line);
      waitingUnits += line.length;
      void flush();
    },
    async close() {
      while (waiting.length > 0 || writing !== undefined) await flush();
      const last = file;
      file = undefined;
      await last?.handle.close().catch(() => undefined);
    },
  };
}

/** As many lines as go into one file, at least one. */
function takeBatch(lines: readonly string[], maxBytes: number): { text: string; count: number } {
  let text = '';
  let count = 0;
  for (const line of lines) {
    if (count > 0 && text.length + line.length > Math.min(maxBytes, 65_536)) break;
    text += line;
    count++;
  }
  return { text, count };
}

async function openFile(path: string, today: number): Promise<OpenFile> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await open(path, 'a', OWNER_ONLY);
  try {
    await handle.chmod(OWNER_ONLY);
    const { size, ino, mtimeMs } = await handle.stat();
    return { handle, size, inode: ino, day: size > 0 ? Math.floor(mtimeMs / DAY_MS) : today };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function inodeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ ino }) => ino,
    () => undefined,
  );
}

async function shift(path: string, keep: number): Promise<void> {
  await rm(`${path}.${keep}`, { force: true });
  for (let n = keep - 1; n >= 1; n--) await rename(`${path}.${n}`, `${path}.${n + 1}`).catch(() => undefined);
  if (keep > 0) await rename(path, `${path}.1`);
  else await rm(path, { force: true });
}
