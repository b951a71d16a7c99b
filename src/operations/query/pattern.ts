import { RE2JS } from 're2js';

/** Longest pattern, in characters. Matching is linear; compiling grows with the pattern. */
const MAX_PATTERN = 512;

/** An RE2 pattern: no look-around, no back references, linear time. `problem` makes the error for one that does not compile. */
export function compilePattern(source: string, problem: () => Error): RE2JS {
  if (source.length > MAX_PATTERN) throw problem();
  try {
    return RE2JS.compile(source);
  } catch {
    throw problem();
  }
}
