import { singleFlight } from '../../kernel/async.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Ingredient, Piece } from './ingredient.ts';

export interface Fetched {
  piece: Piece;
  /** ms since the epoch; absent: good until the server says 401. */
  expiresAt?: number;
}

/** Fetched anew this long before expiry, but never earlier than after 90 % of its life. */
const MARGIN_MS = 60_000;
/** After a failure, or after a fetch that brought something expired already, the next one waits this long: a broken plugin is not run in a loop. */
const HOLD_MS = 5_000;

type Outcome =
  | { kind: 'fetched'; fetched: Fetched; at: number; renewAt: number }
  | { kind: 'failed'; error: unknown; at: number; before: Fetched | undefined };

/** An ingredient that is fetched, kept until shortly before it expires, and fetched again. `fetch` runs once for all who wait. */
export function createExpiring(fetch: () => Promise<Fetched>, clock: Clock): Ingredient {
  let outcome: Outcome | undefined;
  let renewedAt = Number.NEGATIVE_INFINITY;

  const run = singleFlight(async (): Promise<void> => {
    const before = lastGood(outcome);
    try {
      const fetched = await fetch();
      const at = clock.now();
      outcome = { kind: 'fetched', fetched, at, renewAt: renewalTime(fetched, at) };
    } catch (error) {
      outcome = { kind: 'failed', error, at: clock.now(), before };
    }
  });

  const isDue = (): boolean => {
    if (outcome === undefined) return true;
    // A wall clock set back would otherwise keep an outcome of the future for ever.
    if (clock.now() < outcome.at) return true;
    return clock.now() >= (outcome.kind === 'failed' ? outcome.at + HOLD_MS : outcome.renewAt);
  };

  return {
    async current() {
      if (isDue()) await run();
      const good = lastGood(outcome);
      if (outcome?.kind === 'failed' && (good === undefined || isExpired(good, clock.now()))) throw outcome.error;
      return good?.piece ?? {};
    },
    async renew() {
      if (clock.monotonic() - renewedAt >= HOLD_MS) {
        await run();
        renewedAt = clock.monotonic();
      }
      if (outcome?.kind === 'failed') throw outcome.error;
    },
  };
}

function renewalTime({ expiresAt }: Fetched, now: number): number {
  if (expiresAt === undefined) return Number.POSITIVE_INFINITY;
  const margin = Math.min(MARGIN_MS, (expiresAt - now) * 0.1);
  return Math.max(expiresAt - margin, now + HOLD_MS);
}

function lastGood(outcome: Outcome | undefined): Fetched | undefined {
  return outcome?.kind === 'failed' ? outcome.before : outcome?.fetched;
}

function isExpired({ expiresAt }: Fetched, now: number): boolean {
  return expiresAt !== undefined && now >= expiresAt;
}
