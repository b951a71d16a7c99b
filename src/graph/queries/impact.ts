import { budget as disruptionBudget } from '../project/budget.ts';
import { pod } from '../project/pod.ts';
import type { GraphView, KindKey, NodeId, Why } from '../types.ts';
import { type Budget, createBudget } from './budget.ts';
import { countOf } from './state-text.ts';
import type { Bounds, Effect, Hit, Reach } from './types.ts';

/** Relations by which a source stands for all its targets together, and works while enough of them do. */
const SHARED = new Set(['service-pod', 'gateway-pod']);
const BUDGET_RELATION = 'budget-pod';
const SLICE = 'EndpointSlice.discovery.k8s.io';

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
    view.in(from.id, (id, why) => {
      if (!budget.take()) return false;
      if (bounds.relations?.has(why.relation.class) === false || why.strength === 'informational') return true;
      const { kind, health } = view.node(id);
      // Of lists of addresses their Service is told, by its share; what has ended cannot be hurt.
      if (kind === SLICE || health === 'done') return true;
      if (why.strength === 'ownership') {
        if (from.effect === 'down' && !isRollUp(from)) {
          hurt(next, { id, depth: from.depth, parent: from, why, direction: 'in', effect: 'down', part: true });
        }
        return true;
      }
      if (SHARED.has(why.relation.id)) {
        if (from.depth < bounds.depth) shared.set(id, { by: from, why, kind: 'selector' });
        return true;
      }
      const effect = effectOver(why, from.effect);
      if (effect !== undefined && from.depth < bounds.depth) {
        hurt(next, { id, depth: from.depth + 1, parent: from, why, direction: 'in', effect });
      }
      return true;
    });
    view.out(from.id, (id, why) => {
      if (!budget.take()) return false;
      if (why.strength === 'ownership' && from.parent?.id !== id && view.node(id).state === 'present') {
        shared.set(id, { by: from, why, kind: 'owner' });
      }
      return true;
    });
  };

  while (level.length > 0 && !budget.spent) {
    const next: Hit[] = [];
    for (const from of level) if (from.effect !== 'withstands') spread(next, from);
    if (next.length === 0) {
      for (const [id, { by, why, kind }] of shared) {
        const share = kind === 'owner' ? ofOwner(view, id, hits, budget) : ofService(view, id, hits, budget);
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

/** How an owner fares that loses some of its parts: counted among those of their kind, as a StatefulSet owns its history too. */
function ofOwner(view: GraphView, owner: NodeId, hits: ReadonlyMap<NodeId, Hit>, budget: Budget): Share | undefined {
  const kinds = new Map<KindKey, { total: number; down: number; degraded: number }>();
  view.in(owner, (id, why) => {
    if (!budget.take()) return false;
    if (why.strength !== 'ownership') return true;
    const part = view.node(id);
    const effect = hits.get(id)?.effect;
    // Old ReplicaSets with nothing in them and pods that have ended are no loss.
    if (part.state !== 'present' || part.health === 'done' || (effect === undefined && isEmpty(view, id))) return true;
    const counts = kinds.get(part.kind) ?? { total: 0, down: 0, degraded: 0 };
    kinds.set(part.kind, counts);
    counts.total++;
    if (effect === 'down') counts.down++;
    else if (effect === 'degraded') counts.degraded++;
    return true;
  });
  const hit = [...kinds].find(([, { down, degraded }]) => down + degraded > 0);
  if (hit === undefined) return undefined;
  const [kind, { total, down, degraded }] = hit;
  const what = countOf(total, kind);
  if (down === total) return { effect: 'down', note: total === 1 ? `all it has: ${what}` : `all ${what}` };
  return { effect: 'degraded', note: total === 1 ? `its ${what} is degraded` : `${down + degraded} of ${what}` };
}

/** Owns nothing, as an old ReplicaSet, and is no pod. */
function isEmpty(view: GraphView, id: NodeId): boolean {
  const node = view.node(id);
  if (node.kind !== 'ReplicaSet.apps') return false;
  let parts = 0;
  view.in(id, (_source, why) => {
    if (why.strength === 'ownership') parts++;
    return parts === 0;
  });
  return parts === 0;
}

/** How a Service fares that loses some of its ready pods. */
function ofService(
  view: GraphView,
  service: NodeId,
  hits: ReadonlyMap<NodeId, Hit>,
  budget: Budget,
): Share | undefined {
  let ready = 0;
  let lost = 0;
  let least = 0;
  view.out(service, (id, why) => {
    if (!budget.take()) return false;
    if (!SHARED.has(why.relation.id)) return true;
    const facts = pod.of(view.node(id));
    if (facts?.ready !== true) return true;
    ready++;
    if (hits.get(id)?.effect !== 'down') return true;
    lost++;
    if (lost === 1) least = leastHealthy(view, id, budget);
    return true;
  });
  const left = ready - lost;
  if (ready === 0) return { effect: 'down', note: 'it has no ready endpoint as it is' };
  if (lost === 0) return undefined;
  if (left === 0)
    return { effect: 'down', note: lost === 1 ? 'its only ready endpoint' : `all ${lost} ready endpoints` };
  const note = `${left} of ${ready} ready endpoints are left`;
  return left < least
    ? { effect: 'degraded', note: `${note}, its disruption budget asks for ${least}` }
    : { effect: 'withstands', note };
}

/** The most that a disruption budget of this pod asks for. */
function leastHealthy(view: GraphView, podId: NodeId, budget: Budget): number {
  let least = 0;
  view.in(podId, (id, why) => {
    if (!budget.take()) return false;
    if (why.relation.id === BUDGET_RELATION)
      least = Math.max(least, disruptionBudget.of(view.node(id))?.desiredHealthy ?? 0);
    return true;
  });
  return least;
}
