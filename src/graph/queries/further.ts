import type { NodeId } from '../types.ts';
import { createBudget } from './budget.ts';
import type { Further, Hit } from './types.ts';

/** So many are counted beyond the depth. */
const MOST = 100;
/** Edges looked at for them, beside those of the question. */
const EDGES = 2_000;

/** What lies one step beyond the depth of a question. `edge`: what it came to last; `look` shows what is behind one of them. */
export function furtherThan(
  edge: Iterable<Hit>,
  look: (hit: Hit, see: (id: NodeId, isNew: boolean) => boolean) => void,
): Further | undefined {
  const budget = createBudget(EDGES);
  const found = new Set<NodeId>();
  const see = (id: NodeId, isNew: boolean): boolean => {
    if (isNew) found.add(id);
    return found.size < MOST && budget.take();
  };
  for (const hit of edge) {
    if (found.size >= MOST || budget.spent) break;
    look(hit, see);
  }
  const exact = found.size < MOST && !budget.spent;
  return exact && found.size === 0 ? undefined : { count: found.size, exact };
}
