import type { NodeId, RelationClass, Why } from '../types.ts';

/** How a failure reaches a node. `withstands`: part of it is hit and what is left is enough. */
export type Effect = 'down' | 'degraded' | 'withstands';

/** A node of an answer, and the edge by which it was reached first. */
export interface Hit {
  id: NodeId;
  /** Hops; what belongs to a workload is as far as the workload. */
  depth: number;
  /** Undefined for where the question starts. */
  parent: Hit | undefined;
  why: Why | undefined;
  /** `out`: the parent depends on it; `in`: it depends on the parent. */
  direction: 'out' | 'in';
  /** Belongs to the start or to a hit (a pod of a Deployment): a step on the way, not an answer. */
  part?: true;
  effect?: Effect;
  /** `2 of 3 ready endpoints are left`. */
  note?: string;
}

export interface Reach {
  /** Without the start, nearest first. */
  hits: Hit[];
  /** False where a bound ended it: there are at least so many. */
  complete: boolean;
  /** Not followed. */
  hubs: Hub[];
  /** By this depth so many were reached that none was followed further. */
  stoppedAt?: number;
  /** What its depth cuts off; undefined where nothing is. */
  further?: Further;
}

/** Objects one step beyond the depth of a question. Not `exact`: at least so many. */
export interface Further {
  count: number;
  exact: boolean;
}

/** A node that was told and not followed: what else hangs on it has little to do with the question. */
export interface Hub {
  id: NodeId;
  /** References to it, where those are why. */
  degree: number | undefined;
}

export interface Bounds {
  depth: number;
  /** Only their edges are followed and told; what a workload owns counts as the workload itself. undefined: all. */
  relations: ReadonlySet<RelationClass> | undefined;
  /** Edges looked at before an answer ends as `at least`. */
  edges: number;
}

/** Edges looked at for one question: all that a node or a workload touches, and some 10 ms where thousands depend on one thing. */
export const EDGE_BUDGET = 20_000;
