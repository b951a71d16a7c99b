import { wrongFile } from './problems.ts';

/** Bytes: what file systems take for one name, and far more than any chart needs for a path. */
const MAX_SEGMENT = 255;
const MAX_PATH = 1000;
const MAX_DEPTH = 20;

/** What a caller may name: nothing that a tool splits, expands, or takes for a flag, a URL, or a pod's path. */
const NAMED = /^[\p{L}\p{N}_.][\p{L}\p{M}\p{N}_.+@ -]*$/u;

const REMEDY = 'Name files by relative paths of letters, digits, dots, dashes and underscores: `web/values.yaml`.';

/** Refuses a name that a caller gave, also when it is odd but harmless. */
export function checkGivenName(path: string): void {
  checkPath(path);
  const odd = path.split('/').some((segment) => !NAMED.test(segment) || segment.endsWith(' '));
  if (odd) throw wrongFile(path, 'has characters that tools read otherwise', REMEDY);
}

/** Refuses a path that could lead out of its folder, or that two systems would read differently. */
export function checkPath(path: string): void {
  const problem = problemOf(path);
  if (problem !== undefined) throw wrongFile(path, problem, REMEDY);
}

function problemOf(path: string): string | undefined {
  if (path === '') return 'is empty';
  if (Buffer.byteLength(path) > MAX_PATH) return `is longer than ${MAX_PATH} bytes`;
  if (/\p{C}/u.test(path)) return 'has control or invisible characters';
  if (path.includes('\\')) return 'has a backslash';
  if (path.startsWith('/')) return 'is an absolute path';
  if (/^[a-z]:/i.test(path)) return 'names a drive';
  if (path.normalize('NFC') !== path) return 'is not written in composed Unicode (NFC)';
  const segments = path.split('/');
  if (segments.length > MAX_DEPTH) return `is deeper than ${MAX_DEPTH} folders`;
  if (segments.some((segment) => segment === '')) return 'has an empty part';
  if (segments.some((segment) => segment === '.' || segment === '..')) return 'has "." or ".." in it';
  if (segments.some((segment) => Buffer.byteLength(segment) > MAX_SEGMENT)) {
    return `has a part longer than ${MAX_SEGMENT} bytes`;
  }
  return undefined;
}

/** Refuses what cannot lie side by side on every file system: the same but for case, and a file where a folder is. */
export function checkTogether(paths: readonly string[]): void {
  const files = new Set<string>();
  for (const path of paths) {
    const folded = fold(path);
    if (files.has(folded)) throw wrongFile(path, 'is there twice, but for upper and lower case', 'Rename one of them.');
    files.add(folded);
  }
  for (const path of paths) {
    const clash = foldersOf(fold(path)).find((folder) => files.has(folder));
    if (clash !== undefined) throw wrongFile(path, 'lies in a folder that is also a file', 'Rename one of them.');
  }
}

function fold(path: string): string {
  return path.normalize('NFKC').toLowerCase();
}

function foldersOf(path: string): string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, at) => segments.slice(0, at + 1).join('/'));
}
