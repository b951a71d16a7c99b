import type { Intern } from '../types.ts';
import { words } from './read.ts';

const NONE: readonly string[] = Object.freeze([]);

/** A list of texts, shared with all others that are equal. */
export function namesOf(value: unknown, intern: Intern): readonly string[] {
  const names = words(value);
  return names.length === 0 ? NONE : intern.shared(names);
}
