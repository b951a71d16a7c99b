import type { GraphView, NodeId, Why } from '../types.ts';
import { type Budget, createBudget } from './budget.ts';
import { type Bounds, type Hit, HUB, type Hub } from './types.ts';

export interface Path {
  /** From the first to the second, both included; undefined where none was found. */
  steps: Hit[] | undefined;
  /** False where there may be one all the same: a bound ended the search, or it did not go on from what too much depends on. */
  complete: boolean;
  hubs: readonly Hub[];
}

/** A node that one side of the search has come to, and the edge by which it came. */
interface Reached {
  id: NodeId;
  from: Reached | undefined;
  why: Why | undefined;
  /** `out`: `from` depends on it. */
  direction: Hit['direction'];
}

interface Side {
  reached: Map<NodeId, Reached>;
  frontier: Reached[];
  /** What it did not go down from. */
  hubs: Hub[];
}

/**
 * A shortest way between two nodes over edges of any direction, searched from both. From hubs between them nothing goes down to what
 * depends on them: two things that both name a hub meet there.
 */
export function shortestPath(view: GraphView, from: NodeId, to: NodeId, bounds: Bounds): Path {
  const budget = createBudget(bounds.edges);
  const near = sideOf(from);
  const far = sideOf(to);
  let met = from === to ? from : undefined;
  for (let depth = 1; met === undefined && depth <= bounds.depth && !budget.spent && mayMeet(near, far); depth++) {
    const nearNext = far.frontier.length === 0 || (near.frontier.length > 0 && costOf(view, near) <= costOf(view, far));
    met = widen(view, { side: nearNext ? near : far, other: nearNext ? far : near, budget, bounds });
  }
  if (met !== undefined) return { steps: stepsVia(near, far, met), complete: true, hubs: [] };
  const complete = isWhole(near) || isWhole(far);
  const hubs = complete ? [] : [...near.hubs, ...far.hubs];
  return { steps: undefined, complete: complete || (!budget.spent && hubs.length === 0), hubs };
}

function sideOf(id: NodeId): Side {
  const start: Reached = { id, from: undefined, why: undefined, direction: 'out' };
  return { reached: new Map([[id, start]]), frontier: [start], hubs: [] };
}

/** All that hangs together with its end has been seen. */
function isWhole({ frontier, hubs }: Side): boolean {
  return frontier.length === 0 && hubs.length === 0;
}

function mayMeet(near: Side, far: Side): boolean {
  return near.frontier.length + far.frontier.length > 0 && !isWhole(near) && !isWhole(far);
}

/** About how many edges its next step looks at. */
function costOf(view: GraphView, { frontier, reached }: Side): number {
  const most = reached.size === 1 ? Number.POSITIVE_INFINITY : HUB;
  let cost = 0;
  for (const { id } of frontier) {
    const dependents = view.dependents(id, most);
    cost += dependents > most ? 1 : 1 + dependents;
  }
  return cost;
}

interface Widening {
  side: Side;
  other: Side;
  budget: Budget;
  bounds: Bounds;
}

/** Takes one side a step on. Returns the node at which the two meet. */
function widen(view: GraphView, { side, other, budget, bounds }: Widening): NodeId | undefined {
  const next: Reached[] = [];
  const { relations } = bounds;
  const wants = relations === undefined ? undefined : (why: Why) => relations.has(why.relation.class);
  // What is asked about is followed, however much depends on it.
  const isStart = side.reached.size === 1;
  let met: NodeId | undefined;
  for (const from of side.frontier) {
    const add = (direction: Hit['direction']) => (id: NodeId, why: Why) => {
      if (!budget.take()) return false;
      if (side.reached.has(id)) return true;
      const reached: Reached = { id, from, why, direction };
      side.reached.set(id, reached);
      next.push(reached);
      if (other.reached.has(id)) met = id;
      return met === undefined;
    };
    view.out(from.id, add('out'), wants);
    if (met !== undefined) return met;
    const degree = isStart ? 0 : view.dependents(from.id, Number.POSITIVE_INFINITY);
    if (degree > HUB) side.hubs.push({ id: from.id, degree });
    else view.in(from.id, add('in'), wants);
    if (met !== undefined) return met;
  }
  side.frontier = next;
  return undefined;
}

/** The near side's way to `met`, then the far side's way back from it, whose edges are walked the other way round. */
function stepsVia(near: Side, far: Side, met: NodeId): Hit[] {
  const way: Reached[] = [];
  for (let at = near.reached.get(met); at !== undefined; at = at.from) way.unshift(at);
  let hit: Hit | undefined;
  const steps: Hit[] = [];
  const add = (id: NodeId, why: Why | undefined, direction: Hit['direction']) => {
    hit = { id, depth: steps.length, parent: hit, why, direction };
    steps.push(hit);
  };
  for (const { id, why, direction } of way) add(id, why, direction);
  for (let at = far.reached.get(met); at?.from !== undefined; at = at.from)
    add(at.from.id, at.why, at.direction === 'out' ? 'in' : 'out');
  return steps;
}

/** From the start to `hit`, both included. */
export function stepsTo(hit: Hit): Hit[] {
  const steps: Hit[] = [];
  for (let at: Hit | undefined = hit; at !== undefined; at = at.parent) steps.unshift(at);
  return steps;
}
