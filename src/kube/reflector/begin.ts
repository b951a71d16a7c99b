/** How lists and watches begin. */
import { INITIAL_EVENTS_STALL } from './limits.ts';
import type { Effect, Facts, Listing, Machine, Step } from './machine.ts';
import { rest } from './pauses.ts';

/**
 * The whole kind, from page 1 on (or as initial events, where those work). `verifying`: see Listing.
 * `poll`: reading anew is the rule for this kind, and counts as no relist.
 */
export function beginList<Item>(
  machine: Machine,
  facts: Facts,
  { verifying = false, poll = false }: { verifying?: boolean; poll?: boolean } = {},
): Step<Item> {
  const { settings, random } = facts;
  const counted = countList(machine, poll);
  if (settings.initialEvents && machine.verdicts.initialEvents && !verifying) {
    const parameters = {
      resourceVersion: '',
      timeoutSeconds: watchSeconds(settings.watchTimeout, random),
      initialEvents: true as const,
    };
    return {
      machine: { ...counted, phase: { at: 'gathering', asked: facts.now, items: 0 } },
      effects: [
        { do: 'watch', parameters },
        { do: 'gather', events: [], stallAfter: INITIAL_EVENTS_STALL },
      ],
    };
  }
  return askPage(counted, { ...freshListing(machine, facts), verifying }, facts);
}

/** From page 1 on, as another attempt of the same list. */
export function restartOf(machine: Machine, list: Listing): { machine: Machine; list: Listing } {
  return {
    machine: countList(machine),
    list: { ...list, first: !machine.has, token: undefined, version: '', items: 0, malformed: 0 },
  };
}

function countList(machine: Machine, poll = false): Machine {
  const { counts } = machine;
  const relists = counts.relists + (machine.has && !poll ? 1 : 0);
  return { ...machine, counts: { ...counts, lists: counts.lists + 1, relists } };
}

function freshListing(machine: Machine, { settings }: Facts): Listing {
  return {
    first: !machine.has,
    limit: pageLimit(machine.place.expiredAtOnce, settings.pageSize),
    token: undefined,
    version: '',
    items: 0,
    accept: 'consistent',
    refused: 0,
    restarts: 0,
    malformed: 0,
    verifying: false,
  };
}

/** Lists that expire before they can be watched need fewer, larger pages; 0: all in one. */
function pageLimit(expiredAtOnce: number, pageSize: number): number {
  if (expiredAtOnce < 2) return pageSize;
  return expiredAtOnce === 2 ? pageSize * 4 : 0;
}

/** Waits for a turn first, where turns are kept. */
export function askPage<Item>(machine: Machine, list: Listing, facts: Facts): Step<Item> {
  if (facts.settings.turns) return { machine: { ...machine, phase: { at: 'turn', list } }, effects: [{ do: 'turn' }] };
  return requestPage(machine, list);
}

export function requestPage<Item>(machine: Machine, list: Listing): Step<Item> {
  const known = list.accept === 'newer' ? machine.position : undefined;
  const parameters =
    list.token !== undefined
      ? { limit: list.limit, continue: list.token }
      : { limit: list.limit, ...(known === undefined ? {} : { notOlderThan: known }) };
  return { machine: { ...machine, phase: { at: 'listing', list } }, effects: [{ do: 'list', parameters }] };
}

/** `since`: told as watching from then on; undefined where it is a retry that has to be answered first. */
export function beginWatch<Item>(machine: Machine, since: number | undefined, facts: Facts): Step<Item> {
  const { settings, random, now } = facts;
  // Without a version there is nothing to watch from.
  if (machine.position === undefined) return beginList(machine, facts);
  const effects: Effect<Item>[] = [
    {
      do: 'watch',
      parameters: {
        resourceVersion: machine.position,
        timeoutSeconds: watchSeconds(settings.watchTimeout, random),
      },
    },
  ];
  const counts = { ...machine.counts, watches: machine.counts.watches + 1 };
  return {
    machine: {
      ...machine,
      counts,
      phase: { at: 'watching', asked: now, since, opened: false, heard: false, moved: false },
    },
    effects,
  };
}

/** In the upper half, so that the watches of many kinds do not end together. */
function watchSeconds(longest: number, random: number): number {
  return Math.max(1, Math.round((longest / 2) * (1 + random)));
}

/** A whole new list after a rest. */
export function relistAfter<Item>(machine: Machine, ms: number, facts: Facts): Step<Item> {
  return rest(machine, ms, { do: 'list', list: 'new' }, 'retry', facts);
}
