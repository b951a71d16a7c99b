/** The difference of two values as the real server prints it: a unified diff of their internal forms, line by line. */

import { goJson } from './field-errors.ts';
import { internalForm } from './internal-form.ts';

/** Lines before and after each change. */
const CONTEXT = 3;
/** From this many lines on, lines that occur often do not count when blocks are matched. */
const POPULAR_FROM = 200;

interface Block {
  a: number;
  b: number;
  size: number;
}

interface Change {
  equal: boolean;
  a: [number, number];
  b: [number, number];
}

function positions(lines: readonly string[]): Map<string, number[]> {
  const map = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    const list = map.get(line);
    if (list === undefined) map.set(line, [index]);
    else list.push(index);
  }
  if (lines.length >= POPULAR_FROM) {
    for (const [line, list] of map) if (list.length > Math.floor(lines.length / 100) + 1) map.delete(line);
  }
  return map;
}

type Range = [aLow: number, aHigh: number, bLow: number, bHigh: number];

/** The longest run of equal lines, the earliest of them; extended by lines that are equal but popular. */
function longestMatch(a: readonly string[], b: readonly string[], where: Map<string, number[]>, range: Range): Block {
  const [aLow, aHigh, bLow, bHigh] = range;
  let best: Block = { a: aLow, b: bLow, size: 0 };
  let lengths = new Map<number, number>();
  for (let i = aLow; i < aHigh; i++) {
    const next = new Map<number, number>();
    for (const j of where.get(a[i] ?? '') ?? []) {
      if (j < bLow || j >= bHigh) continue;
      const size = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size };
    }
    lengths = next;
  }
  while (best.a > aLow && best.b > bLow && a[best.a - 1] === b[best.b - 1]) {
    best = { a: best.a - 1, b: best.b - 1, size: best.size + 1 };
  }
  while (best.a + best.size < aHigh && best.b + best.size < bHigh && a[best.a + best.size] === b[best.b + best.size]) {
    best = { ...best, size: best.size + 1 };
  }
  return best;
}

function matchingBlocks(a: readonly string[], b: readonly string[]): Block[] {
  const where = positions(b);
  const blocks: Block[] = [];
  const visit = (range: Range): void => {
    const match = longestMatch(a, b, where, range);
    if (match.size === 0) return;
    const [aLow, aHigh, bLow, bHigh] = range;
    if (aLow < match.a && bLow < match.b) visit([aLow, match.a, bLow, match.b]);
    blocks.push(match);
    const aEnd = match.a + match.size;
    const bEnd = match.b + match.size;
    if (aEnd < aHigh && bEnd < bHigh) visit([aEnd, aHigh, bEnd, bHigh]);
  };
  visit([0, a.length, 0, b.length]);
  return [...blocks, { a: a.length, b: b.length, size: 0 }];
}

function changes(a: readonly string[], b: readonly string[]): Change[] {
  const list: Change[] = [];
  let i = 0;
  let j = 0;
  for (const { a: ai, b: bj, size } of matchingBlocks(a, b)) {
    if (i < ai || j < bj) list.push({ equal: false, a: [i, ai], b: [j, bj] });
    if (size > 0) {
      const last = list.at(-1);
      if (last?.equal === true)
        list[list.length - 1] = { ...last, a: [last.a[0], ai + size], b: [last.b[0], bj + size] };
      else list.push({ equal: true, a: [ai, ai + size], b: [bj, bj + size] });
    }
    i = ai + size;
    j = bj + size;
  }
  return list;
}

/** Changes with their context, those close to each other in one group. */
function groups(all: readonly Change[]): Change[][] {
  const list = [...all];
  const first = list[0];
  const last = list.at(-1);
  if (first?.equal === true) {
    list[0] = {
      ...first,
      a: [Math.max(first.a[0], first.a[1] - CONTEXT), first.a[1]],
      b: [Math.max(first.b[0], first.b[1] - CONTEXT), first.b[1]],
    };
  }
  if (last?.equal === true && list.length > 1) {
    list[list.length - 1] = {
      ...last,
      a: [last.a[0], Math.min(last.a[1], last.a[0] + CONTEXT)],
      b: [last.b[0], Math.min(last.b[1], last.b[0] + CONTEXT)],
    };
  }
  const result: Change[][] = [];
  let group: Change[] = [];
  for (const change of list) {
    const [aLow, aHigh] = change.a;
    const [bLow, bHigh] = change.b;
    if (change.equal && aHigh - aLow > 2 * CONTEXT) {
      group.push({ ...change, a: [aLow, aLow + CONTEXT], b: [bLow, bLow + CONTEXT] });
      result.push(group);
      group = [{ equal: true, a: [aHigh - CONTEXT, aHigh], b: [bHigh - CONTEXT, bHigh] }];
    } else group.push(change);
  }
  if (group.length > 0 && !(group.length === 1 && group[0]?.equal === true)) result.push(group);
  return result;
}

function rangeText(from: number, to: number): string {
  const size = to - from;
  if (size === 1) return String(from + 1);
  return `${size === 0 ? from : from + 1},${size}`;
}

/** A unified diff without file names; '' when there is none. */
function unifiedDiff(a: readonly string[], b: readonly string[]): string {
  const out: string[] = [];
  for (const group of groups(changes(a, b))) {
    const first = group[0];
    const last = group.at(-1);
    if (first === undefined || last === undefined) continue;
    out.push(`@@ -${rangeText(first.a[0], last.a[1])} +${rangeText(first.b[0], last.b[1])} @@`);
    for (const change of group) {
      if (change.equal) out.push(...a.slice(...change.a).map((line) => ` ${line}`));
      else {
        out.push(...a.slice(...change.a).map((line) => `-${line}`));
        out.push(...b.slice(...change.b).map((line) => `+${line}`));
      }
    }
  }
  return out.map((line) => `${line}\n`).join('');
}

const linesOf = (type: string, value: unknown) => goJson(internalForm(type, value), 1).split('\n');

/** `type` is a Go type of `internal-form.ts`. */
export function structDiff(old: unknown, now: unknown, type: string): string {
  return unifiedDiff(linesOf(type, old), linesOf(type, now));
}
