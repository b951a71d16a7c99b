/** Which rules of a plan apply to a connection or a request: matching and counting. */
import { seeded } from '../support/seeded.ts';
import { type Facts, matches } from './classify.ts';
import type { Counts, Plan, Rule } from './plan.ts';
import { ruleName } from './plan.ts';

/** A rule that applies to the request or connection at hand. */
export interface Active {
  readonly name: string;
  readonly at: Rule['at'];
  readonly do: Rule['do'];
}

export interface RuleBook {
  readonly start: readonly Active[];
  /** Counts a new connection. */
  connection(): readonly Active[];
  /** Counts a new request. */
  request(facts: Facts): readonly Active[];
  /** Whether lists have to be remembered. */
  readonly wantsOldLists: boolean;
}

/** A rule draws from random numbers of its own: what others do changes nothing for it, which helps shrinking. */
export function createRuleBook(plan: Plan, seed: number): RuleBook {
  const entries = plan.rules.map((rule, index) => ({
    rule,
    active: { name: ruleName(rule, index), at: rule.at, do: rule.do },
    turn: turnsOf(rule.counts ?? {}, seeded(seed + index * 7919)),
  }));
  const early = (phase: 'start' | 'connect') => entries.filter(({ rule }) => rule.at.at === phase);
  const connections = early('connect');
  const requests = entries.filter(({ rule }) => rule.at.at !== 'start' && rule.at.at !== 'connect');
  return {
    start: early('start').map(({ active }) => active),
    connection: () => connections.filter(({ turn }) => turn('')).map(({ active }) => active),
    request: (facts) =>
      requests
        .filter(({ rule, turn }) => matches(rule.match ?? {}, facts) && turn(facts.path))
        .map(({ active }) => active),
    wantsOldLists: plan.rules.some((rule) => rule.do.kind === 'old-list'),
  };
}

function turnsOf(counts: Counts, random: () => number): (path: string) => boolean {
  const counters = new Map<string, number>();
  const { nth, every, from = 1, to = Number.POSITIVE_INFINITY, probability } = counts;
  return (path) => {
    const key = counts.per === 'path' ? path : '';
    const turn = (counters.get(key) ?? 0) + 1;
    counters.set(key, turn);
    if (probability !== undefined && random() >= probability) return false;
    return (nth ?? turn) === turn && (every === undefined || turn % every === 0) && turn >= from && turn <= to;
  };
}
