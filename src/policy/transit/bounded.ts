/** Redaction looks at each string by itself, some 30 µs where it looks like anything (measured): an object is done at one stretch. */
const MAX_STRINGS = 50_000;
/** UTF-16 units of all strings; an object is at most 3 MiB as it is stored. */
const MAX_TEXT = 8 * 1024 * 1024;

/** Whether an object is small enough to be redacted without holding up everyone else: those of real API servers are, a caller's cluster may send anything. */
export function isBounded(root: unknown): boolean {
  const open: object[] = [];
  let strings = 0;
  let text = 0;
  const fits = (value: unknown): boolean => {
    if (typeof value === 'object' && value !== null) open.push(value);
    if (typeof value !== 'string') return true;
    strings += 1;
    text += value.length;
    return strings <= MAX_STRINGS && text <= MAX_TEXT;
  };
  if (!fits(root)) return false;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Array.isArray(next)) {
      for (const item of next) if (!fits(item)) return false;
      continue;
    }
    // From JSON: all that can be listed is its own. A list of all keys would be made first by Object.entries.
    for (const key in next) {
      text += key.length;
      if (!fits(Reflect.get(next, key))) return false;
    }
  }
  return text <= MAX_TEXT;
}
