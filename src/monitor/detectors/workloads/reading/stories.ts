/** Events of an object, as evidence. */
import type { EventFacts, GraphNode } from '../../../../graph/types.ts';
import type { DetectContext } from '../../../types.ts';
import { EVENT_WINDOW, short, span } from './times.ts';

/** Those of some reasons that are not of the past, newest first. */
export function recent(node: GraphNode, context: DetectContext, ...reasons: string[]): readonly EventFacts[] {
  const told = context.events(node).filter(({ reason }) => reasons.includes(reason));
  return told.filter(({ last }) => context.now - last <= EVENT_WINDOW);
}

export function told({ reason, count, message, last }: EventFacts, now: number): string {
  return `event ${reason}${count > 1 ? ` x${count}` : ''}, ${span(now - last)} ago: ${short(message, 240)}`;
}
