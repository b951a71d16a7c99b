import type { GraphView, NodeId, Why } from '../types.ts';
import { createBudget } from './budget.ts';
import { isAskedIn, isRemark } from './reasons.ts';
import { hubOf, isHub } from './sharing.ts';
import type { Bounds, Hit, Reach } from './types.ts';

/** Once there is more than this, it is not followed further: it would be half the cluster, and no answer. */
const MANY = 500;

/**
 * What hangs together with `starts`, both ways, nearest first. What was reached because something needs it is not followed to all else
 * that needs it where that is what a cluster has in common (hubs); nor is what only remarks on it (a NetworkPolicy) to what else it is on.
 */
export function related(view: GraphView, starts: readonly NodeId[], bounds: Bounds): Reach {
  const isAsked = isAskedIn(bounds);
  const seen = new Set<NodeId>(starts);
  const budget = createBudget(bounds.edges);
  const found: Reach = { hits: [], complete: true, hubs: [] };
  let frontier: Hit[] = starts.map((id) => ({ id, depth: 0, parent: undefined, why: undefined, direction: 'out' }));
  for (let depth = 1; depth <= bounds.depth && frontier.length > 0 && !budget.spent; depth++) {
    const next: Hit[] = [];
    for (const parent of frontier) {
      const add = (direction: Hit['direction']) => (id: NodeId, why: Why) => {
        if (!budget.take()) return false;
        if (seen.has(id)) return true;
        seen.add(id);
        next.push({ id, depth, parent, why, direction });
        return true;
      };
      if (parent.why !== undefined && isRemark(parent.why) && parent.direction === 'in') {
        found.hubs.push({ id: parent.id, degree: undefined });
        continue;
      }
      view.out(parent.id, add('out'), isAsked);
      if (depth > 1 && parent.direction === 'out' && isHub(view, parent.id)) found.hubs.push(hubOf(view, parent.id));
      else view.in(parent.id, add('in'), isAsked);
    }
    found.hits.push(...next);
    frontier = next;
    if (found.hits.length > MANY && next.length > 0 && depth < bounds.depth && !budget.spent) {
      found.stoppedAt = depth;
      break;
    }
  }
  found.complete = !budget.spent && found.stoppedAt === undefined;
  return found;
}
