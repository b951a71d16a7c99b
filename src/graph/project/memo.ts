/**
 * What was made of the same values before. Objects of one template follow each other in lists, so that few entries spare most of the
 * work: to build a pod's template, hash and compare it costs several times what it takes to see that its values are those of the last one.
 */
import type { Intern } from '../types.ts';

const MAX_KEYS = 1_000;
/** Different values under one key; the oldest goes. */
const MAX_PER_KEY = 4;

interface Entry<T> {
  values: readonly unknown[];
  made: T;
}

/**
 * `values`: all that `make` depends on, texts and numbers only: what holds other things is never the same again. `key`: one of them,
 * or some, to find it by. The result is one of `intern`'s, remembered or not.
 */
export type Memo<T> = (intern: Intern, key: string, values: readonly unknown[], make: () => T) => T;

export function createMemo<T>(): Memo<T> {
  const byIntern = new WeakMap<Intern, Map<string, Entry<T>[]>>();
  return (intern, key, values, make) => {
    let known = byIntern.get(intern);
    if (known === undefined || known.size >= MAX_KEYS) {
      known = new Map();
      byIntern.set(intern, known);
    }
    const entries = known.get(key);
    if (entries !== undefined) {
      for (const entry of entries) if (same(entry.values, values)) return entry.made;
    }
    const made = make();
    if (entries === undefined) known.set(key, [{ values, made }]);
    else {
      if (entries.length >= MAX_PER_KEY) entries.shift();
      entries.push({ values, made });
    }
    return made;
  };
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const value = a[i];
    if (value !== b[i] || (typeof value === 'object' && value !== null)) return false;
  }
  return true;
}
