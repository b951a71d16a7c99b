/** Runs a pipe's filters on what a command printed. */
import { AppError } from '../../kernel/errors.ts';
import type { FilterStage } from '../types.ts';
import { type JobEnd, WorkerPool } from './pool.ts';
import type { FilterOutcome } from './types.ts';

export interface FilterLimits {
  /** Longest output, in characters; what is beyond is cut off and said so. */
  maxOutputChars: number;
  /** For all stages together, waiting for a free worker included. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** Exit codes of timeout(1), and of a process that was killed. */
const TIMED_OUT = 124;
const KILLED = 137;

const pool = new WorkerPool();

/**
 * The whole pipe in one process of its own, ended at its deadline. A pipe that failed or was ended is an outcome, for the
 * command in front of it has run; only a cancelled call throws.
 */
export async function runFilters(
  input: string | Uint8Array,
  stages: readonly FilterStage[],
  { maxOutputChars, timeoutMs, signal }: FilterLimits,
): Promise<FilterOutcome> {
  const plain = stages.map(({ name, args }) => ({ name, args: [...args] }));
  return outcomeOf(
    await pool.run({ stages: plain, input, maxOutputChars }, timeoutMs, signal),
    timeoutMs,
    named(stages),
  );
}

/** For a command whose filters will be wanted when it is done: they start while it runs. */
export function warmFilters(): void {
  pool.warm();
}

/** Ends the workers that wait for work. */
export function closeFilters(): Promise<void> {
  return pool.close();
}

function named(stages: readonly FilterStage[]): string {
  return stages.map(({ name }) => name).join(' | ');
}

function outcomeOf(end: JobEnd, timeoutMs: number, names: string): FilterOutcome {
  if ('outcome' in end) return end.outcome;
  if ('problem' in end) return failed(2, end.problem);
  switch (end.ended) {
    case 'deadline':
      return failed(
        TIMED_OUT,
        `The filters (${names}) took longer than the ${Math.round(timeoutMs / 100) / 10} s left for them. Ask the tool for less, or give a longer timeout.`,
      );
    case 'memory':
      return failed(
        KILLED,
        `The filters (${names}) needed more memory than they may have. Ask the tool for less: a selector, a namespace, other columns.`,
      );
    case 'crashed':
      return failed(KILLED, `The filters (${names}) broke off.`);
    case 'aborted':
      throw new AppError('cancelled', 'The call was cancelled.');
  }
}

function failed(exitCode: number, error: string): FilterOutcome {
  return { output: '', exitCode, error, truncated: false };
}
