/** Optimal string alignment distance: edits and swaps of neighbours. */
function distance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforePrevious[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    beforePrevious = previous;
    previous = row;
  }
  return previous[b.length] ?? a.length;
}

/**
 * How far `name` is from what someone typed: edits, or 2.5 where one contains the other. undefined for what is not near:
 * further than a third of its length in edits, and not containing what was typed.
 */
export function nearness(typed: string, name: string): number | undefined {
  const wanted = typed.toLowerCase().slice(0, 100);
  const candidate = name.toLowerCase();
  if (wanted === '' || candidate === '') return undefined;
  const contains = wanted.length >= 3 && (candidate.includes(wanted) || wanted.includes(candidate));
  const edits = Math.abs(candidate.length - wanted.length) > 5 ? 99 : distance(wanted, candidate);
  const limit = Math.max(1, Math.floor(Math.max(candidate.length, wanted.length) / 3));
  return edits <= limit || contains ? Math.min(edits, contains ? 2.5 : 99) : undefined;
}

/** Up to `count` of `names` that someone who typed `typed` may have meant, best first. */
export function nearest(typed: string, names: Iterable<string>, count = 3): string[] {
  const scored: { name: string; score: number }[] = [];
  for (const name of names) {
    const score = nearness(typed, name);
    if (score !== undefined) scored.push({ name, score });
  }
  scored.sort((a, b) => a.score - b.score || a.name.localeCompare(b.name));
  const best = scored[0]?.score ?? 0;
  // One clear winner is a better hint than a winner among runners-up.
  const close = scored.filter((s) => s.score <= Math.max(2 * best, best + 1));
  return [...new Set(close.map((s) => s.name))].slice(0, count);
}
