/** What the parts of the text filters share. */
import type { Out } from './text.ts';

/** What a stage leaves besides its output. */
export interface StageEnd {
  exitCode: number;
  /** What the real tool would say on stderr; '' for nothing. */
  error: string;
}

/** Programs that are not ours. The worker has them; who only judges command lines needs none. */
export interface Engines {
  jq(argv: readonly string[], input: string, out: Out): Promise<StageEnd>;
}

/** A stage ready to run on all of its input. Runs in the worker; the text is lines of the stage before, decoded. */
export type RunStage = (input: string, out: Out, engines: Engines) => StageEnd | Promise<StageEnd>;

/** A tool's command line, read: throws `invalid_argument` or `command_refused`. Used on both sides of the worker. */
export type ParseStage = (args: readonly string[]) => RunStage;

/** What came out at the end of a pipe. */
export interface FilterOutcome {
  output: string;
  /** Of the last stage, as in a shell. 124 when it was ended at its deadline, 137 when it needed too much memory. */
  exitCode: number;
  /** What the stages said on stderr, or why they were ended. */
  error?: string;
  /** True where the output was longer than allowed. */
  truncated: boolean;
}

/** What the worker is asked. */
export interface FilterJob {
  stages: readonly { name: string; args: readonly string[] }[];
  input: string | Uint8Array;
  maxOutputChars: number;
}

/** What a worker answers. */
export type WorkerAnswer = { outcome: FilterOutcome } | { problem: string };

export const DONE: StageEnd = { exitCode: 0, error: '' };
