/** How long to wait, and how failures add up. */
import { FIRST_PAUSE, HEALTHY, LASTING, LONGEST_PAUSE, LONGEST_RETRY_AFTER, WAKE } from './limits.ts';
import type { Effect, Facts, Machine, Next, Step, Trouble, Why } from './machine.ts';

/** Doubles from 0.8 s to 30 s; anywhere in it, but never at once, so that no loop is tight. */
export function pause(step: number, random: number): number {
  const longest = Math.min(FIRST_PAUSE * 2 ** Math.min(step, 16), LONGEST_PAUSE);
  return Math.round(longest * (0.1 + 0.9 * random));
}

export function between({ from, to }: { from: number; to: number }, random: number): number {
  return Math.round(from + (to - from) * random);
}

/** What the server asks for, and a bit more, so that not all come back together. */
export function retryAfter(seconds: number, { random }: Facts): number {
  return Math.min(Math.max(0, seconds) * 1000, LONGEST_RETRY_AFTER) + pause(0, random);
}

interface Failed {
  of: 'list' | 'watch';
  reason: string;
  signIn?: boolean;
  /** The server was not reached, or was lost. */
  connection?: boolean;
  /** How long the watch lived; 0 for what never came to be. */
  lived?: number;
}

/** One more failure in a row; the pause before the next attempt grows, unless what failed had lived. */
export function addFailure(machine: Machine, failed: Failed, { now, random }: Facts): { machine: Machine; ms: number } {
  const { of, reason, signIn = false, connection = false, lived = 0 } = failed;
  const { trouble, counts } = machine;
  const step = lived >= HEALTHY ? 0 : trouble.step;
  const next: Trouble = {
    failures: trouble.failures + 1,
    of,
    since: trouble.failures === 0 ? now : trouble.since,
    reason,
    step: lived >= LASTING ? step : step + 1,
    signIns: signIn ? trouble.signIns + 1 : 0,
    connection,
    woken: false,
  };
  return {
    machine: { ...machine, trouble: next, counts: { ...counts, failures: counts.failures + 1 } },
    ms: connection && trouble.woken ? Math.min(between(WAKE, random), pause(step, random)) : pause(step, random),
  };
}

/** A rest holds no turn: others may list meanwhile. */
export function rest<Item>(machine: Machine, ms: number, next: Next, why: Why, { now }: Facts): Step<Item> {
  const effects: Effect<Item>[] = [{ do: 'release turn' }, { do: 'wait', ms }];
  return { machine: { ...machine, phase: { at: 'resting', until: now + ms, next, why } }, effects };
}

/** Whoever waits for the connection alone waits no longer; refusals and what the server asked to wait for keep their pauses. */
export function onWoken<Item>(machine: Machine, facts: Facts): Step<Item> {
  const { phase, trouble } = machine;
  if (!trouble.connection) return { machine, effects: [] };
  if (phase.at !== 'resting') return { machine: { ...machine, trouble: { ...trouble, woken: true } }, effects: [] };
  const ms = between(WAKE, facts.random);
  if (phase.why !== 'retry' || phase.until - facts.now <= ms) return { machine, effects: [] };
  return rest(machine, ms, phase.next, phase.why, facts);
}

/** `effects` come before those of `step`. */
export function after<Item>(effects: readonly Effect<Item>[], step: Step<Item>): Step<Item> {
  return { machine: step.machine, effects: [...effects, ...step.effects] };
}
