import { AppError } from '../../kernel/errors.ts';

/** A command line that cannot be read. Its text is not repeated: it may hold a password. */
export function syntaxError(problem: string, remedy: string): AppError {
  return new AppError('invalid_argument', `command: ${problem}`, { remedy });
}

/** `what` is not allowed at `index` (0-based; people count from 1). */
export function syntaxErrorAt(index: number, what: string, remedy: string): AppError {
  return syntaxError(`${what} at character ${index + 1}.`, remedy);
}
