/** The two ways in which a filter's words are turned down. */
import { AppError } from '../../kernel/errors.ts';

/** The words are no command line of this tool. */
export function invalid(name: string, problem: string, remedy?: string): AppError {
  return new AppError('invalid_argument', `${name}: ${problem}`, remedy === undefined ? {} : { remedy });
}

/** The tool could do it; here it is never done. */
export function refused(name: string, what: string, remedy?: string): AppError {
  return new AppError('command_refused', `${name}: ${what}`, remedy === undefined ? {} : { remedy });
}

/** Filters read the pipe and nothing else. */
export function refuseFiles(name: string, operands: readonly string[]): void {
  const file = operands.find((operand) => operand !== '-');
  if (file !== undefined)
    throw refused(
      name,
      `'${shorten(file)}' would be read as a file; filters read only what the pipe brings.`,
      'Leave the file name out, and quote patterns and programs that hold spaces.',
    );
}

/** A caller's word as it may appear in a message. */
export function shorten(word: string): string {
  return word.length > 60 ? `${word.slice(0, 57)}...` : word;
}
