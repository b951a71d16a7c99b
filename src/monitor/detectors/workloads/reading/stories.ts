/** Events of an object, as evidence. */
import type { EventFacts, GraphNode } from '../../../../graph/types.ts';
import type { DetectContext } from '../../../types.ts';
import { EVENT_WINDOW, MINUTE, short, span } from './times.ts';

/** Those of some reasons that are not of the past, newest first. */
export function recent(node: GraphNode, context: DetectContext, ...reasons: string[]): readonly EventFacts[] {
  const told = context.events(node).filter(({ reason }) => reasons.includes(reason));
  return told.filter(({ last }) => context.now - last <= EVENT_WINDOW);
}

/** Controllers wait for at most 1,000 s between two tries. */
const LONGEST_PAUSE = 20 * MINUTE;

/**
 * Since when it is as an event tells. Who tells it counts it up for as long as it lives, over troubles that were mended in between:
 * its first time is of this trouble only if it came often enough ever since, and not before `well`, when all was well. Else it is not known.
 */
export function toldSince({ count, first, last }: EventFacts, well = 0): { since?: number } {
  return last - first <= Math.max(1, count - 1) * LONGEST_PAUSE ? { since: Math.max(first, well) } : {};
}

export function told({ reason, count, message, last }: EventFacts, now: number): string {
  return `event ${reason}${count > 1 ? ` x${count}` : ''}, ${span(now - last)} ago: ${short(message, 240)}`;
}
