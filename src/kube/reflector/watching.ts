/** A watch: what its events, its end and its failures lead to. */
import type { WatchEvent } from '../watch/types.ts';
import { beginList, beginWatch, relistAfter } from './begin.ts';
import { type Meaning, meaningOfStatus } from './failures.ts';
import {
  BOOKMARK_EXPECTED,
  HEALTHY,
  INTERNAL_ERRORS,
  LONGEST_PAUSE,
  NOT_UNDERSTOOD,
  RELIST_SPREAD,
  SAME_PLACE,
  SHORT_WATCH,
} from './limits.ts';
import { type Effect, type Facts, FRESH_PLACE, type Machine, type Phase, type Seen, type Step } from './machine.ts';
import { addFailure, after, between, pause, rest, retryAfter } from './pauses.ts';
import { missing, recheckAfter, signIn } from './refusals.ts';
import { compareVersions, isOlder } from './versions.ts';

type Watching = Extract<Phase, { at: 'watching' }>;

export function onOpened(machine: Machine, phase: Watching, { now }: Facts): Machine {
  return {
    ...machine,
    trouble: { ...machine.trouble, signIns: 0 },
    phase: { ...phase, opened: true, since: phase.since ?? now },
  };
}

/** Everything up to the first thing that cannot be understood goes to the sink; what comes after that waits for another watch. */
export function onBatch<Item>(
  machine: Machine,
  phase: Watching,
  events: readonly WatchEvent<Seen<Item>>[],
  facts: Facts,
): Step<Item> {
  const batch: { type: 'upsert' | 'delete'; item: Item }[] = [];
  let { position, place, counts } = machine;
  let stop: Meaning | undefined;
  for (const event of events) {
    if (event.type === 'ERROR') stop = meaningOfStatus(event);
    else if (event.type === 'UNKNOWN') stop = { means: 'malformed', reason: `An event of the type ${event.name}.` };
    else if (event.type === 'BOOKMARK') {
      counts = { ...counts, bookmarks: counts.bookmarks + 1 };
      if (event.resourceVersion === '') continue;
      if (position !== undefined && isOlder(event.resourceVersion, position))
        place = { ...place, olderBookmarks: place.olderBookmarks + 1 };
      else position = event.resourceVersion;
    } else if (event.resourceVersion === '')
      stop = { means: 'malformed', reason: 'An object without resourceVersion.' };
    else if (!isRepetition(event.resourceVersion, event.object.uid, position, place.uid, facts)) {
      batch.push({ type: event.type === 'DELETED' ? 'delete' : 'upsert', item: event.object.item });
      position = event.resourceVersion;
      place = { ...place, uid: event.object.uid };
    }
    if (stop !== undefined) break;
  }
  const effects: Effect<Item>[] = batch.length === 0 ? [] : [{ do: 'tell', sink: { call: 'events', batch } }];
  counts = { ...counts, events: counts.events + batch.length };
  const told: Machine = { ...machine, place, counts };
  const open = { ...phase, opened: true, heard: true, since: phase.since ?? facts.now };
  const moved = position === machine.position ? { ...told, phase: open } : progress(told, open, position);
  if (stop !== undefined) return after(effects, onWatchFailure(moved, open, stop, true, facts));
  if (place.olderBookmarks >= SAME_PLACE && position === machine.position) {
    // A replica catches up between two bookmarks; a restored backup never does.
    const reason = 'Bookmarks are older than what is known.';
    const { machine: failed, ms } = addFailure(moved, { of: 'watch', reason }, facts);
    return after(effects, relistAfter({ ...failed, place: { ...failed.place, olderBookmarks: 0 } }, ms, facts));
  }
  return { machine: moved, effects };
}

/** Later than the position: what was wrong at it is over. */
function progress(machine: Machine, phase: Watching, position: string | undefined): Machine {
  const { uid, relistsForLines } = machine.place;
  return {
    ...machine,
    position,
    place: { ...FRESH_PLACE, uid, relistsForLines, settled: true },
    trouble: { ...machine.trouble, failures: 0, signIns: 0 },
    phase: { ...phase, moved: true },
  };
}

/** Versions that can be compared tell each repetition; else only the very same event once more is one. */
function isRepetition(
  version: string,
  uid: string,
  position: string | undefined,
  lastUid: string,
  { settings }: Facts,
): boolean {
  if (position === undefined) return false;
  if (version === position && uid === lastUid) return true;
  return (compareVersions(version, position) ?? 1) <= 0 && settings.comparableVersions();
}

/** What a watch that is over leaves behind: one that held has no failures in a row. */
function outlived(machine: Machine, phase: Watching, { now }: Facts): { machine: Machine; lived: number } {
  const lived = phase.opened ? now - phase.asked : 0;
  if (lived < SHORT_WATCH) return { machine, lived };
  const { trouble, place } = machine;
  const healthy = lived >= HEALTHY;
  return {
    lived,
    machine: {
      ...machine,
      trouble: { ...trouble, failures: 0, signIns: 0, step: healthy ? 0 : trouble.step },
      verdicts: { ...machine.verdicts, refusals: 0 },
      place: {
        ...place,
        settled: true,
        shortWatches: 0,
        tooLarge: 0,
        missing: 0,
        expiredAtOnce: 0,
        relistsForLines: healthy ? 0 : place.relistsForLines,
      },
    },
  };
}

/** The server ended it well. */
export function onEnded<Item>(machine: Machine, phase: Watching, facts: Facts): Step<Item> {
  const lived = facts.now - phase.asked;
  if (lived >= SHORT_WATCH) {
    const whole = outlived(machine, { ...phase, opened: true }, facts).machine;
    const since = phase.since ?? facts.now;
    if (phase.heard || lived < BOOKMARK_EXPECTED || !facts.settings.comparableVersions())
      return beginWatch(whole, since, facts);
    return {
      machine: { ...whole, phase: { at: 'checking', since } },
      effects: [{ do: 'list', parameters: { limit: 1 } }],
    };
  }
  if (phase.moved) return rest(machine, pause(0, facts.random), { do: 'watch' }, 'retry', facts);
  const { machine: failed, ms } = addFailure(machine, { of: 'watch', reason: 'The watch ended at once.' }, facts);
  const shortWatches = failed.place.shortWatches + 1;
  return again(failed, { shortWatches }, shortWatches, { shortWatches: 0 }, ms, facts);
}

/**
 * A server that was restored from a backup takes a watch from a version that it does not have yet, and says nothing until it does.
 * Without an answer the watch goes on: whatever is wrong is told to it as well.
 */
export function onChecked<Item>(
  machine: Machine,
  phase: Extract<Phase, { at: 'checking' }>,
  version: string | undefined,
  facts: Facts,
): Step<Item> {
  const { position } = machine;
  if (version === undefined || version === '' || position === undefined || !isOlder(version, position))
    return beginWatch(machine, phase.since, facts);
  return beginList(machine, facts);
}

/** The same watch once more, or the whole list once it has failed `SAME_PLACE` times at the same place. */
function again<Item>(
  machine: Machine,
  counted: Partial<Machine['place']>,
  count: number,
  cleared: Partial<Machine['place']>,
  ms: number,
  facts: Facts,
): Step<Item> {
  const place = { ...machine.place, ...counted };
  if (count < SAME_PLACE) return rest({ ...machine, place }, ms, { do: 'watch' }, 'retry', facts);
  return relistAfter({ ...machine, place: { ...place, ...cleared } }, ms, facts);
}

/** `inStream`: it came as an ERROR event. */
export function onWatchFailure<Item>(
  before: Machine,
  phase: Watching,
  meaning: Meaning,
  inStream: boolean,
  facts: Facts,
): Step<Item> {
  const { machine, lived } = outlived(before, phase, facts);
  const { reason } = meaning;
  switch (meaning.means) {
    case 'expired':
      return expired(machine, phase, reason, facts);
    case 'forbidden':
      return beginList(unwatchable(machine, facts), facts, { verifying: true });
    case 'unsupported':
      return rest(
        unwatchable(machine, facts),
        facts.settings.pollInterval,
        { do: 'list', list: 'new' },
        'polling',
        facts,
      );
    case 'missing':
      return missing(machine, 'watch', reason, undefined, facts);
    case 'sign-in':
      return signIn(machine, 'watch', reason, { do: 'watch' }, facts);
    default:
  }
  const connection = meaning.means === 'connection';
  const { machine: failed, ms } = addFailure(machine, { of: 'watch', reason, connection, lived }, facts);
  const { place } = failed;
  switch (meaning.means) {
    case 'malformed':
      return notUnderstood(failed, ms, facts);
    case 'invalid':
      return again(failed, { malformed: place.malformed + 1 }, place.malformed + 1, { malformed: 0 }, ms, facts);
    case 'too large': {
      const wait = Math.max(ms, retryAfter(meaning.retryAfterSeconds ?? 0, facts));
      return again(failed, { tooLarge: place.tooLarge + 1 }, place.tooLarge + 1, { tooLarge: 0 }, wait, facts);
    }
    case 'throttled': {
      const wait = Math.max(ms, retryAfter(meaning.retryAfterSeconds, facts));
      return rest(failed, wait, { do: 'watch' }, 'retry', facts);
    }
    case 'connection':
      return rest(failed, ms, { do: 'watch' }, 'retry', facts);
    case 'server': {
      if (!inStream) return rest(failed, ms, { do: 'watch' }, 'retry', facts);
      const internalSince = place.internalSince ?? facts.now;
      if (facts.now - internalSince >= INTERNAL_ERRORS)
        return relistAfter({ ...failed, place: { ...place, internalSince: undefined } }, ms, facts);
      return rest({ ...failed, place: { ...place, internalSince } }, ms, { do: 'watch' }, 'retry', facts);
    }
  }
}

/** The version is too old for the server: everything is read anew, spread over a while. */
function expired<Item>(machine: Machine, phase: Watching, reason: string, facts: Facts): Step<Item> {
  const { trouble, place } = machine;
  const atOnce = !phase.moved && !place.settled;
  const expiredAtOnce = atOnce ? place.expiredAtOnce + 1 : 0;
  const since = trouble.failures === 0 ? facts.now : trouble.since;
  const next: Machine = {
    ...machine,
    place: { ...place, expiredAtOnce },
    trouble: { ...trouble, of: 'watch', reason, since, connection: false },
  };
  // A list that took longer than the server's history expires again: no sooner than ever more slowly.
  const ms = expiredAtOnce < 2 ? Math.round(facts.random * RELIST_SPREAD) : pause(expiredAtOnce, facts.random);
  return relistAfter(next, ms, facts);
}

function unwatchable(machine: Machine, facts: Facts): Machine {
  const { counts } = machine;
  const { ms, verdicts } = recheckAfter(machine, facts);
  return {
    ...machine,
    counts: { ...counts, failures: counts.failures + 1 },
    verdicts: { ...verdicts, unwatchableUntil: facts.now + ms },
  };
}

/** Never past it: the same again, and when it stays, a list that holds what the line would have said. */
function notUnderstood<Item>(machine: Machine, ms: number, facts: Facts): Step<Item> {
  const { place } = machine;
  const counts = { ...machine.counts, notUnderstood: machine.counts.notUnderstood + 1 };
  const malformed = place.malformed + 1;
  if (malformed < SAME_PLACE)
    return rest({ ...machine, counts, place: { ...place, malformed } }, ms, { do: 'watch' }, 'retry', facts);
  const relistsForLines = place.relistsForLines + 1;
  const longest = Math.min(NOT_UNDERSTOOD.from * 2 ** Math.min(place.relistsForLines, 10), NOT_UNDERSTOOD.to);
  // The first at once; a server that always says such things is not read anew all the time.
  const wait =
    place.relistsForLines === 0
      ? Math.min(ms, LONGEST_PAUSE)
      : between({ from: longest / 2, to: longest }, facts.random);
  return relistAfter({ ...machine, counts, place: { ...place, malformed: 0, relistsForLines } }, wait, facts);
}
