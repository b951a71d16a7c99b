import { type ChildProcess, spawn } from 'node:child_process';
import { abortReason } from '../kernel/async.ts';
import { type CappedOutput, capOutput } from './capped-output.ts';

export interface ProgramRun {
  /** Absolute path; no shell ever sees it. */
  file: string;
  args: readonly string[];
  /** The child's whole environment: nothing is inherited. */
  env: Readonly<Record<string, string>>;
  /** Default: ours. */
  cwd?: string;
  /** For stdin; without it stdin is closed, so that a program that asks a question gets no answer instead of ours. */
  stdin?: string | Uint8Array;
  timeoutMs: number;
  maxStdoutBytes: number;
  maxStderrBytes: number;
  /** Ends the program's process group; the call then rejects with the reason. */
  signal: AbortSignal;
  /** Ends it too, but what it printed is the result: whoever asked has seen enough. */
  enough?: AbortSignal;
  /** Time between SIGTERM and SIGKILL, and for pipes left open after exit; default 2000 ms. */
  killGraceMs?: number;
  /** Kills what it leaves behind in its process group when it ends, even where nothing of it holds our pipes. */
  alone?: boolean;
  /** Called once it runs, before anything of it is read. Neither this nor `onStdout` may throw. */
  onStarted?: (pid: number) => void;
  /** All that it prints, also what is over the caps. */
  onStdout?: (chunk: Buffer) => void;
}

export interface ProgramResult {
  /** null when a signal ended it. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  stdoutTruncated: boolean;
  stderrTruncated: boolean;
  timedOut: boolean;
  /** Ended because of `enough`. */
  stopped: boolean;
  durationMs: number;
}

export type RunProgram = (run: ProgramRun) => Promise<ProgramResult>;

/** The operating system could not start the program at all. Holds neither its arguments nor its environment. */
export class ProgramNotStarted extends Error {
  override readonly name = 'ProgramNotStarted';
  readonly reason: 'not_found' | 'not_executable' | 'other';

  constructor(file: string, code: string | undefined) {
    super(`${file} could not be started (${code ?? 'unknown reason'})`);
    this.reason =
      code === 'ENOENT' ? 'not_found' : code === 'EACCES' || code === 'ENOEXEC' ? 'not_executable' : 'other';
  }
}

interface Ending {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

/**
 * Runs a program to its end without a shell, in a process group of its own.
 * On time-out or abort the whole group gets SIGTERM, then SIGKILL. Rejects with ProgramNotStarted, or with the abort's AppError.
 */
export async function runProgram(run: ProgramRun): Promise<ProgramResult> {
  if (run.signal.aborted) throw abortReason(run.signal);
  const startedAt = performance.now();
  const child = start(run);
  if (child.pid !== undefined) run.onStarted?.(child.pid);
  if (run.onStdout !== undefined) child.stdout?.on('data', run.onStdout);
  const stdout = capture(child.stdout, run.maxStdoutBytes);
  const stderr = capture(child.stderr, run.maxStderrBytes);
  const killer = createKiller(child, run);

  // What came first is why it ended.
  let cause: 'timed_out' | 'aborted' | 'stopped' | undefined;
  const endBecause = (why: NonNullable<typeof cause>) => () => {
    cause ??= why;
    killer.kill();
  };
  const abort = endBecause('aborted');
  const stop = endBecause('stopped');
  const timer = setTimeout(endBecause('timed_out'), run.timeoutMs);
  run.signal.addEventListener('abort', abort, { once: true });
  run.enough?.addEventListener('abort', stop, { once: true });
  if (run.enough?.aborted) stop();
  try {
    const ending = await ended(child, run.file, killer);
    if (cause === 'aborted') throw abortReason(run.signal);
    return {
      ...ending,
      stdout: stdout.text(),
      stderr: stderr.text(),
      stdoutTruncated: stdout.truncated(),
      stderrTruncated: stderr.truncated(),
      timedOut: cause === 'timed_out',
      stopped: cause === 'stopped',
      durationMs: performance.now() - startedAt,
    };
  } finally {
    clearTimeout(timer);
    killer.done();
    run.signal.removeEventListener('abort', abort);
    run.enough?.removeEventListener('abort', stop);
  }
}

function start(run: ProgramRun): ChildProcess {
  let child: ChildProcess;
  try {
    child = spawn(run.file, [...run.args], {
      env: { ...run.env },
      ...(run.cwd === undefined ? {} : { cwd: run.cwd }),
      shell: false,
      // A group of its own, so that the program's own children die with it. Windows has no process groups.
      detached: process.platform !== 'win32',
      windowsHide: true,
      stdio: [run.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
  } catch (thrown) {
    throw new ProgramNotStarted(run.file, errorCode(thrown));
  }
  // A program may end without reading all of its input: EPIPE is then no failure.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(run.stdin);
  return child;
}

function capture(stream: ChildProcess['stdout'], maxBytes: number): CappedOutput {
  return stream === null ? { text: () => '', truncated: () => false } : capOutput(stream, maxBytes);
}

/** Waits for exit and for the end of its output; a grandchild that keeps the pipes open is killed after the grace time. */
function ended(child: ChildProcess, file: string, killer: Killer): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      if (child.pid === undefined) reject(new ProgramNotStarted(file, errorCode(error)));
    });
    child.once('exit', () => killer.reapStragglers());
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

interface Killer {
  kill: () => void;
  reapStragglers: () => void;
  done: () => void;
}

function createKiller(child: ChildProcess, { killGraceMs: graceMs = 2000, alone = false }: ProgramRun): Killer {
  const timers: NodeJS.Timeout[] = [];
  let killing = false;
  const destroyPipes = () => {
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  const forceAfterGrace = () => {
    timers.push(
      setTimeout(() => {
        signalGroup(child, 'SIGKILL');
        // What left the group may still hold the pipes: stop reading them.
        destroyPipes();
      }, graceMs),
    );
  };
  return {
    kill: () => {
      if (killing) return;
      killing = true;
      signalGroup(child, 'SIGTERM');
      forceAfterGrace();
    },
    reapStragglers: () => {
      if (alone) signalGroup(child, 'SIGKILL');
      forceAfterGrace();
    },
    done: () => {
      timers.forEach(clearTimeout);
      // The leader obeyed SIGTERM; members of its group that ignore it must not survive the kill.
      if (killing) signalGroup(child, 'SIGKILL');
    },
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // ESRCH: the group is gone already, which is what was wanted.
  }
}

function errorCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}
