/** How detectors look at one object without making the engine look at it for ever. */
import type { EventFacts, GraphNode } from '../../../../graph/types.ts';
import type { DetectContext, Found } from '../../../types.ts';
import { DAY } from './times.ts';

/**
 * Hands on the context with what is looked at. The time stays behind its getter: who reads it is asked again by the clock; and so does the
 * view: who reads it is asked again when a neighbour changes. Where nothing was found that is not needed: of these detectors' findings the passing of time ends some and begins none.
 */
export function lookWith<T extends object>(
  context: DetectContext,
  what: T,
  look: (seen: DetectContext & T) => readonly Found[] | Found | undefined,
): readonly Found[] {
  const seen = Object.assign(new Looking(context), what);
  const found = listOf(look(seen));
  if (seen.askedForTime() && found.length === 0) context.lookAgain?.(context.now + DAY);
  return found;
}

/** Getters of a class: each look makes one of these. */
class Looking implements DetectContext {
  readonly #context: DetectContext;
  #asked = false;

  constructor(context: DetectContext) {
    this.#context = context;
  }

  get view(): DetectContext['view'] {
    return this.#context.view;
  }

  get now(): number {
    this.#asked = true;
    return this.#context.now;
  }

  events(of: GraphNode): readonly EventFacts[] {
    return this.#context.events(of);
  }

  askedForTime(): boolean {
    return this.#asked;
  }
}

function listOf(found: readonly Found[] | Found | undefined): readonly Found[] {
  if (found === undefined) return [];
  return 'severity' in found ? [found] : found;
}
