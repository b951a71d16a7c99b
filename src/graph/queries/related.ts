import type { GraphView, NodeId, Why } from '../types.ts';
import { createBudget } from './budget.ts';
import { furtherThan } from './further.ts';
import { withParts } from './parts.ts';
import { isAskedIn, isRemark, tellsParts } from './reasons.ts';
import { hubOf, isHub } from './sharing.ts';
import type { Bounds, Hit, Hub, Reach } from './types.ts';

/** Once there is more than this, it is not followed further: it would be half the cluster, and no answer. */
const MANY = 500;

type Visit = (direction: Hit['direction']) => (id: NodeId, why: Why) => boolean;

/**
 * What hangs together with `starts`, both ways, nearest first. What was reached because something needs it is not followed to all else
 * that needs it where that is what a cluster has in common (hubs); nor is what only remarks on it (a NetworkPolicy) to what else it is on.
 */
export function related(view: GraphView, starts: readonly NodeId[], bounds: Bounds): Reach {
  const isAsked = isAskedIn(bounds);
  const seen = new Set<NodeId>(starts);
  const budget = createBudget(bounds.edges);
  const found: Reach = { hits: [], complete: true, hubs: [] };
  /** Where ownership is not asked about, what is owned is followed all the same: it is its owner. */
  const whole = (hits: Hit[]): Hit[] =>
    tellsParts(bounds) ? hits : hits.flatMap((hit) => withParts(view, hit, seen, budget));

  /** To both sides of `hit`, unless it is a hub. */
  const follow = (hit: Hit, visit: Visit): Hub | undefined => {
    if (hit.why !== undefined && isRemark(hit.why) && hit.direction === 'in') return { id: hit.id, degree: undefined };
    view.out(hit.id, visit('out'), isAsked);
    if (hit.depth > 0 && hit.direction === 'out' && isHub(view, hit.id)) return hubOf(view, hit.id);
    view.in(hit.id, visit('in'), isAsked);
    return undefined;
  };

  let frontier = whole(starts.map((id) => ({ id, depth: 0, parent: undefined, why: undefined, direction: 'out' })));
  found.hits.push(...frontier.filter(({ part }) => part));
  for (let depth = 1; depth <= bounds.depth && frontier.length > 0 && !budget.spent; depth++) {
    const next: Hit[] = [];
    for (const parent of frontier) {
      const add: Visit = (direction) => (id, why) => {
        if (!budget.take()) return false;
        if (seen.has(id)) return true;
        seen.add(id);
        next.push({ id, depth, parent, why, direction });
        return true;
      };
      const hub = follow(parent, add);
      if (hub !== undefined) found.hubs.push(hub);
    }
    frontier = whole(next);
    found.hits.push(...frontier);
    if (found.hits.length > MANY && next.length > 0 && depth < bounds.depth && !budget.spent) {
      found.stoppedAt = depth;
      break;
    }
  }
  found.complete = !budget.spent && found.stoppedAt === undefined;
  const further = found.complete
    ? furtherThan(frontier, (hit, see) => void follow(hit, () => (id) => see(id, !seen.has(id))))
    : undefined;
  if (further !== undefined) found.further = further;
  return found;
}
