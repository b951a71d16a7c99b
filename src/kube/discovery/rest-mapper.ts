import { abortable, singleFlight } from '../../kernel/async.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ApiResource, DiscoverySnapshot, RestMapper } from '../types.ts';
import { ambiguousKind, missingKind, otherForm } from './kind-errors.ts';
import { buildKindIndex, type KindIndex, match } from './kind-index.ts';
import { parseKindQuery } from './kind-query.ts';

/** How long discovery is believed without a miss, ms. */
const TTL_MS = 10 * 60_000;
/**
 * A caller that asks for kinds that do not exist refreshes at most this often, ms. Short, as "there is no such kind" is
 * wrong for as long after somebody installed it; a refresh costs two requests where discovery is aggregated (1.27 on).
 */
const MISS_INTERVAL_MS = 1_000;
/** The fetch serves every caller that waits, so that no single caller's deadline applies to it. */
const FETCH_TIMEOUT_MS = 30_000;
/** Fetches for one answer while invalidations keep coming. */
const MAX_ATTEMPTS = 3;

/** A RestMapper that can also be told, at any rate, that something it listed seems to be gone. */
export interface DiscoveryMapper extends RestMapper {
  /** The server answered 404 for a whole resource: looks anew before the next answer, at most once a second. */
  suspect(): void;
}

/** Kind resolution over cached discovery: fetched once for all who wait, kept 10 minutes, fetched again on a miss. */
export function createRestMapper(
  fetch: (signal: AbortSignal) => Promise<DiscoverySnapshot>,
  clock: Clock,
): DiscoveryMapper {
  let cached: { index: KindIndex; at: number } | undefined;
  let lastForced = Number.NEGATIVE_INFINITY;
  // Grows with every invalidation: a fetch that began before one may have missed what it was about.
  let epoch = 0;

  const load = singleFlight(async (): Promise<KindIndex> => {
    for (let attempt = 1; ; attempt++) {
      const began = epoch;
      const index = buildKindIndex(await fetch(AbortSignal.timeout(FETCH_TIMEOUT_MS)));
      if (began === epoch) cached = { index, at: clock.monotonic() };
      if (began === epoch || attempt === MAX_ATTEMPTS) return index;
    }
  });

  const current = (signal: AbortSignal, maxAgeMs = TTL_MS): Promise<KindIndex> => {
    if (cached && clock.monotonic() - cached.at < maxAgeMs) return Promise.resolve(cached.index);
    return abortable(load(), signal);
  };

  /** True when a forced refresh may start now; takes the turn. */
  const mayForce = (): boolean => {
    const now = clock.monotonic();
    if (now - lastForced < MISS_INTERVAL_MS) return false;
    lastForced = now;
    return true;
  };

  const forget = () => {
    epoch++;
    cached = undefined;
  };

  return {
    async snapshot(signal, { maxAgeMs } = {}) {
      return (await current(signal, maxAgeMs)).snapshot;
    },

    async resolve(kind, apiVersion, signal) {
      const query = parseKindQuery(kind, apiVersion);
      const wasCached = cached;
      let index = await current(signal);
      let found = match(index, query);
      if (found.length === 0) {
        const misread = otherForm(index, query);
        if (misread) throw misread;
        // A snapshot fetched for this very call, or a newer one than was looked at, needs no second fetch.
        if (wasCached?.index === index && mayForce()) {
          if (cached?.index === index) forget();
          index = await current(signal);
          found = match(index, query);
        }
      }
      return only(index, query, found);
    },

    invalidate: forget,

    suspect() {
      if (mayForce()) forget();
    },
  };
}

function only(index: KindIndex, query: ReturnType<typeof parseKindQuery>, found: readonly ApiResource[]): ApiResource {
  const [first, second] = found;
  if (first === undefined) throw missingKind(index, query);
  if (second !== undefined) throw ambiguousKind(query, found);
  return first;
}
