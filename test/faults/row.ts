/** A row of the fault table. */
import type { Plan, Rule } from './plan.ts';

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

/** A plan of these rules. */
export function plan(...rules: readonly Rule[]): Plan {
  return { rules };
}
