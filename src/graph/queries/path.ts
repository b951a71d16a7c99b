import type { GraphView, NodeId, Why } from '../types.ts';
import { type Budget, createBudget } from './budget.ts';
import { isAskedIn, isOwnership, isRemark } from './reasons.ts';
import { hubOf, isHub } from './sharing.ts';
import type { Bounds, Hit, Hub } from './types.ts';

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

/** Which edges a side follows. */
interface Moves {
  /** Through what much of the cluster has in common, too. */
  hubs: boolean;
  out(why: Why): boolean;
  in(why: Why): boolean;
}

interface Side extends Moves {
  start: NodeId;
  reached: Map<NodeId, Reached>;
  frontier: Reached[];
  /** What it did not go down from. */
  skipped: Hub[];
}

/** Of the references to a start so many are counted. */
const MOST_COUNTED = 10_000;

/** To what it needs, through its parts. */
const NEEDS: Moves = { hubs: true, out: (why) => !isOwnership(why), in: isOwnership };
/** The way back from there. */
const NEEDED_BY: Moves = { hubs: true, out: isOwnership, in: (why) => !isOwnership(why) };
const BINDING: Moves = { hubs: false, out: (why) => !isRemark(why), in: (why) => !isRemark(why) };
const ANY: Moves = { hubs: true, out: () => true, in: () => true };

/** Ways of each sort are looked for one after the other, with a share of the edges: where something needs another, not much lies between. */
const SORTS: readonly { near: Moves; far: Moves; share: number }[] = [
  { near: NEEDS, far: NEEDED_BY, share: 0.1 },
  { near: NEEDED_BY, far: NEEDS, share: 0.1 },
  { near: BINDING, far: BINDING, share: 0.3 },
  { near: ANY, far: ANY, share: 0.5 },
];

/**
 * The way between two nodes that says most: one that is all need from the first to the second, or from the second to the first; then one
 * over edges of any direction that bind, past what the cluster has in common; then any. Of its sort it is a shortest one.
 */
export function shortestPath(view: GraphView, from: NodeId, to: NodeId, bounds: Bounds): Path {
  const inside = isIn(view, from, to) ? 'out' : isIn(view, to, from) ? 'in' : undefined;
  if (inside !== undefined && bounds.relations === undefined) {
    const start: Hit = { id: from, depth: 0, parent: undefined, why: undefined, direction: 'out' };
    const end: Hit = { id: to, depth: 1, parent: start, why: undefined, direction: inside };
    return { steps: [start, end], complete: true, hubs: [] };
  }
  let found: Path = { steps: undefined, complete: false, hubs: [] };
  for (const { near, far, share } of SORTS) {
    found = search(view, sideOf(from, near), sideOf(to, far), { ...bounds, edges: bounds.edges * share });
    if (found.steps !== undefined) break;
  }
  return found;
}

/** No edge leads to a Namespace: its objects say by their own that they are in it. */
function isIn(view: GraphView, id: NodeId, namespace: NodeId): boolean {
  const { kind, name } = view.node(namespace);
  return kind === 'Namespace' && view.node(id).namespace === name;
}

/** From both ends. From hubs between them nothing goes down to what depends on them: two things that both name a hub meet there. */
function search(view: GraphView, near: Side, far: Side, bounds: Bounds): Path {
  const budget = createBudget(bounds.edges);
  let met = near.start === far.start ? near.start : undefined;
  for (let depth = 1; met === undefined && depth <= bounds.depth && !budget.spent && mayMeet(near, far); depth++) {
    const nearNext = far.frontier.length === 0 || (near.frontier.length > 0 && costOf(view, near) <= costOf(view, far));
    met = widen(view, { side: nearNext ? near : far, other: nearNext ? far : near, budget, bounds });
  }
  if (met !== undefined) return { steps: stepsVia(near, far, met), complete: true, hubs: [] };
  const complete = isWhole(near) || isWhole(far);
  const hubs = complete ? [] : [...near.skipped, ...far.skipped];
  return { steps: undefined, complete: complete || (!budget.spent && hubs.length === 0), hubs };
}

function sideOf(id: NodeId, moves: Moves): Side {
  const start: Reached = { id, from: undefined, why: undefined, direction: 'out' };
  return { ...moves, start: id, reached: new Map([[id, start]]), frontier: [start], skipped: [] };
}

/** All that hangs together with its end has been seen. */
function isWhole({ frontier, skipped }: Side): boolean {
  return frontier.length === 0 && skipped.length === 0;
}

function mayMeet(near: Side, far: Side): boolean {
  return near.frontier.length + far.frontier.length > 0 && !isWhole(near) && !isWhole(far);
}

/** About how far its next step goes: of a start to all that names it. */
function costOf(view: GraphView, { start, frontier, reached }: Side): number {
  return reached.size === 1 ? view.dependents(start, MOST_COUNTED) : frontier.length;
}

interface Widening {
  side: Side;
  other: Side;
  budget: Budget;
  bounds: Bounds;
}

/** Takes one side a step on. Returns the node at which the two meet. */
function widen(view: GraphView, { side, other, budget, bounds }: Widening): NodeId | undefined {
  const isAsked = isAskedIn(bounds);
  const next: Reached[] = [];
  // What is asked about is followed, however much depends on it.
  const isStart = side.reached.size === 1;
  let met: NodeId | undefined;
  for (const from of side.frontier) {
    const go = (direction: Hit['direction']): void => {
      const add = (id: NodeId, why: Why): boolean => {
        if (!budget.take()) return false;
        if (side.reached.has(id)) return true;
        const isMet = other.reached.has(id);
        if (!side.hubs && id !== other.start && isHub(view, id)) return true;
        const reached: Reached = { id, from, why, direction };
        side.reached.set(id, reached);
        next.push(reached);
        if (isMet) met = id;
        return met === undefined;
      };
      view[direction](from.id, add, (why) => side[direction](why) && (isOwnership(why) || isAsked(why)));
    };
    go('out');
    if (met !== undefined) return met;
    if (isStart || !isHub(view, from.id)) go('in');
    else side.skipped.push(hubOf(view, from.id));
    if (met !== undefined) return met;
  }
  side.frontier = next;
  return undefined;
}

/** The near side's way to `met`, then the far side's way back from it, whose edges are walked the other way round. */
function stepsVia(near: Side, far: Side, met: NodeId): Hit[] {
  const way: Reached[] = [];
  for (let at = near.reached.get(met); at !== undefined; at = at.from) way.unshift(at);
  const steps: Hit[] = [];
  const add = (id: NodeId, why: Why | undefined, direction: Hit['direction']) => {
    steps.push({ id, depth: steps.length, parent: steps.at(-1), why, direction });
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
