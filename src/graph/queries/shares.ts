/** How what stands for several fares when some of them are lost. */
import { budget as disruptionBudget } from '../project/budget.ts';
import { endpointSlice } from '../project/endpoint-slice.ts';
import { pod } from '../project/pod.ts';
import type { GraphView, KindKey, NodeId, Why } from '../types.ts';
import type { Budget } from './budget.ts';
import { isEmptySet, isEssential, isPast, selects, slicesOf } from './parts.ts';
import { isOwnership } from './reasons.ts';
import { countOf } from './state-text.ts';
import type { Effect, Hit } from './types.ts';
import { isRead, unreadPods } from './unread.ts';

/** Relations by which a source stands for all its targets together, and works while enough of them do. */
const SHARED = new Set(['service-pod', 'istio-gateway-pods']);
/** So many that are well are not counted further: what is lost beside them is a small share. */
const ENOUGH = 200;

export const isShared = ({ relation }: Why): boolean => SHARED.has(relation.id);
const isOfBudget = ({ relation }: Why): boolean => relation.id === 'budget-pod';
export const isListed = ({ relation }: Why): boolean => relation.id === 'endpoint-slice-pod';

type Share = { effect: Effect; note: string };

export interface Losses {
  /** Of what is asked about: parts of an owner, or what a Service stands for. */
  lost: ReadonlySet<NodeId>;
  hits: ReadonlyMap<NodeId, Hit>;
}

/** How an owner fares that loses some of its parts: by those that it lives by and that are in use. */
export function ofOwner(view: GraphView, owner: NodeId, { lost, hits }: Losses, budget: Budget): Share | undefined {
  const kinds = new Set<KindKey>();
  const hurt = { down: 0, degraded: 0 };
  for (const id of lost) {
    const effect = hits.get(id)?.effect;
    if (effect !== 'down' && effect !== 'degraded') continue;
    if (view.node(id).state !== 'present' || isPast(view, id) || !isEssential(view, id)) continue;
    kinds.add(view.node(id).kind);
    hurt[effect]++;
  }
  if (kinds.size === 0) return undefined;
  const count = hurt.down + hurt.degraded;
  const found = wellParts(view, owner, { kinds, lost, hits }, budget);
  const [kind = ''] = kinds;
  const unread = kinds.has('Pod') ? unreadPods(view, owner, count + found) : isUnread(view, owner, kind);
  if (unread === 'unknown' && found === 0 && hurt.degraded === 0)
    return { effect: 'degraded', note: `may be down: its other ${countOf(2, kind).slice(2)} were not read` };
  const well = found + (unread === 'unknown' ? 0 : unread);
  const total = count + well;
  const named = (parts: number) => (kinds.size === 1 ? countOf(parts, kind) : `${parts} parts`);
  const what = named(total);
  if (hurt.down === total) return { effect: 'down', note: total === 1 ? `all it has: ${what}` : `all ${what}` };
  if (well > ENOUGH) return { effect: 'degraded', note: `${count} of more than ${named(ENOUGH)}` };
  return { effect: 'degraded', note: total === 1 ? `its ${what} is degraded` : `${count} of ${what}` };
}

const isUnread = (view: GraphView, owner: NodeId, kind: KindKey): 0 | 'unknown' =>
  isRead(view, kind, view.node(owner).namespace) ? 0 : 'unknown';

/** Parts that are not hurt, counted to one more than are enough. */
function wellParts(
  view: GraphView,
  owner: NodeId,
  { kinds, lost, hits }: Losses & { kinds: Set<KindKey> },
  budget: Budget,
): number {
  let well = 0;
  const visit = (id: NodeId): boolean => {
    if (!budget.take()) return false;
    const effect = lost.has(id) ? hits.get(id)?.effect : undefined;
    if (effect === 'down' || effect === 'degraded') return true;
    const part = view.node(id);
    if (part.state !== 'present' || isPast(view, id) || isEmptySet(view, id)) return true;
    if (kinds.has(part.kind)) well++;
    else if (isEssential(view, id)) {
      kinds.add(part.kind);
      well++;
    }
    return well <= ENOUGH;
  };
  view.in(owner, visit, isOwnership);
  return well;
}

/** How a Service fares that loses some of its ready pods. */
export function ofService(view: GraphView, service: NodeId, { lost, hits }: Losses, budget: Budget): Share | undefined {
  const isDown = (id: NodeId) => lost.has(id) && hits.get(id)?.effect === 'down';
  const down = [...lost].filter((id) => isDown(id) && isReady(view, id));
  const [first] = down;
  const least = first === undefined ? 0 : leastHealthy(view, first, budget);
  const enough = first === undefined ? 0 : Math.max(least, ENOUGH);
  const left = endpointsLeft(view, service, { isDown, enough }, budget);
  if (left + down.length === 0) {
    // It is down already: not for something that its pods can do without.
    return [...lost].some(isDown) ? { effect: 'down', note: 'it has no ready endpoint as it is' } : undefined;
  }
  if (first === undefined) return undefined;
  if (left === 0 && !isRead(view, 'Pod', view.node(service).namespace))
    return { effect: 'degraded', note: 'may be down: its other endpoints were not read' };
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

const isReady = (view: GraphView, id: NodeId): boolean => pod.of(view.node(id))?.ready === true;

interface Counting {
  isDown(id: NodeId): boolean;
  /** Counted to one more. */
  enough: number;
}

function endpointsLeft(view: GraphView, service: NodeId, { isDown, enough }: Counting, budget: Budget): number {
  let left = 0;
  const visit = (id: NodeId): boolean => {
    if (!budget.take()) return false;
    if (!isDown(id) && isReady(view, id)) left++;
    return left <= enough;
  };
  if (selects(view, service)) {
    view.out(service, visit, isShared);
    return left;
  }
  const seen = new Set<NodeId>();
  slicesOf(view, service, (slice) => {
    let pods = 0;
    const visitOnce = (id: NodeId): boolean => {
      pods++;
      // Listed once for each family of addresses.
      const isNew = !seen.has(id);
      seen.add(id);
      return !isNew || visit(id);
    };
    view.out(slice, visitOnce, isListed);
    // Addresses that are no pods: what is written down is what is known.
    left += Math.max(0, (endpointSlice.of(view.node(slice))?.ready ?? 0) - pods);
    return left <= enough;
  });
  return left;
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
