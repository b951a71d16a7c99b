/**
 * What was made of equal raw data before. Objects of one template follow each other in lists, so that few entries spare most of the
 * work: reading, building and comparing a pod's template takes 8 us, looking it up by its text 2 us.
 */
import type { Intern } from '../types.ts';

const MAX_ENTRIES = 1_000;
/** Longer ones are rare, and keys are kept. */
const MAX_KEY = 4_000;

/** The result is one of `intern`'s: equal data give the same object whether it was remembered or not. */
export type Memo<T> = (intern: Intern, raw: unknown, make: () => T) => T;

export function createMemo<T>(): Memo<T> {
  const byIntern = new WeakMap<Intern, Map<string, T>>();
  return (intern, raw, make) => {
    const key = keyOf(raw);
    if (key === undefined) return make();
    let known = byIntern.get(intern);
    if (known === undefined || known.size >= MAX_ENTRIES) {
      known = new Map();
      byIntern.set(intern, known);
    }
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = make();
    known.set(key, made);
    return made;
  };
}

function keyOf(raw: unknown): string | undefined {
  try {
    const key = JSON.stringify(raw);
    return key === undefined || key.length > MAX_KEY ? undefined : key;
  } catch {
    // Nested deeper than the stack reaches: no sane object, and read without recursion by whoever makes the value.
    return undefined;
  }
}
