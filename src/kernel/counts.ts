/** Counts by a word, for answers. */

/** The most frequent first; those alike by name, so that the same things are told in the same order whatever came first. */
export function mostFirst<Word extends string>(counts: Iterable<readonly [Word, number]>): (readonly [Word, number])[] {
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

/** How many there are of each word, the most frequent first. */
export function countBy<T>(items: Iterable<T>, word: (item: T) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const key = word(item);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Object.fromEntries(mostFirst(counts));
}
