/** The faults F01 to F66 of the reference's fault table, as plans. Every row is here; what no proxy can do says what a test must. */
import type { FaultRow, Target } from './row.ts';
import { answerRows } from './rows-answers.ts';
import { connectionRows } from './rows-connection.ts';
import { watchRows } from './rows-watch.ts';

const PODS: Target = { group: '', resource: 'pods' };

export function faultRows(target: Target = PODS): readonly FaultRow[] {
  return [...connectionRows(target), ...answerRows(target), ...watchRows(target)];
}
