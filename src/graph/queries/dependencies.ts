import type { GraphView, NodeId, Why } from '../types.ts';
import { createBudget } from './budget.ts';
import { furtherThan } from './further.ts';
import { slicesOf, withParts } from './parts.ts';
import { isAskedIn, isOwnership, isRemark } from './reasons.ts';
import type { Bounds, Hit, Reach } from './types.ts';

/**
 * What `start` needs: what it and the parts it owns (ReplicaSets, pods) refer to, and what those need in turn. Absent targets are part of
 * the answer. Its owners come too, and are not followed: what they refer to, they refer to for its sake.
 */
export function dependencies(view: GraphView, start: NodeId, bounds: Bounds): Reach {
  const budget = createBudget(bounds.edges);
  const seen = new Set<NodeId>([start]);
  const hits: Hit[] = [];
  const isAsked = isAskedIn(bounds);
  const wanted = (why: Why) => !isRemark(why) && isAsked(why);

  /** With the slices of a Service that has no other word for its endpoints. */
  const withSlices = (hit: Hit): Hit[] => {
    const all = [hit];
    slicesOf(view, hit.id, (id, why) => {
      if (!budget.take()) return false;
      if (!seen.has(id)) all.push({ id, depth: hit.depth, parent: hit, why, direction: 'in', part: true });
      seen.add(id);
      return true;
    });
    return all;
  };

  const root: Hit = { id: start, depth: 0, parent: undefined, why: undefined, direction: 'out' };
  let frontier = withParts(view, root, seen, budget);
  for (let depth = 1; depth <= bounds.depth && frontier.length > 0 && !budget.spent; depth++) {
    const next: Hit[] = [];
    hits.push(...frontier.filter(({ part }) => part));
    for (const parent of frontier) {
      const visit = (id: NodeId, why: Why): boolean => {
        if (!budget.take()) return false;
        if (seen.has(id)) return true;
        seen.add(id);
        const hit: Hit = { id, depth, parent, why, direction: 'out' };
        hits.push(hit);
        if (!isOwnership(why)) next.push(hit);
        return true;
      };
      view.out(parent.id, visit, wanted);
    }
    frontier = next.flatMap(withSlices);
  }
  const further = budget.spent
    ? undefined
    : furtherThan(frontier, (hit, see) => view.out(hit.id, (id) => see(id, !seen.has(id)), wanted));
  return { hits, complete: !budget.spent, hubs: [], ...(further === undefined ? {} : { further }) };
}
