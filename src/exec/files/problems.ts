import { AppError } from '../../kernel/errors.ts';

/** Something is wrong with `files`. The message names the file, never what is in it. */
export function wrongFile(name: string, problem: string, remedy: string): AppError {
  return new AppError('invalid_argument', `files: "${shownPath(name)}" ${problem}.`, { remedy });
}

export function tooLarge(message: string, remedy: string): AppError {
  return new AppError('too_large', `files: ${message}.`, { remedy });
}

/** A path in a message: short, and without characters that could deceive. */
export function shownPath(path: string): string {
  const plain = path.replace(/[^\p{L}\p{N}\x20-\x7e]/gu, '?');
  return plain.length <= 100 ? plain : `…${plain.slice(-100)}`;
}
