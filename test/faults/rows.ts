/** The faults F01 to F66 of the reference's fault table, as plans. Every row is here; what no proxy can do says what a test must. */
import type { Plan, Rule } from './plan.ts';
import { answerRows } from './rows-answers.ts';
import { connectionRows } from './rows-connection.ts';
import { watchRows } from './rows-watch.ts';

export interface FaultRow {
  /** `F01`. */
  readonly id: string;
  readonly fault: string;
  /** By what tells them apart; each is a run of its own. Times of them are long: give the proxy a clock that can be moved. */
  readonly plans: Readonly<Record<string, Plan>>;
  /** What the test has to do besides, or instead. */
  readonly outside?: string;
}

/** The kind that it happens to. */
export interface Target {
  readonly group: string;
  readonly resource: string;
}

export const PODS: Target = { group: '', resource: 'pods' };

export function faultRows(target: Target = PODS): readonly FaultRow[] {
  return [...connectionRows(target), ...answerRows(target), ...watchRows(target)];
}

/** A plan of these rules. */
export function plan(...rules: readonly Rule[]): Plan {
  return { rules };
}
