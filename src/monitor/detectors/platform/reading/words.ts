/** What somebody may have meant. */
import { nearness } from '../../../../kernel/nearest.ts';

export interface Guess<T> {
  /** As of `nearness`. */
  distance: number;
  /** Whether there is somebody behind it who answers. */
  serves: boolean;
  means: T;
}

/** The nearest, of equally near ones the one that serves; undefined where two are equally good. */
export function likeliest<T>(guesses: readonly Guess<T>[]): T | undefined {
  const [best, next] = guesses.toSorted((a, b) => a.distance - b.distance || Number(b.serves) - Number(a.serves));
  if (best === undefined || (best.distance === next?.distance && best.serves === next.serves)) return undefined;
  return best.means;
}

/** The one of `candidates` that was meant by `word`, if one was. */
export function meant(
  word: string,
  candidates: Iterable<string>,
  serves: (candidate: string) => boolean = () => true,
): string | undefined {
  const guesses: Guess<string>[] = [];
  for (const candidate of new Set(candidates)) {
    const distance = candidate === word ? undefined : nearness(word, candidate);
    if (distance !== undefined) guesses.push({ distance, serves: serves(candidate), means: candidate });
  }
  return likeliest(guesses);
}
