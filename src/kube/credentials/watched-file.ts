import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Clock } from '../../kernel/clock.ts';

/**
 * Equal while a file is unchanged: path, times, size and inode. Each call of a tool asks, and the way through the thread pool and back
 * takes fifty times as long as the answer.
 */
export function fileStamp(path: string): string {
  try {
    const { mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true });
    return `${path} ${mtimeNs} ${ctimeNs} ${size} ${ino}`;
  } catch (thrown) {
    return `${path} ${isMissing(thrown) ? 'missing' : 'unreadable'}`;
  }
}

export function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR');
}

/** Some mounts do not move a file's times, so that its text is read anew after this long whatever stat says. As client-go. */
const MAX_AGE_MS = 10_000;

export interface WatchedFile {
  /** The text; read again when the file's stat changed or after 10 s. Rejects with the system's error. */
  read(): Promise<string>;
  /** The next `read` reads the file whatever its stat says. */
  invalidate(): void;
}

export function watchFile(path: string, clock: Clock): WatchedFile {
  let last: { stamp: string; text: string; at: number } | undefined;
  return {
    async read() {
      const stamp = fileStamp(path);
      if (last?.stamp === stamp && clock.monotonic() - last.at < MAX_AGE_MS) return last.text;
      const text = await readFile(path, 'utf8');
      last = { stamp, text, at: clock.monotonic() };
      return text;
    },
    invalidate() {
      last = undefined;
    },
  };
}
