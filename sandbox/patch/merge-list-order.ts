/** The order that a strategic merge gives to the items of a merged list. */
import { get, isObject } from './json.ts';

/** What tells items apart: the merge key of objects, the value itself of the rest. */
export type KeyOf = (item: unknown) => unknown;

export function keyBy(mergeKey: string): KeyOf {
  return (item) => (mergeKey !== '' && isObject(item) ? get(item, mergeKey) : item);
}

/**
 * Items named in `wanted` take its order, the others keep that of `live`; the two rows are then woven together so that
 * neighbours known to the live list stand as they stood there. New items come before what they cannot be compared with.
 */
export function inOrder(
  merged: readonly unknown[],
  wanted: readonly unknown[],
  live: readonly unknown[],
  keyOf: KeyOf,
): unknown[] {
  const wantedAt = positions(wanted, keyOf);
  const liveAt = positions(live, keyOf);
  const named = sortedBy(
    merged.filter((item) => wantedAt.has(keyOf(item))),
    wantedAt,
    keyOf,
  );
  const others = sortedBy(
    merged.filter((item) => !wantedAt.has(keyOf(item))),
    liveAt,
    keyOf,
  );
  const woven: unknown[] = [];
  let next = 0;
  for (const item of named) {
    const at = liveAt.get(keyOf(item));
    for (; next < others.length && at !== undefined; next++) {
      const other = liveAt.get(keyOf(others[next]));
      if (other === undefined || other >= at) break;
      woven.push(others[next]);
    }
    woven.push(item);
  }
  return [...woven, ...others.slice(next)];
}

function positions(items: readonly unknown[], keyOf: KeyOf): Map<unknown, number> {
  const found = new Map<unknown, number>();
  items.forEach((item, index) => {
    const key = keyOf(item);
    if (!found.has(key)) found.set(key, index);
  });
  return found;
}

function sortedBy(items: unknown[], at: ReadonlyMap<unknown, number>, keyOf: KeyOf): unknown[] {
  const place = (item: unknown) => at.get(keyOf(item)) ?? Number.MAX_SAFE_INTEGER;
  return items.sort((a, b) => place(a) - place(b));
}
