import type { ErrorCode } from '../../src/kernel/errors.ts';

/** What a caller sends to a CLI tool. */
export interface CommandLine {
  readonly command: string;
  readonly stdin?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly context?: string;
}

/** A command line that is refused before anything is started. */
export interface RefusedLine extends CommandLine {
  readonly code: ErrorCode;
}

/** A command line that is accepted, and the words its child gets. */
export interface AcceptedLine extends CommandLine {
  readonly argv: readonly string[];
}

/** Command lines of words only that are refused with one code. */
export function refused(code: ErrorCode, ...commands: readonly string[]): RefusedLine[] {
  return commands.map((command) => ({ command, code }));
}
