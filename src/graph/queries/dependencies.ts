import type { GraphView, NodeId, Why } from '../types.ts';
import { createBudget } from './budget.ts';
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

  /** `hit` and its parts, owners before what they own. Parts are as far away as it is. */
  const whole = (hit: Hit): Hit[] => {
    const all = [hit];
    for (const parent of all) {
      const visit = (id: NodeId, why: Why): boolean => {
        if (!budget.take()) return false;
        if (seen.has(id)) return true;
        seen.add(id);
        all.push({ id, depth: hit.depth, parent, why, direction: 'in', part: true });
        return true;
      };
      view.in(parent.id, visit, isOwnership);
    }
    return all;
  };

  let frontier = whole({ id: start, depth: 0, parent: undefined, why: undefined, direction: 'out' });
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
    frontier = next;
  }
  return { hits, complete: !budget.spent, hubs: [] };
}
