/** The events of a watch on their way: dropped, edited, doubled, turned round, joined, or the moment for something else. */
import type { Outcome } from './control.ts';
import type { EventFacts, Framing } from './frames.ts';
import { edited, frameOf } from './lines.ts';
import { type Control, isControl, type Line } from './plan.ts';
import type { Active } from './rule-book.ts';

export interface EventParts {
  /** Those at `event` and `after-events`. */
  readonly rules: readonly Active[];
  readonly framing: Framing;
  act(rule: Active, control: Control): Promise<Outcome>;
  fire(rule: Active): void;
  skip(rule: Active): void;
  /** An event came from the upstream. */
  counted(): void;
}

export async function* passEvents(frames: AsyncIterable<Buffer>, parts: EventParts): AsyncGenerator<Buffer> {
  const { rules, framing } = parts;
  const due = rules.flatMap((rule) => (rule.at.at === 'event' ? [{ rule, isDue: dueAt(rule.at) }] : []));
  /** Events that wait for the next one of their object. */
  const held = new Map<string, Buffer>();
  let last: Buffer | undefined;
  let passed = 0;

  const linesOf = (rule: Active, lines: readonly Line[], current: Buffer | undefined) =>
    lines.flatMap((line) => {
      const frame = frameOf(line, framing.form, current);
      if (frame === undefined) parts.skip(rule);
      return frame ?? [];
    });

  async function* afterEvents(): AsyncGenerator<Buffer, boolean> {
    for (const rule of rules) {
      if (rule.at.at !== 'after-events' || rule.at.after !== passed) continue;
      if (isControl(rule.do)) {
        if ((await parts.act(rule, rule.do)) === 'over') return true;
      } else if (rule.do.kind === 'inject') {
        parts.fire(rule);
        yield* linesOf(rule, rule.do.lines, last);
      }
    }
    return false;
  }

  if (yield* afterEvents()) return;
  for await (const frame of frames) {
    parts.counted();
    const event = due.length > 0 ? framing.read(frame) : undefined;
    let current: Buffer | undefined = frame;
    const after: Buffer[] = [];
    for (const { rule, isDue } of due) {
      if (!isDue(event)) continue;
      const action = rule.do;
      if (isControl(action)) {
        if (action.kind === 'cut' && action.inside !== undefined) yield frame.subarray(0, action.inside);
        if ((await parts.act(rule, action)) === 'over') return;
        continue;
      }
      parts.fire(rule);
      if (action.kind === 'drop') current = undefined;
      else if (action.kind === 'reorder' && event !== undefined && current !== undefined && !held.has(event.key)) {
        held.set(event.key, current);
        current = undefined;
      } else if (action.kind === 'edit' && current !== undefined) {
        const changed: Buffer | undefined = edited(current, action.edits, framing.form);
        if (changed === undefined) parts.skip(rule);
        current = changed ?? current;
      } else if (action.kind === 'inject') {
        const lines = linesOf(rule, action.lines, frame);
        if (action.where === 'after') after.push(...lines);
        else yield* lines;
        if (action.where === 'instead') current = undefined;
      }
    }
    last = frame;
    if (current !== undefined) {
      yield current;
      const key = event?.key ?? '';
      const waiting = held.get(key);
      if (waiting !== undefined) {
        yield waiting;
        held.delete(key);
      }
    }
    yield* after;
    passed++;
    if (yield* afterEvents()) return;
  }
  yield* held.values();
}

function dueAt(at: Extract<Active['at'], { at: 'event' }>): (event: EventFacts | undefined) => boolean {
  const { nth, type, name, initialEventsEnd } = at;
  const all = type === undefined && name === undefined && initialEventsEnd === undefined;
  let seen = 0;
  return (event) => {
    if (event === undefined && !all) return false;
    if (type !== undefined && event?.type !== type) return false;
    if (name !== undefined && event?.name !== name) return false;
    if (initialEventsEnd !== undefined && event?.initialEventsEnd !== initialEventsEnd) return false;
    seen++;
    return nth === undefined || nth === seen;
  };
}

/** So many frames in one chunk. */
export async function* joined(frames: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  for await (const frame of frames) {
    waiting.push(frame);
    if (waiting.length < count) continue;
    yield Buffer.concat(waiting);
    waiting = [];
  }
  if (waiting.length > 0) yield Buffer.concat(waiting);
}

/** Frames that come from a timer, to be put between those of the upstream. */
export interface Inbox {
  push(frame: Buffer): void;
  merge(frames: AsyncIterable<Buffer>): AsyncIterable<Buffer>;
}

export function createInbox(): Inbox {
  const waiting: Buffer[] = [];
  let wake = (): void => undefined;
  return {
    push(frame) {
      waiting.push(frame);
      wake();
    },
    async *merge(frames) {
      const source = frames[Symbol.asyncIterator]();
      try {
        for (let next = source.next(); ; ) {
          const knock = new Promise<'knock'>((resolve) => {
            wake = () => resolve('knock');
          });
          const came = waiting.length > 0 ? 'knock' : await Promise.race([next, knock]);
          if (came === 'knock') {
            yield* waiting.splice(0);
            continue;
          }
          if (came.done) return;
          yield came.value;
          next = source.next();
        }
      } finally {
        await source.return?.();
      }
    },
  };
}
