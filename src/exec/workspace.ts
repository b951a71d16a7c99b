import { chmodSync, closeSync, existsSync, mkdirSync, openSync, rmdirSync, unlinkSync, writeSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { AppError } from '../kernel/errors.ts';
import { type ChildRegister, createChildRegister } from '../process/child-register.ts';
import { type FolderPlaces, openRunFolder, type RunFolder } from '../process/run-folder.ts';
import { sweepDeadRuns } from '../process/sweep.ts';
import { type CacheFolders, createCacheFolders } from './workspace-caches.ts';

/** A file of the caller, as it will lie in the command's working directory. */
export interface PlacedFile {
  /** Relative, with `/`, without `..`. */
  path: string;
  bytes: Uint8Array;
}

/** One command's folders. Nothing of them is there after `leave`. */
export interface CallFolder {
  root: string;
  /** HOME: empty. */
  home: string;
  /** The working directory, with the caller's files. */
  work: string;
  /** TMPDIR. */
  tmp: string;
  /** Shared by the commands of one cluster handle; what the tools fetched of discovery stays warm. */
  cache: string;
  /** Empty for ever: PATH and plugins. */
  empty: string;
  kubeconfig: string;
  writeKubeconfig(text: string): void;
  /** Writes a child down, for the sweep; the result strikes it out. */
  register(pid: number, executable: string): () => void;
  leave(): Promise<void>;
}

export interface Workspace {
  /** Clears up after servers that were killed. Never fails. */
  sweep(): Promise<void>;
  enter(handle: string, files: readonly PlacedFile[]): Promise<CallFolder>;
  counts(): { open: number; caches: number; failedRemovals: number };
  /** Kills what still runs and removes everything. */
  close(): void;
}

export interface WorkspaceOptions {
  places: FolderPlaces;
  /** A problem that the operator should know of. Holds no secret. */
  onProblem: (message: string) => void;
}

interface OpenRun {
  folder: RunFolder;
  register: ChildRegister;
  caches: CacheFolders;
  empty: string;
}

/** Private folders of commands, all within one folder of this run of the server, made at the first command. */
export function createWorkspace({ places, onProblem }: WorkspaceOptions): Workspace {
  let run: OpenRun | undefined;
  let calls = 0;
  let open = 0;
  let failedRemovals = 0;

  const openRun = (): OpenRun => {
    // Somebody who cleans up memory folders at logout, or temporary ones that are old, may have taken it away.
    if (run !== undefined && existsSync(run.empty)) return run;
    run?.folder.close();
    const folder = openRunFolder(places);
    const empty = join(folder.path, 'empty');
    mkdirSync(empty);
    chmodSync(empty, 0o500);
    mkdirSync(join(folder.path, 'calls'), { mode: 0o700 });
    run = {
      folder,
      empty,
      register: createChildRegister(folder.path),
      caches: createCacheFolders(join(folder.path, 'cache')),
    };
    return run;
  };

  const remove = async (root: string): Promise<void> => {
    try {
      // Links are removed, never followed.
      await rm(root, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      failedRemovals += 1;
      onProblem(`a command's folder could not be removed: ${codeOf(error)}`);
    }
  };

  return {
    async sweep() {
      const { runs, killed } = await sweepDeadRuns(places).catch(() => ({ runs: 0, killed: 0 }));
      if (runs > 0)
        onProblem(`cleared up after ${runs} server(s) that were killed; ended ${killed} program(s) of theirs`);
    },
    async enter(handle, files) {
      const { folder, register, caches, empty } = openRun();
      const root = join(folder.path, 'calls', `${++calls}`);
      const cache = caches.enter(handle);
      open += 1;
      const leave = async () => {
        if (!removeUnused(root)) await remove(root);
        cache.leave();
        open -= 1;
      };
      try {
        const paths = makeCallFolder(root);
        await placeFiles(paths.work, files);
        return {
          ...paths,
          root,
          empty,
          cache: cache.path,
          writeKubeconfig: (text) => writePrivate(paths.kubeconfig, text),
          register: (pid, executable) => register.add(pid, executable),
          leave: once(leave),
        };
      } catch (error) {
        await leave();
        throw notMade(error);
      }
    },
    counts: () => ({ open, caches: run?.caches.count() ?? 0, failedRemovals }),
    close() {
      for (const pid of run?.register.pids() ?? []) killGroup(pid);
      run?.folder.close();
      run = undefined;
    },
  };
}

/** Synchronous: a few system calls on a folder in memory, which together take less than one trip to the thread pool. */
function makeCallFolder(root: string) {
  const paths = callPaths(root);
  for (const path of [root, paths.home, paths.work, paths.tmp]) mkdirSync(path, { mode: 0o700 });
  return paths;
}

function callPaths(root: string) {
  const [home, work, tmp] = [join(root, 'home'), join(root, 'work'), join(root, 'tmp')];
  return { home, work, tmp, kubeconfig: join(root, 'kubeconfig') };
}

/** The folders of a command that left no file behind, again without a trip to the thread pool. Others stay as they are. */
function removeUnused(root: string): boolean {
  const { home, work, tmp, kubeconfig } = callPaths(root);
  try {
    unlinkSync(kubeconfig);
    for (const path of [home, work, tmp, root]) rmdirSync(path);
    return true;
  } catch {
    return false;
  }
}

function writePrivate(path: string, text: string): void {
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    writeSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

async function placeFiles(work: string, files: readonly PlacedFile[]): Promise<void> {
  const made = new Set([work]);
  for (const { path, bytes } of files) {
    const target = resolve(work, path);
    // They were judged before; a slip there must not become a file outside.
    if (!target.startsWith(work + sep) || path.includes('\0')) throw new Error('a file outside of its folder');
    const folder = dirname(target);
    if (!made.has(folder)) await mkdir(folder, { recursive: true, mode: 0o700 });
    made.add(folder);
    await writeFile(target, bytes, { mode: 0o600, flag: 'wx' });
  }
}

function notMade(error: unknown): AppError {
  const full = ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'].includes(codeOf(error));
  if (!full) return new AppError('internal', "A command's private folder could not be made.", { cause: error });
  return new AppError('too_many_requests', "There is no room left for a command's files.", {
    remedy: 'Retry when other commands have ended, or send smaller files.',
    retryAfterSeconds: 5,
    cause: error,
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown reason';
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
