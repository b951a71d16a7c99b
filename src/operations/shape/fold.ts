/** Folding of lines that repeat, so that a loop of one error costs one line. */

/** A time stamp that an application or the kubelet puts before a line: RFC 3339, `2026/01/02 03:04:05`, klog's `E0102 03:04:05.6`, `[…]` around it. */
const STAMP =
  /^\[?(?:\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?|[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{1,9}(?: {1,8}\d{1,10})?)\]?\s?/;

/** The part of a line that must be equal for two lines to be the same. */
export function withoutStamp(line: string): string {
  return line.replace(STAMP, '');
}

/** Neighbouring lines that differ only in their time stamp as one, the last of them, with `(x12)` behind it. */
export function foldRepeats(lines: readonly string[]): string[] {
  const folded: string[] = [];
  let times = 0;
  for (const [i, line] of lines.entries()) {
    times++;
    const next = lines[i + 1];
    if (next !== undefined && withoutStamp(next) === withoutStamp(line)) continue;
    folded.push(times === 1 ? line : `${line} (x${times})`);
    times = 0;
  }
  return folded;
}
