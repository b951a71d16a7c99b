/** A list that comes as the initial events of a watch. Kept aside until its end is marked; given up for a plain list otherwise. */
import type { WatchEvent, WireFailure } from '../watch/types.ts';
import { beginList, relistAfter } from './begin.ts';
import { type Meaning, meaningOf, meaningOfStatus } from './failures.ts';
import { INITIAL_EVENTS_STALL } from './limits.ts';
import type { Effect, Facts, GatheredEvent, Machine, Phase, Seen, Step } from './machine.ts';
import { addFailure, after, rest, retryAfter } from './pauses.ts';
import { forbidden, missing, signIn } from './refusals.ts';
import { onBatch } from './watching.ts';

type Gathering = Extract<Phase, { at: 'gathering' }>;

export function onInitialBatch<Item>(
  machine: Machine,
  phase: Gathering,
  events: readonly WatchEvent<Seen<Item>>[],
  facts: Facts,
): Step<Item> {
  const gathered: GatheredEvent<Item>[] = [];
  const gather = (): Effect<Item>[] => [{ do: 'gather', events: gathered, stallAfter: INITIAL_EVENTS_STALL }];
  for (const [index, event] of events.entries()) {
    if (event.type === 'ERROR') return onInitialFailure(machine, meaningOfStatus(event), facts);
    if (event.type === 'UNKNOWN')
      return onInitialFailure(machine, { means: 'malformed', reason: `An event of the type ${event.name}.` }, facts);
    if (event.type === 'BOOKMARK') {
      if (!event.initialEventsEnd || event.resourceVersion === '') continue;
      const commit: Effect<Item> = {
        do: 'commit gathered',
        first: !machine.has,
        resourceVersion: event.resourceVersion,
      };
      const committed = listed(machine, phase, event.resourceVersion, facts);
      const watching = committed.phase;
      const rest = events.slice(index + 1);
      return after([...gather(), commit], onBatch(committed, watching, rest, facts));
    }
    const { object, resourceVersion } = event;
    gathered.push({ type: event.type === 'DELETED' ? 'delete' : 'upsert', ...object, resourceVersion });
  }
  const items = phase.items + gathered.length;
  return { machine: { ...machine, phase: { ...phase, items } }, effects: gather() };
}

function listed(machine: Machine, phase: Gathering, position: string, { now }: Facts) {
  const { trouble, place, counts, verdicts } = machine;
  const watching = { at: 'watching', asked: phase.asked, since: now, opened: true, heard: true, moved: false } as const;
  return {
    ...machine,
    phase: watching,
    has: true,
    position,
    trouble: { ...trouble, failures: 0, signIns: 0 },
    place: { ...place, missing: 0, settled: false, uid: '' },
    counts: { ...counts, watches: counts.watches + 1, bookmarks: counts.bookmarks + 1 },
    verdicts: { ...verdicts, initialFailures: 0 },
  };
}

export function onStalled<Item>(machine: Machine, facts: Facts): Step<Item> {
  return beginList(withoutInitialEvents(machine), facts);
}

export function onInitialEnd<Item>(machine: Machine, facts: Facts): Step<Item> {
  return onInitialFailure(machine, { means: 'connection', reason: 'The initial events ended halfway.' }, facts);
}

export function onInitialWireFailure<Item>(machine: Machine, failure: WireFailure, facts: Facts): Step<Item> {
  return onInitialFailure(machine, meaningOf(failure), facts);
}

/** The verdict holds for this kind as long as the Reflector lives. */
function withoutInitialEvents(machine: Machine): Machine {
  return { ...machine, verdicts: { ...machine.verdicts, initialEvents: false } };
}

function onInitialFailure<Item>(machine: Machine, meaning: Meaning, facts: Facts): Step<Item> {
  const { reason } = meaning;
  switch (meaning.means) {
    case 'invalid':
    case 'unsupported':
      return onStalled(machine, facts);
    case 'forbidden':
      // The watch may be forbidden where the list is not: the list says which.
      if (machine.has) return beginList(withoutInitialEvents(machine), facts, { verifying: true });
      return forbidden(machine, reason, false, facts);
    case 'missing':
      return missing(machine, 'list', reason, undefined, facts);
    case 'sign-in':
      return signIn(machine, 'list', reason, { do: 'list', list: 'new' }, facts);
    default:
  }
  const connection = meaning.means === 'connection';
  const failed = addFailure(machine, { of: 'list', reason, connection }, facts);
  if (meaning.means === 'throttled')
    return rest(
      failed.machine,
      Math.max(failed.ms, retryAfter(meaning.retryAfterSeconds, facts)),
      { do: 'list', list: 'new' },
      'retry',
      facts,
    );
  const initialFailures = machine.verdicts.initialFailures + 1;
  const verdicts = { ...machine.verdicts, initialFailures, initialEvents: initialFailures < 2 };
  return relistAfter({ ...failed.machine, verdicts }, failed.ms, facts);
}
