import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, sep } from 'node:path';

export interface ProgramSearch {
  /** A PATH value. Its relative and empty entries are not searched: they mean the working directory. */
  path: string | undefined;
  /** Searched after PATH, in order. */
  extraDirs: readonly string[];
}

export type FindProgram = (name: string, search: ProgramSearch) => Promise<string | undefined>;

/** Folders where people install command line tools; desktop hosts start us with a PATH that lacks them. */
export function usualProgramDirs(home: string | undefined): string[] {
  const own =
    home === undefined
      ? []
      : [join(home, '.local/bin'), join(home, 'bin'), join(home, 'go/bin'), join(home, '.krew/bin')];
  if (process.platform === 'win32') return own;
  return [
    '/usr/local/bin',
    '/opt/homebrew/bin',
    ...own,
    '/usr/bin',
    '/bin',
    '/snap/bin',
    '/opt/local/bin',
    '/usr/local/google-cloud-sdk/bin',
  ];
}

/** The PATH of `search` as one list of absolute folders, without repetition. */
export function searchedDirs({ path, extraDirs }: ProgramSearch): string[] {
  return [...new Set([...(path ?? '').split(delimiter), ...extraDirs])].filter((dir) => isAbsolute(dir));
}

/** The absolute path of an executable file: `name` itself when absolute, else the first found on PATH and in `extraDirs`. */
export async function findProgram(name: string, search: ProgramSearch): Promise<string | undefined> {
  if (isAbsolute(name)) return firstExecutable(name);
  if (name === '' || name.includes('/') || name.includes(sep)) return undefined;
  for (const dir of searchedDirs(search)) {
    const found = await firstExecutable(join(dir, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

async function firstExecutable(path: string): Promise<string | undefined> {
  // Windows starts only .exe and .com files without a shell.
  const candidates = process.platform === 'win32' ? [path, `${path}.exe`, `${path}.com`] : [path];
  for (const candidate of candidates) {
    if (await isExecutableFile(candidate)) return candidate;
  }
  return undefined;
}

async function isExecutableFile(path: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isFile()) return false;
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
