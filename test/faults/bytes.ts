/** The bytes of an answer on their way: what happens at a certain one, and how they are paced and cut into chunks. */
import type { Outcome } from './control.ts';
import { type Control, isControl } from './plan.ts';
import type { Active } from './rule-book.ts';

export interface ByteParts {
  /** Those at `body`. */
  readonly rules: readonly Active[];
  act(rule: Active, control: Control): Promise<Outcome>;
  fire(rule: Active): void;
  wait(ms: number): Promise<void>;
}

interface Pace {
  /** Largest chunk. */
  size: number;
  bytesPerSecond: number;
}

/** Throttled bytes come in about ten chunks a second, single ones if they are that few. */
const CHUNKS_PER_SECOND = 10;

export async function* passBytes(chunks: AsyncIterable<Buffer>, parts: ByteParts): AsyncGenerator<Buffer> {
  const pace: Pace = { size: Number.POSITIVE_INFINITY, bytesPerSecond: Number.POSITIVE_INFINITY };
  const waiting = parts.rules
    .filter((rule) => BYTE_ACTIONS.has(rule.do.kind) || isControl(rule.do))
    .map((rule) => ({ rule, byte: rule.at.at === 'body' ? (rule.at.byte ?? 0) : 0 }))
    .sort((a, b) => a.byte - b.byte);

  /** False when nothing follows. */
  async function apply(rule: Active, rest: Buffer): Promise<boolean> {
    if (isControl(rule.do)) return (await parts.act(rule, rule.do)) !== 'over';
    parts.fire(rule);
    if (rule.do.kind === 'split') pace.size = rule.do.bytes;
    else if (rule.do.kind === 'throttle') pace.bytesPerSecond = rule.do.bytesPerSecond;
    else if (rule.do.kind === 'corrupt') rest[0] = ~(rest[0] ?? 0);
    return true;
  }

  async function* paced(bytes: Buffer): AsyncGenerator<Buffer> {
    const { size, bytesPerSecond } = pace;
    const most = Math.min(size, Math.max(1, Math.floor(bytesPerSecond / CHUNKS_PER_SECOND)));
    for (let from = 0; from < bytes.length; from += most) {
      const chunk = bytes.subarray(from, Math.min(bytes.length, from + most));
      yield chunk;
      if (bytesPerSecond < Number.POSITIVE_INFINITY) await parts.wait((chunk.length / bytesPerSecond) * 1000);
    }
  }

  // What is due before the first byte does not wait for one, but what changes it does.
  for (let first = waiting[0]; first?.byte === 0 && first.rule.do.kind !== 'corrupt'; first = waiting[0]) {
    waiting.shift();
    if (!(await apply(first.rule, Buffer.alloc(0)))) return;
  }
  let position = 0;
  for await (const chunk of chunks) {
    let rest: Buffer = chunk;
    for (let due = waiting[0]; due !== undefined && due.byte < position + rest.length; due = waiting[0]) {
      waiting.shift();
      const before = rest.subarray(0, due.byte - position);
      yield* paced(before);
      position += before.length;
      rest = due.rule.do.kind === 'corrupt' ? Buffer.from(rest.subarray(before.length)) : rest.subarray(before.length);
      if (!(await apply(due.rule, rest))) return;
    }
    yield* paced(rest);
    position += rest.length;
  }
}

const BYTE_ACTIONS: ReadonlySet<string> = new Set(['split', 'throttle', 'corrupt']);

/** Takes from the upstream at this pace only. */
export async function* slowly(
  chunks: AsyncIterable<Buffer>,
  bytesPerSecond: number,
  wait: (ms: number) => Promise<void>,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    yield chunk;
    await wait((chunk.length / bytesPerSecond) * 1000);
  }
}
