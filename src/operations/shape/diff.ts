/** A unified diff of two texts by lines. */

/** Changed lines beyond which the shortest script is not looked for: Myers needs time and memory of its square. */
const MAX_EDITS = 500;
const CONTEXT = 3;

interface Line {
  sign: ' ' | '-' | '+';
  text: string;
}

/** Lines as `diff -u` prints them, without file headers; '' when nothing differs. */
export function unifiedDiff(before: string, after: string): string {
  if (before === after) return '';
  const [a, b] = [splitLines(before), splitLines(after)];
  const lines = compareLines(a, b);
  return hunks(lines)
    .map(({ from, to }) => hunkText(lines, from, to))
    .join('\n');
}

const splitLines = (text: string) => text.replace(/\n$/, '').split('\n');

function compareLines(a: readonly string[], b: readonly string[]): Line[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const same = (part: readonly string[]): Line[] => part.map((text) => ({ sign: ' ', text }));
  return [
    ...same(a.slice(0, start)),
    ...shortestScript(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...same(a.slice(a.length - end)),
  ];
}

/** Myers' greedy algorithm, keeping the frontier of every round to walk back. */
function shortestScript(a: readonly string[], b: readonly string[]): Line[] {
  const max = Math.min(a.length + b.length, MAX_EDITS);
  let frontier = new Map<number, number>([[1, 0]]);
  const rounds: Map<number, number>[] = [];
  for (let d = 0; d <= max; d++) {
    rounds.push(frontier);
    const reached = new Map(frontier);
    for (let k = -d; k <= d; k += 2) {
      let x = goesDown(frontier, k, d) ? (frontier.get(k + 1) ?? 0) : (frontier.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reached.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, rounds);
    }
    frontier = reached;
  }
  return [...a.map((text): Line => ({ sign: '-', text })), ...b.map((text): Line => ({ sign: '+', text }))];
}

function goesDown(frontier: ReadonlyMap<number, number>, k: number, d: number): boolean {
  return k === -d || (k !== d && (frontier.get(k - 1) ?? -1) < (frontier.get(k + 1) ?? -1));
}

function walkBack(a: readonly string[], b: readonly string[], rounds: readonly Map<number, number>[]): Line[] {
  const lines: Line[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = rounds.length - 1; d >= 0; d--) {
    const frontier = rounds[d] ?? new Map<number, number>();
    const k = x - y;
    const down = goesDown(frontier, k, d);
    const fromK = down ? k + 1 : k - 1;
    const fromX = frontier.get(fromK) ?? 0;
    const fromY = fromX - fromK;
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      lines.push({ sign: ' ', text: a[--x] ?? '' });
      y--;
    }
    if (d === 0) break;
    if (down) lines.push({ sign: '+', text: b[--y] ?? '' });
    else lines.push({ sign: '-', text: a[--x] ?? '' });
  }
  return lines.reverse();
}

function hunks(lines: readonly Line[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const [i, line] of lines.entries()) {
    if (line.sign === ' ') continue;
    const last = found.at(-1);
    const to = Math.min(lines.length, i + 1 + CONTEXT);
    if (last && i - CONTEXT <= last.to) last.to = to;
    else found.push({ from: Math.max(0, i - CONTEXT), to });
  }
  return found;
}

function hunkText(lines: readonly Line[], from: number, to: number): string {
  const before = lines.slice(0, from);
  const part = lines.slice(from, to);
  const start = (sign: Line['sign']) => 1 + before.filter((line) => line.sign !== sign).length;
  const length = (sign: Line['sign']) => part.filter((line) => line.sign !== sign).length;
  const heading = `@@ -${start('+')},${length('+')} +${start('-')},${length('-')} @@`;
  return [heading, ...part.map((line) => line.sign + line.text)].join('\n');
}
