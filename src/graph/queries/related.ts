import type { GraphView, NodeId, Why } from '../types.ts';
import { type Budget, createBudget } from './budget.ts';
import type { Bounds, Hit, Reach } from './types.ts';

/** What more than this many depend on says little of any two of them: it is named and not followed. */
const HUB = 200;

/** What hangs together with `starts`, both ways, nearest first. */
export function related(view: GraphView, starts: readonly NodeId[], bounds: Bounds): Reach {
  const seen = new Set<NodeId>(starts);
  const budget = createBudget(bounds.edges);
  const found: Reach = { hits: [], complete: true, hubs: [] };
  let frontier: Hit[] = starts.map((id) => ({ id, depth: 0, parent: undefined, why: undefined, direction: 'out' }));
  for (let depth = 1; depth <= bounds.depth && frontier.length > 0 && !budget.spent; depth++) {
    const next: Hit[] = [];
    for (const parent of frontier) {
      const add = (direction: Hit['direction']) => (id: NodeId, why: Why) => {
        if (!budget.take()) return false;
        if (seen.has(id) || bounds.relations?.has(why.relation.class) === false) return true;
        seen.add(id);
        next.push({ id, depth, parent, why, direction });
        return true;
      };
      view.out(parent.id, add('out'));
      const degree = depth === 1 ? 0 : degreeOf(view, parent.id, budget);
      if (degree > HUB) found.hubs.push({ id: parent.id, degree });
      else view.in(parent.id, add('in'));
    }
    found.hits.push(...next);
    frontier = next;
  }
  found.complete = !budget.spent;
  return found;
}

/** How many depend on `id`, counted to one more than a hub has. */
function degreeOf(view: GraphView, id: NodeId, budget: Budget): number {
  let degree = 0;
  view.in(id, () => {
    degree++;
    return degree <= HUB && budget.take();
  });
  return degree;
}
