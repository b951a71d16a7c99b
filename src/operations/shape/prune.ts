/** A value and how many of its leaves were left out of it. */
export interface Pruned {
  value: unknown;
  dropped: number;
}

/**
 * The first `maxLeaves` leaves of `value`, in order, with the maps and lists that hold them. What an answer's budget would cut anyway
 * is never written out: the YAML of 30,000 keys takes half a second, in which nobody else is served.
 */
export function prune(value: unknown, maxLeaves: number): Pruned {
  let left = maxLeaves;
  let dropped = 0;
  const visit = (node: unknown): unknown => {
    if (typeof node !== 'object' || node === null) {
      left--;
      return node;
    }
    const kept: [string, unknown][] = [];
    for (const [key, child] of Object.entries(node)) {
      if (left > 0) kept.push([key, visit(child)]);
      else dropped += leaves(child);
    }
    return Array.isArray(node) ? kept.map(([, child]) => child) : Object.fromEntries(kept);
  };
  const pruned = visit(value);
  return dropped === 0 ? { value, dropped } : { value: pruned, dropped };
}

function leaves(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  let count = 0;
  for (const child of Object.values(value)) count += leaves(child);
  return Math.max(1, count);
}
