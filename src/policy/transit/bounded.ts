/** Redaction looks at each string by itself, some 30 µs where it looks like anything (measured): an object is done at one stretch. */
const MAX_STRINGS = 50_000;
/** UTF-16 units of all strings; an object is at most 3 MiB as it is stored. */
const MAX_TEXT = 8 * 1024 * 1024;

/** Whether an object is small enough to be redacted without holding up everyone else: those of real API servers are, a caller's cluster may send anything. */
export function isBounded(root: unknown, maxStrings = MAX_STRINGS): boolean {
  const open: unknown[] = [root];
  let strings = 0;
  let text = 0;
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string') {
      strings += 1;
      text += next.length;
      if (strings > maxStrings || text > MAX_TEXT) return false;
    } else if (Array.isArray(next)) for (const item of next) open.push(item);
    else if (typeof next === 'object' && next !== null) {
      for (const [key, value] of Object.entries(next)) {
        text += key.length;
        open.push(value);
      }
    }
  }
  return text <= MAX_TEXT;
}
