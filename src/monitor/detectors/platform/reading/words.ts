/** What somebody may have meant. */
import { nearest } from '../../../../kernel/nearest.ts';

/** The nearest of `candidates` that could have been meant, if one could. */
export function meant(word: string, candidates: Iterable<string>): string | undefined {
  return nearest(
    word,
    [...candidates].filter((candidate) => candidate !== word),
    1,
  )[0];
}
