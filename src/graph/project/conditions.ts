import type { Condition } from '../facts.ts';
import type { Health, Intern } from '../types.ts';
import { dict, exact, list, text, time } from './read.ts';

/** No kind has more; a hostile one may. */
const MAX_CONDITIONS = 64;
export const NO_CONDITIONS: readonly Condition[] = Object.freeze([]);

/** Those of `status.conditions` that `keep` wants, all by default. */
export function conditionsOf(
  value: unknown,
  intern: Intern,
  keep: (type: string, status: Condition['status']) => boolean = () => true,
): readonly Condition[] {
  let found: Condition[] | undefined;
  for (const entry of list(value)) {
    const condition = dict(entry);
    const type = text(condition['type']);
    const status = statusOf(condition['status']);
    if (type === '' || !keep(type, status)) continue;
    found ??= [];
    if (found.length >= MAX_CONDITIONS) break;
    found.push({
      type: intern.text(type),
      status,
      reason: intern.text(text(condition['reason'])),
      message: intern.text(text(condition['message'])),
      since: time(condition['lastTransitionTime']),
    });
  }
  return found === undefined ? NO_CONDITIONS : exact(found);
}

function statusOf(value: unknown): Condition['status'] {
  return value === 'True' || value === 'False' ? value : 'Unknown';
}

export function condition(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((one) => one.type === type);
}

export function isTrue(conditions: readonly Condition[], type: string): boolean {
  return condition(conditions, type)?.status === 'True';
}

export function isFalse(conditions: readonly Condition[], type: string): boolean {
  return condition(conditions, type)?.status === 'False';
}

/** Conditions that say how well a thing is, whatever it is (the rules of kstatus and what operators write). */
const GOOD: ReadonlySet<string> = new Set(['Ready', 'Available', 'Healthy', 'Established', 'Programmed', 'Accepted']);
const BAD: ReadonlySet<string> = new Set(['Stalled', 'Degraded', 'Failed', 'Failure']);
const MOVING: ReadonlySet<string> = new Set(['Reconciling']);

/** What conditions alone say, the worst first. `unknown`: nothing that is known here. */
export function healthOf(conditions: readonly Condition[]): Health {
  const says = (types: ReadonlySet<string>, status: Condition['status']): boolean =>
    conditions.some((one) => types.has(one.type) && one.status === status);
  if (says(BAD, 'True')) return 'failed';
  // Not ready yet, and on its way.
  if (says(MOVING, 'True')) return 'progressing';
  if (says(GOOD, 'False')) return 'warning';
  if (says(GOOD, 'Unknown')) return 'progressing';
  return says(GOOD, 'True') ? 'ok' : 'unknown';
}
