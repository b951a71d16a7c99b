import { AppError } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';

/** Not a command line of the tool, or not one that makes sense. */
export function mistake(message: string, remedy?: string, candidates: readonly string[] = []): AppError {
  return new AppError('invalid_argument', `command: ${message}`, {
    ...(remedy === undefined ? {} : { remedy }),
    ...(candidates.length === 0 ? {} : { candidates }),
  });
}

/** Understood, and never run. `why` says also what to do instead. */
export function neverRun(what: string, why: string): AppError {
  return new AppError('command_refused', `${what} is not run here.`, { remedy: why });
}

/** As `mistake`, with the names that may have been meant. */
export function unknownName(kind: string, typed: string, known: Iterable<string>, remedy: string): AppError {
  const names = [...known];
  return mistake(`${kind} "${shown(typed)}" is not known.`, remedy, nearest(typed, names));
}

/** Of what a caller wrote, in a message: short, and without characters that could deceive. */
export function shown(text: string): string {
  const plain = text.replace(/[^\x20-\x7e]/gu, '?');
  return plain.length <= 60 ? plain : `${plain.slice(0, 60)}…`;
}
