/** What lists and watches may be refused alike: sign-in, rights, and that the kind is not there. */
import { NOT_SERVED, RECHECK, RECHECK_SOON, SIGN_IN } from './limits.ts';
import type { Effect, Facts, Listing, Machine, Next, Step, Verdicts } from './machine.ts';
import { addFailure, after, between, rest } from './pauses.ts';

/** What the sink has is to go. `begun`: a list that is not whole yet may have given it objects as well. */
export function lose<Item>(machine: Machine, why: 'forbidden' | 'not served', begun: boolean): Step<Item> {
  const effects: Effect<Item>[] = machine.has || begun ? [{ do: 'tell', sink: { call: 'lost', why } }] : [];
  return { machine: { ...machine, has: false, position: undefined }, effects };
}

export function forbidden<Item>(machine: Machine, reason: string, begun: boolean, facts: Facts): Step<Item> {
  const lost = lose<Item>(machine, 'forbidden', begun);
  const { trouble, counts } = lost.machine;
  const recheck = recheckAfter(lost.machine, facts);
  const next: Machine = {
    ...lost.machine,
    verdicts: recheck.verdicts,
    trouble: { ...trouble, failures: 0, reason, signIns: 0, connection: false },
    counts: { ...counts, failures: counts.failures + 1 },
  };
  return after(lost.effects, rest(next, recheck.ms, { do: 'list', list: 'new' }, 'forbidden', facts));
}

/** When to ask again for what was refused, and that it was. A list is asked for again when the watch before it is. */
export function recheckAfter({ verdicts }: Machine, { now, random }: Facts): { ms: number; verdicts: Verdicts } {
  const { refusals, unwatchableUntil = now } = verdicts;
  if (unwatchableUntil > now) return { ms: unwatchableUntil - now, verdicts };
  if (refusals === undefined) return { ms: between(RECHECK, random), verdicts };
  return {
    ms: between(RECHECK_SOON[refusals] ?? RECHECK, random),
    verdicts: { ...verdicts, refusals: refusals + 1 },
  };
}

/** One 404 may come from a server that is just starting: only the second one in a row is believed. */
export function missing<Item>(
  machine: Machine,
  of: 'list' | 'watch',
  reason: string,
  list: Listing | undefined,
  facts: Facts,
): Step<Item> {
  const count = machine.place.missing + 1;
  const failed = addFailure({ ...machine, place: { ...machine.place, missing: count } }, { of, reason }, facts);
  if (count < 2) return rest(failed.machine, failed.ms, { do: 'list', list: 'new' }, 'retry', facts);
  const lost = lose<Item>(failed.machine, 'not served', (list?.items ?? 0) > 0);
  const ms = between(NOT_SERVED, facts.random);
  return after(lost.effects, rest(lost.machine, ms, { do: 'list', list: 'new' }, 'not served', facts));
}

/** The transport has already tried fresh credentials once; the second refusal in a row is a state of the cluster. */
export function signIn<Item>(
  machine: Machine,
  of: 'list' | 'watch',
  reason: string,
  next: Next,
  facts: Facts,
): Step<Item> {
  const failed = addFailure(machine, { of, reason, signIn: true }, facts);
  if (failed.machine.trouble.signIns < 2) return rest(failed.machine, failed.ms, next, 'retry', facts);
  return rest(failed.machine, between(SIGN_IN, facts.random), next, 'unauthorized', facts);
}
