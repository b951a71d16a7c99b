/** Plans at random, of faults that a correct client gets over: each ends by itself, and none hides an event for good. */
import fc from 'fast-check';
import type { Action, Counts, Line, Match, Phase, Plan, Rule } from './plan.ts';
import type { Target } from './row.ts';
import { EXPIRED, failing, TOO_MANY } from './rows-answers.ts';

export interface RandomPlanOptions {
  /** 5 unless given. */
  readonly maxRules?: number;
  /** Whose lists and watches suffer; all unless given. */
  readonly target?: Target;
  /** Of delays, refusals and freezes; 1,000 ms unless given. */
  readonly maxMs?: number;
  /** Streams and connections that fall silent: only a watchdog of the client ends that. True unless given. */
  readonly silence?: boolean;
}

/** The same for the same seed. */
export function randomPlan(seed: number, options: RandomPlanOptions = {}): Plan {
  const [plan] = fc.sample(arbitraryPlan(options), { seed, numRuns: 1 });
  return plan ?? { rules: [] };
}

/** Shrinks to few rules, early turns and simple faults. */
export function arbitraryPlan(options: RandomPlanOptions = {}): fc.Arbitrary<Plan> {
  return fc
    .array(arbitraryRule(options), { maxLength: options.maxRules ?? 5, size: 'max' })
    .map((rules): Plan => ({ rules }));
}

/** Happens at the first turns, or at one of them. */
const counts: fc.Arbitrary<Counts> = fc.oneof(
  fc.integer({ min: 1, max: 3 }).map((nth) => ({ nth })),
  fc.integer({ min: 1, max: 3 }).map((to) => ({ to })),
);
const smallByte = fc.integer({ min: 0, max: 600 });
const someEvent = fc.integer({ min: 1, max: 4 });
const breakingCode = fc.constantFrom(2, 7, 8, 11);

function arbitraryRule({ target, maxMs = 1000, silence = true }: RandomPlanOptions): fc.Arbitrary<Rule> {
  const ms = fc.integer({ min: 0, max: maxMs });
  const list: Match = { verb: 'list', ...target };
  const watch: Match = { verb: 'watch', ...target };
  const reads: Match = { verb: ['list', 'watch'], ...target };
  const rule = (match: Match, at: fc.Arbitrary<Phase>, action: fc.Arbitrary<Action>): fc.Arbitrary<Rule> =>
    fc.record({ match: fc.constant(match), counts, at, do: action });
  const connection = (action: fc.Arbitrary<Action>): fc.Arbitrary<Rule> =>
    fc.record({ counts, at: fc.constant<Phase>({ at: 'connect' }), do: action });
  const failed = (match: Match, ...failures: readonly Parameters<typeof failing>[1][]): fc.Arbitrary<Rule> =>
    fc.tuple(fc.constantFrom(...failures), counts).map(([failure, when]) => failing(match, failure, when));

  const before = fc.constantFrom<Phase>({ at: 'request' }, { at: 'headers' });
  const nthEvent = someEvent.map((nth): Phase => ({ at: 'event', nth }));
  const afterEvents = fc.integer({ min: 0, max: 4 }).map((after): Phase => ({ at: 'after-events', after }));
  const inBody = smallByte.map((byte): Phase => ({ at: 'body', byte }));
  const cut = fc.constantFrom<Action>({ kind: 'cut', how: 'rst' }, { kind: 'cut', how: 'fin' });
  const breaks = fc.oneof(
    cut,
    breakingCode.map((code): Action => ({ kind: 'rst-stream', code })),
    fc.constantFrom<Action>({ kind: 'goaway', code: 0 }, { kind: 'goaway', code: 2 }),
  );
  const instead = (line: Line): Action => ({ kind: 'inject', where: 'instead', lines: [line] });

  return fc.oneof(
    failed(
      reads,
      { code: 500, reason: 'InternalError' },
      { code: 502 },
      { code: 503, reason: 'ServiceUnavailable' },
      { code: 504, reason: 'Timeout' },
      TOO_MANY,
    ),
    failed(watch, EXPIRED),
    failed({ ...list, page: 2 }, EXPIRED),
    rule(reads, before, breaks),
    rule(watch, afterEvents, fc.oneof(breaks, fc.constant<Action>({ kind: 'cut', how: 'end' }))),
    rule(reads, inBody, breaks),
    rule(
      watch,
      nthEvent,
      fc.integer({ min: 1, max: 60 }).map((inside): Action => ({ kind: 'cut', how: 'end', inside })),
    ),
    // A line that cannot be understood stands where an event was.
    rule(
      watch,
      nthEvent,
      fc.constantFrom(
        instead({ line: 'text', text: '{"type":"ADDED","object":' }),
        instead({ line: 'event', type: 'MUTATED', object: {} }),
      ),
    ),
    rule(
      watch,
      nthEvent,
      fc.constantFrom(instead({ line: 'status', ...EXPIRED }), instead({ line: 'status', code: 500 })),
    ),
    rule(watch, nthEvent, fc.constant<Action>({ kind: 'inject', where: 'after', lines: [{ line: 'again' }] })),
    rule(watch, fc.constant({ at: 'event', type: 'BOOKMARK' }), fc.constant<Action>({ kind: 'drop' })),
    rule(
      watch,
      fc.constant({ at: 'event', type: 'ADDED' }),
      fc.constant<Action>({ kind: 'edit', edits: [{ edit: 'set', path: ['type'], to: 'MODIFIED' }] }),
    ),
    rule(
      reads,
      fc.constant({ at: 'body' }),
      fc.integer({ min: 1, max: 50 }).map((bytes): Action => ({ kind: 'split', bytes })),
    ),
    rule(
      reads,
      fc.constantFrom<Phase>({ at: 'request' }, { at: 'headers' }, { at: 'body' }),
      ms.map((delay): Action => ({ kind: 'delay', ms: delay })),
    ),
    rule(
      list,
      fc.constant({ at: 'headers' }),
      fc.constantFrom<Action>({ kind: 'encoding', as: 'truncated-gzip' }, { kind: 'encoding', as: 'corrupt-gzip' }),
    ),
    rule(
      list,
      fc.constant({ at: 'body' }),
      fc.constantFrom<Action>(
        { kind: 'edit', edits: [{ edit: 'empty-page' }] },
        { kind: 'edit', edits: [{ edit: 'repeat-item' }] },
        { kind: 'edit', edits: [{ edit: 'set', path: ['metadata', 'remainingItemCount'], to: 7 }] },
      ),
    ),
    rule(
      watch,
      afterEvents,
      ms.map((forMs): Action => ({ kind: 'listener', state: 'refused', forMs, cutOpen: true })),
    ),
    rule(
      watch,
      afterEvents,
      ms.map((forMs): Action => ({ kind: 'freeze', forMs })),
    ),
    connection(
      fc.oneof(
        cut,
        ms.map((delay): Action => ({ kind: 'delay', ms: delay })),
        fc.constantFrom<Action>(
          { kind: 'certificate', use: 'other-authority' },
          { kind: 'protocols', alpn: 'http/1.1' },
          { kind: 'max-streams', streams: 1 },
        ),
      ),
    ),
    ...(silence
      ? [
          rule(
            watch,
            afterEvents,
            fc.constantFrom<Action>({ kind: 'silence', of: 'stream' }, { kind: 'silence', of: 'connection' }),
          ),
        ]
      : []),
  );
}
