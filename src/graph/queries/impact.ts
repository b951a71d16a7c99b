import { budget as disruptionBudget } from '../project/budget.ts';
import { pod } from '../project/pod.ts';
import type { GraphView, KindKey, NodeId, Why } from '../types.ts';
import { type Budget, createBudget } from './budget.ts';
import { isAskedIn, isOwnership, isRemark } from './reasons.ts';
import { countOf } from './state-text.ts';
import type { Bounds, Effect, Hit, Reach } from './types.ts';

/** Relations by which a source stands for all its targets together, and works while enough of them do. */
const SHARED = new Set(['service-pod', 'gateway-pod']);
const SLICE = 'EndpointSlice.discovery.k8s.io';
/** So many that are well are not counted further: what is lost beside them is a small share. */
const ENOUGH = 200;

const isShared = ({ relation }: Why): boolean => SHARED.has(relation.id);
const isOfBudget = ({ relation }: Why): boolean => relation.id === 'budget-pod';

/**
 * Whom it hurts when `start` fails or goes: what it owns goes with it, what needs it fails, what could use it degrades. What stands for
 * several (a Service for its pods, a Deployment for its own) is hurt by its share: a Service only when no ready endpoint is left, or fewer
 * than a disruption budget asks for. What withstands is told too, and nothing follows from it.
 */
export function impact(view: GraphView, start: NodeId, bounds: Bounds): Reach {
  const budget = createBudget(bounds.edges);
  const root: Hit = { id: start, depth: 0, parent: undefined, why: undefined, direction: 'in', effect: 'down' };
  const hits = new Map<NodeId, Hit>([[start, root]]);
  /** What is hurt by its share: looked at once all of a level are known. */
  const shared = new Map<NodeId, { by: Hit; why: Why; kind: 'owner' | 'selector' }>();
  /** What of them is hurt. */
  const losses = new Map<NodeId, Set<NodeId>>();
  const lossesOf = (id: NodeId): Set<NodeId> => {
    const known = losses.get(id) ?? new Set();
    losses.set(id, known);
    return known;
  };
  const isAsked = isAskedIn(bounds);
  let level: Hit[] = [root];

  const hurt = (next: Hit[], hit: Hit): void => {
    const known = hits.get(hit.id);
    if (known === undefined) {
      hits.set(hit.id, hit);
      next.push(hit);
      return;
    }
    if (rank(hit.effect) <= rank(known.effect)) return;
    known.effect = hit.effect ?? 'down';
    if (hit.note === undefined) delete known.note;
    else known.note = hit.note;
    next.push(known);
  };

  const spread = (next: Hit[], from: Hit): void => {
    const further = from.depth < bounds.depth;
    const takesParts = from.effect === 'down' && !isRollUp(from);
    const wants = (why: Why): boolean => {
      if (isOwnership(why)) return takesParts && isAsked(why);
      return further && !isRemark(why) && isAsked(why);
    };
    const visit = (id: NodeId, why: Why): boolean => {
      if (!budget.take()) return false;
      const { kind, health } = view.node(id);
      // Of lists of addresses their Service is told, by its share; what has ended cannot be hurt.
      if (kind === SLICE || health === 'done') return true;
      if (isOwnership(why)) {
        hurt(next, { id, depth: from.depth, parent: from, why, direction: 'in', effect: 'down', part: true });
      } else if (isShared(why)) {
        lossesOf(id).add(from.id);
        shared.set(id, { by: from, why, kind: 'selector' });
      } else {
        const effect = effectOver(why, from.effect);
        if (effect !== undefined) hurt(next, { id, depth: from.depth + 1, parent: from, why, direction: 'in', effect });
      }
      return true;
    };
    view.in(from.id, visit, wants);
    view.out(
      from.id,
      (id, why) => {
        if (!budget.take()) return false;
        if (view.node(id).state !== 'present') return true;
        lossesOf(id).add(from.id);
        if (from.parent?.id !== id) shared.set(id, { by: from, why, kind: 'owner' });
        return true;
      },
      isOwnership,
    );
  };

  while (level.length > 0 && !budget.spent) {
    const next: Hit[] = [];
    for (const from of level) if (from.effect !== 'withstands') spread(next, from);
    if (next.length === 0) {
      for (const [id, { by, why, kind }] of shared) {
        const hurtOnes = { lost: losses.get(id) ?? new Set<NodeId>(), hits };
        const share = kind === 'owner' ? ofOwner(view, id, hurtOnes, budget) : ofService(view, id, hurtOnes, budget);
        const depth = kind === 'owner' ? by.depth : by.depth + 1;
        if (share !== undefined)
          hurt(next, { id, depth, parent: by, why, direction: kind === 'owner' ? 'out' : 'in', ...share });
      }
      shared.clear();
    }
    level = next;
  }
  hits.delete(start);
  return { hits: [...hits.values()].sort((a, b) => a.depth - b.depth), complete: !budget.spent, hubs: [] };
}

/** Reached from a part of it: its other parts are not hurt by that. */
function isRollUp(hit: Hit): boolean {
  return hit.why?.strength === 'ownership' && hit.direction === 'out';
}

function rank(effect: Effect | undefined): number {
  return effect === 'down' ? 3 : effect === 'degraded' ? 2 : effect === 'withstands' ? 1 : 0;
}

function effectOver(why: Why, from: Effect | undefined): Effect | undefined {
  if (why.strength === 'hard' && !why.optional) return from;
  return from === 'down' ? 'degraded' : undefined;
}

type Share = { effect: Effect; note: string };

interface Losses {
  /** Of what is asked about: parts of an owner, or what a Service stands for. */
  lost: ReadonlySet<NodeId>;
  hits: ReadonlyMap<NodeId, Hit>;
}

/** How an owner fares that loses some of its parts: counted among those of their kind, as a StatefulSet owns its history too. */
function ofOwner(view: GraphView, owner: NodeId, { lost, hits }: Losses, budget: Budget): Share | undefined {
  const kinds = new Map<KindKey, { down: number; degraded: number }>();
  for (const id of lost) {
    const effect = hits.get(id)?.effect;
    const part = view.node(id);
    if (part.state !== 'present' || (effect !== 'down' && effect !== 'degraded')) continue;
    const counts = kinds.get(part.kind) ?? { down: 0, degraded: 0 };
    kinds.set(part.kind, counts);
    counts[effect]++;
  }
  const [hit] = kinds;
  if (hit === undefined) return undefined;
  const [kind, { down, degraded }] = hit;
  const well = wellParts(view, owner, { kind, lost, hits }, budget);
  const total = down + degraded + well;
  const what = countOf(total, kind);
  if (down === total) return { effect: 'down', note: total === 1 ? `all it has: ${what}` : `all ${what}` };
  if (well > ENOUGH) return { effect: 'degraded', note: `${down + degraded} of more than ${countOf(ENOUGH, kind)}` };
  return { effect: 'degraded', note: total === 1 ? `its ${what} is degraded` : `${down + degraded} of ${what}` };
}

/** Parts that are not hurt, counted to one more than are enough. */
function wellParts(
  view: GraphView,
  owner: NodeId,
  { kind, lost, hits }: Losses & { kind: KindKey },
  budget: Budget,
): number {
  let well = 0;
  const visit = (id: NodeId): boolean => {
    if (!budget.take()) return false;
    const effect = lost.has(id) ? hits.get(id)?.effect : undefined;
    if (effect === 'down' || effect === 'degraded') return true;
    const part = view.node(id);
    // Old ReplicaSets with nothing in them and pods that have ended are no loss.
    if (part.kind === kind && part.state === 'present' && part.health !== 'done' && !isEmpty(view, id)) well++;
    return well <= ENOUGH;
  };
  view.in(owner, visit, isOwnership);
  return well;
}

/** Owns nothing, as an old ReplicaSet, and is no pod. */
function isEmpty(view: GraphView, id: NodeId): boolean {
  if (view.node(id).kind !== 'ReplicaSet.apps') return false;
  let empty = true;
  const visit = () => {
    empty = false;
    return false;
  };
  view.in(id, visit, isOwnership);
  return empty;
}

/** How a Service fares that loses some of its ready pods. */
function ofService(view: GraphView, service: NodeId, { lost, hits }: Losses, budget: Budget): Share | undefined {
  const down = [...lost].filter((id) => hits.get(id)?.effect === 'down' && pod.of(view.node(id))?.ready === true);
  const [first] = down;
  const least = first === undefined ? 0 : leastHealthy(view, first, budget);
  const enough = first === undefined ? 0 : Math.max(least, ENOUGH);
  let left = 0;
  const visit = (id: NodeId): boolean => {
    if (!budget.take()) return false;
    const isLost = lost.has(id) && hits.get(id)?.effect === 'down';
    if (!isLost && pod.of(view.node(id))?.ready === true) left++;
    return left <= enough;
  };
  view.out(service, visit, isShared);
  if (left + down.length === 0) return { effect: 'down', note: 'it has no ready endpoint as it is' };
  if (first === undefined) return undefined;
  if (left === 0)
    return {
      effect: 'down',
      note: down.length === 1 ? 'its only ready endpoint' : `all ${down.length} ready endpoints`,
    };
  if (left > enough) return { effect: 'withstands', note: `more than ${enough} ready endpoints are left` };
  const note = `${left} of ${left + down.length} ready endpoints are left`;
  return left < least
    ? { effect: 'degraded', note: `${note}, its disruption budget asks for ${least}` }
    : { effect: 'withstands', note };
}

/** The most that a disruption budget of this pod asks for. */
function leastHealthy(view: GraphView, podId: NodeId, budget: Budget): number {
  let least = 0;
  const visit = (id: NodeId): boolean => {
    least = Math.max(least, disruptionBudget.of(view.node(id))?.desiredHealthy ?? 0);
    return budget.take();
  };
  view.in(podId, visit, isOfBudget);
  return least;
}
