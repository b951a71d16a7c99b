import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ProgramNotStarted } from './run-program.ts';

export interface CompanionStart {
  /** Absolute path; no shell ever sees it. */
  file: string;
  args: readonly string[];
  /** Its whole environment. */
  env: Readonly<Record<string, string>>;
  /** How long it may take to print its first line to stdout. */
  readyWithinMs: number;
  /** Each line that it prints to stderr, before and after it is ready. */
  onMessage: (line: string) => void;
}

/** A program of ours that runs beside us until one of us ends. */
export interface Companion {
  /** The first line that it printed to stdout. */
  readonly ready: string;
  /** Settles with its exit code when it ends, null after a signal. */
  readonly ended: Promise<number | null>;
  /** Ends it: its stdin closes, then SIGTERM, then SIGKILL, each after the grace time of 3 s. */
  stop(): Promise<void>;
}

/** It did not come up. The message is for the operator: it says what the program itself said last. */
export class CompanionFailed extends Error {
  override readonly name = 'CompanionFailed';
}

const GRACE_MS = 3_000;
const LAST_WORDS = 5;

/** Starts a companion and waits for its first line. Its stdin stays open for as long as we run: it is to end when that closes. */
export async function startCompanion(start: CompanionStart): Promise<Companion> {
  const child = spawn(start.file, [...start.args], {
    env: { ...start.env },
    shell: false,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line);
    if (said.length > LAST_WORDS) said.shift();
    start.onMessage(line);
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const stop = async () => {
    child.stdin.end();
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (await settlesWithin(ended, GRACE_MS)) return;
      child.kill(signal);
    }
    await ended;
  };
  const timer = setTimeout(() => child.kill('SIGKILL'), start.readyWithinMs);
  try {
    const ready = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', resolve);
      child.once('error', () => reject(new ProgramNotStarted(start.file, 'ENOENT')));
      void ended.then((code) => reject(new CompanionFailed(lastWords(said, code))));
    });
    return { ready, ended, stop };
  } finally {
    clearTimeout(timer);
  }
}

function lastWords(said: readonly string[], code: number | null): string {
  const words = said.join('\n').trim();
  const ending = code === null ? 'it was ended before it was ready' : `it ended with ${code} before it was ready`;
  return words === '' ? ending : words;
}

function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    void promise.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
