/** How detectors look at one object without making the engine look at it for ever. */
import type { DetectContext, Found } from '../../../types.ts';
import { DAY } from './times.ts';

/**
 * Hands on the context with what is looked at. The time stays behind its getter: who reads it is asked again by the clock. Where
 * nothing was found that is not needed: of these detectors' findings the passing of time ends some and begins none.
 */
export function lookWith<T extends object>(
  context: DetectContext,
  what: T,
  look: (seen: DetectContext & T) => readonly Found[] | Found | undefined,
): readonly Found[] {
  let asked = false;
  const seen = {
    ...what,
    view: context.view,
    get now() {
      asked = true;
      return context.now;
    },
  };
  const found = listOf(look(seen));
  if (asked && found.length === 0) context.lookAgain?.(context.now + DAY);
  return found;
}

function listOf(found: readonly Found[] | Found | undefined): readonly Found[] {
  if (found === undefined) return [];
  return 'severity' in found ? [found] : found;
}
