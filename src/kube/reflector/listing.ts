/** Lists in pages: what a page leads to, and what a failure of one does. */
import type { ListPage, WireFailure } from '../watch/types.ts';
import { beginWatch, relistAfter, requestPage, restartOf } from './begin.ts';
import { meaningOf } from './failures.ts';
import { PAGED_RESTARTS, SAME_PLACE } from './limits.ts';
import { type Effect, type Facts, type Listing, type Machine, type Step, UNTROUBLED } from './machine.ts';
import { addFailure, after, rest, retryAfter } from './pauses.ts';
import { forbidden, lose, missing, signIn } from './refusals.ts';
import { isOlder } from './versions.ts';

export function onPage<Item>(machine: Machine, list: Listing, page: ListPage<Item>, facts: Facts): Step<Item> {
  const opening = list.token === undefined;
  if (opening && isTooOld(machine, list, page, facts)) return olderList(machine, list, facts);
  const token = page.continue === '' ? undefined : page.continue;
  // An empty page may lead to itself until the server has more, but not for ever.
  if (token !== undefined && token === list.token && page.items.length === 0) return emptyPage(machine, list, facts);
  // Pages of two versions are no list: what was deleted between them would stay for ever.
  if (!opening && page.resourceVersion !== list.version) {
    const { machine: failed, ms } = addFailure(
      machine,
      { of: 'list', reason: 'The pages are of two versions.' },
      facts,
    );
    return expired(failed, list, ms, facts);
  }
  const version = opening ? page.resourceVersion : list.version;
  const items = list.items + page.items.length;
  const effects: Effect<Item>[] = [];
  if (opening) effects.push({ do: 'tell', sink: { call: 'listBegins', kind: list.first ? 'first' : 'relist' } });
  effects.push({ do: 'tell', sink: { call: 'listPage', items: page.items, remaining: page.remaining } });
  const better = listWorks(machine);
  if (token !== undefined) {
    const next = { ...list, token, version, items, malformed: 0, verifying: false };
    return after(effects, requestPage(better, next));
  }
  effects.push({ do: 'tell', sink: { call: 'listEnds', resourceVersion: version } }, { do: 'release turn' });
  return after(effects, afterList(better, version, facts));
}

function emptyPage<Item>(machine: Machine, list: Listing, facts: Facts): Step<Item> {
  const malformed = list.malformed + 1;
  if (malformed < SAME_PLACE) return requestPage(machine, { ...list, malformed });
  return onListFailure(machine, list, { kind: 'malformed', message: 'A page of the list leads to itself.' }, facts);
}

/** Failures of lists are over. Those of watches are not: a list after each of them must not make the pauses short again. */
function listWorks(machine: Machine): Machine {
  const { trouble, place } = machine;
  return {
    ...machine,
    trouble: trouble.of === 'list' ? UNTROUBLED : { ...trouble, signIns: 0 },
    place: { ...place, missing: 0 },
  };
}

/** The sink has the whole list. */
function afterList<Item>(machine: Machine, version: string, facts: Facts): Step<Item> {
  const { unwatchableUntil } = machine.verdicts;
  const known: Machine = {
    ...machine,
    has: true,
    position: version === '' ? undefined : version,
    place: { ...machine.place, settled: false, uid: '' },
  };
  const unwatchable = unwatchableUntil !== undefined && facts.now < unwatchableUntil;
  if (unwatchable && version !== '' && unwatchableUntil - facts.now < facts.settings.pollInterval)
    return rest(known, unwatchableUntil - facts.now, { do: 'watch' }, 'polling', facts);
  if (version === '' || unwatchable)
    return rest(known, facts.settings.pollInterval, { do: 'list', list: 'new' }, 'polling', facts);
  return beginWatch(known, facts.now, facts);
}

function isTooOld<Item>(machine: Machine, list: Listing, page: ListPage<Item>, { settings }: Facts): boolean {
  if (!settings.comparableVersions() || list.accept === 'any') return false;
  return machine.position !== undefined && isOlder(page.resourceVersion, machine.position);
}

/** A replica lags behind, or the data was restored from a backup: the server is asked for a list that is not older. */
function olderList<Item>(machine: Machine, list: Listing, facts: Facts): Step<Item> {
  const reason = 'The list is older than what is known already.';
  const { machine: failed, ms } = addFailure(machine, { of: 'list', reason }, facts);
  const again = restartOf(failed, insisting(list));
  return rest(again.machine, ms, { do: 'list', list: again.list }, 'retry', facts);
}

/** A server that cannot give a newer list again and again has gone back: then what it has is the truth. */
function insisting(list: Listing): Listing {
  const refused = list.refused + 1;
  return { ...list, refused, accept: refused > SAME_PLACE ? 'any' : 'newer' };
}

export function onListFailure<Item>(machine: Machine, list: Listing, failure: WireFailure, facts: Facts): Step<Item> {
  const meaning = meaningOf(failure);
  if (list.verifying && meaning.means !== 'forbidden') {
    // It may not be watched, and whether it may be read is not known: it is not shown.
    const lost = lose<Item>(machine, 'forbidden', false);
    return after(lost.effects, onListFailure(lost.machine, { ...list, first: true, verifying: false }, failure, facts));
  }
  const { reason } = meaning;
  const again = (ms: number, of: Machine, next: Listing = list) =>
    rest<Item>(of, ms, { do: 'list', list: next }, 'retry', facts);
  switch (meaning.means) {
    case 'forbidden':
      return forbidden(machine, reason, list.items > 0, facts);
    case 'missing':
    case 'unsupported':
      return missing(machine, 'list', reason, list, facts);
    case 'sign-in':
      return signIn(machine, 'list', reason, { do: 'list', list }, facts);
    default:
  }
  const connection = meaning.means === 'connection';
  const failed = addFailure(machine, { of: 'list', reason, connection }, facts);
  switch (meaning.means) {
    case 'malformed': {
      const malformed = list.malformed + 1;
      const counts = { ...failed.machine.counts, notUnderstood: failed.machine.counts.notUnderstood + 1 };
      const counted = { ...failed.machine, counts };
      if (malformed >= SAME_PLACE && list.token !== undefined) return relistAfter(counted, failed.ms, facts);
      return again(failed.ms, counted, { ...list, malformed });
    }
    case 'expired':
    case 'invalid':
      return expired(failed.machine, list, failed.ms, facts);
    case 'too large': {
      const next = list.accept === 'newer' ? insisting(list) : list;
      return again(Math.max(failed.ms, retryAfter(meaning.retryAfterSeconds ?? 0, facts)), failed.machine, next);
    }
    case 'throttled':
      return again(Math.max(failed.ms, retryAfter(meaning.retryAfterSeconds, facts)), failed.machine);
    case 'connection':
    case 'server':
      return again(failed.ms, failed.machine);
  }
}

/** A token that expired leads nowhere: the token inside the 410 would give a list of two versions. */
function expired<Item>(machine: Machine, list: Listing, ms: number, facts: Facts): Step<Item> {
  if (list.token === undefined) {
    // Only NotOlderThan can expire on the first page.
    const next: Listing = list.accept === 'newer' ? { ...list, accept: 'any' } : list;
    return rest(machine, ms, { do: 'list', list: next }, 'retry', facts);
  }
  const restarts = list.restarts + 1;
  const limit = restarts > PAGED_RESTARTS ? 0 : list.limit;
  const again = restartOf(machine, { ...list, restarts, limit });
  return rest(again.machine, ms, { do: 'list', list: again.list }, 'retry', facts);
}
