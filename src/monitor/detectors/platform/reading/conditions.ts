/** Conditions as evidence. */
import type { Condition } from '../../../../graph/facts.ts';
import type { DetectContext } from '../../../types.ts';
import { short, span } from '../../workloads/reading/times.ts';

/** `condition Ready: False for 5m, IssuerNotFound, …`. */
export function saidBy({ type, status, reason, message, since }: Condition, context: DetectContext): string {
  const age = since === 0 ? '' : ` for ${span(context.now - since)}`;
  return `condition ${type}: ${status}${age}${reason === '' ? '' : `, ${reason}`}${message === '' ? '' : `, ${short(message, 200)}`}`;
}

/** `IssuerNotFound: no such issuer`, in one line. */
export const reasonOf = ({ reason, message }: Condition): string =>
  short([reason, message].filter((part) => part !== '').join(': '), 160);

/** Leaves `since` out where the condition does not tell: it then counts from when it was first seen. */
export const heldSince = ({ since }: Condition): { since?: number } => (since === 0 ? {} : { since });
