import { endpointSlice } from '../project/endpoint-slice.ts';
import type { GraphView, NodeId, Why } from '../types.ts';
import { createBudget } from './budget.ts';
import { furtherThan } from './further.ts';
import { SLICE, selects } from './parts.ts';
import { isAskedIn, isOwnership, isRemark } from './reasons.ts';
import { refusalOf } from './refusals.ts';
import { isListed, isShared, type Losses, ofOwner, ofService } from './shares.ts';
import type { Bounds, Effect, Hit, Reach } from './types.ts';

/** What is hurt by its share: looked at once all of a level are known. */
interface Sharing {
  by: Hit;
  why: Why;
  kind: 'owner' | 'selector';
}

/**
 * Whom it hurts when `start` fails or goes: what it owns goes with it (with a Namespace: what is in it), what needs it fails, what could
 * use it degrades. What stands for several (a Service for its pods, a Deployment for its own) is hurt by its share: a Service only when no
 * ready endpoint is left, or fewer than a disruption budget asks for. What withstands is told too, and nothing follows from it.
 */
export function impact(view: GraphView, start: NodeId, bounds: Bounds): Reach {
  const budget = createBudget(bounds.edges);
  const root: Hit = { id: start, depth: 0, parent: undefined, why: undefined, direction: 'in', effect: 'down' };
  const hits = new Map<NodeId, Hit>([[start, root]]);
  const shared = new Map<NodeId, Sharing>();
  /** What of them is hurt. */
  const losses = new Map<NodeId, Set<NodeId>>();
  const share = (id: NodeId, sharing: Sharing | undefined, lost: NodeId): void => {
    const known = losses.get(id) ?? new Set();
    losses.set(id, known.add(lost));
    if (sharing !== undefined) shared.set(id, sharing);
  };
  const { kind, name } = view.node(start);
  const emptied = kind === 'Namespace' ? name : undefined;
  const isAsked = isAskedIn(bounds);
  const needs = (why: Why): boolean => !isOwnership(why) && !isRemark(why) && isAsked(why);
  const isOwner = (why: Why): boolean => isOwnership(why) && isAsked(why);

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
    // What a thing owns is the thing itself, whatever relations are asked about.
    const wants = (why: Why): boolean => (isOwnership(why) ? takesParts : further && needs(why));
    const visit = (id: NodeId, why: Why): boolean => {
      if (!budget.take()) return false;
      const { kind, namespace, health } = view.node(id);
      // What has ended cannot be hurt; what is in the Namespace goes anyway.
      if (health === 'done' || namespace === emptied) return true;
      if (kind === SLICE) {
        const service = isListed(why) ? servedBy(view, id) : undefined;
        if (service !== undefined) share(service, { by: from, why, kind: 'selector' }, from.id);
      } else if (isOwnership(why)) {
        hurt(next, { id, depth: from.depth, parent: from, why, direction: 'in', effect: 'down', part: true });
      } else if (isShared(why)) {
        share(id, { by: from, why, kind: 'selector' }, from.id);
      } else {
        const effect = effectOver(why, from.effect);
        const note = effect === 'down' ? refusalOf(view, id) : undefined;
        const told = note === undefined ? {} : { note };
        if (effect !== undefined)
          hurt(next, { id, depth: from.depth + 1, parent: from, why, direction: 'in', effect, ...told });
      }
      return true;
    };
    view.in(from.id, visit, wants);
    const visitOwner = (id: NodeId, why: Why): boolean => {
      if (!budget.take()) return false;
      const { kind, namespace, state, health } = view.node(id);
      // A Node owns the mirrors of its static pods, and does not live by them.
      if (state !== 'present' || health === 'done' || kind === 'Node' || namespace === emptied) return true;
      share(id, from.parent?.id === id ? undefined : { by: from, why, kind: 'owner' }, from.id);
      return true;
    };
    view.out(from.id, visitOwner, isOwner);
  };

  let level: Hit[] = [root];
  const room = createBudget(bounds.edges / 4);
  for (const id of emptied === undefined ? [] : contentsOf(view, emptied)) {
    if (!room.take()) break;
    const part: Hit = { id, depth: 0, parent: root, why: undefined, direction: 'in', effect: 'down', part: true };
    hits.set(id, part);
    level.push(part);
  }
  while (level.length > 0 && !budget.spent) {
    const next: Hit[] = [];
    for (const from of level) if (from.effect !== 'withstands') spread(next, from);
    if (next.length === 0) {
      for (const [id, { by, why, kind }] of shared) {
        if (hits.get(id)?.effect === 'down') continue;
        const lost: Losses = { lost: losses.get(id) ?? new Set<NodeId>(), hits };
        const fares = kind === 'owner' ? ofOwner(view, id, lost, budget) : ofService(view, id, lost, budget);
        const depth = kind === 'owner' ? by.depth : by.depth + 1;
        if (fares !== undefined)
          hurt(next, { id, depth, parent: by, why, direction: kind === 'owner' ? 'out' : 'in', ...fares });
      }
      shared.clear();
    }
    level = next;
  }

  const isKnown = (id: NodeId): boolean => hits.has(id) || view.node(id).namespace === emptied;
  const last = [...hits.values()].filter(({ depth, effect }) => depth === bounds.depth && effect !== 'withstands');
  const further =
    budget.spent || room.spent
      ? undefined
      : furtherThan(last, (hit, see) => {
          const look = (id: NodeId, why: Why): boolean => {
            const isHurt = view.node(id).health !== 'done' && effectOver(why, hit.effect) !== undefined;
            const target = view.node(id).kind === SLICE ? servedBy(view, id) : id;
            return see(target ?? id, isHurt && target !== undefined && !isKnown(target));
          };
          view.in(hit.id, look, needs);
        });
  hits.delete(start);
  return {
    hits: [...hits.values()].sort((a, b) => a.depth - b.depth),
    complete: !budget.spent && !room.spent,
    hubs: [],
    ...(further === undefined ? {} : { further }),
  };
}

/** All that is in a Namespace, the rarer kinds first: what others need (Services) before the pods. */
function* contentsOf(view: GraphView, name: string): Iterable<NodeId> {
  const held = view.kinds().map((of) => ({ of, count: view.count(of, name).total }));
  for (const { of } of held.filter(({ count }) => count > 0).sort((a, b) => a.count - b.count)) {
    const found: NodeId[] = [];
    view.eachOfKind(of, name, (id) => {
      found.push(id);
      return true;
    });
    yield* found;
  }
}

/** The Service that leads to a slice's endpoints by no selector of its own. */
function servedBy(view: GraphView, slice: NodeId): NodeId | undefined {
  const { namespace } = view.node(slice);
  const name = endpointSlice.of(view.node(slice))?.service ?? '';
  const found = name === '' ? undefined : view.find('Service', namespace, name);
  return found === undefined || view.node(found).state !== 'present' || selects(view, found) ? undefined : found;
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
