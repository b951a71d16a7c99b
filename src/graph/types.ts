/**
 * What the graph holds and what may be asked of it. Convention everywhere: `A => B` means that A depends on B, so that what B suffers can reach A.
 * `out` leads to what a node depends on, `in` to what depends on it.
 */
import type { KubeObject } from '../kernel/vocabulary.ts';
import type { ApiResource } from '../kube/types.ts';

/** Dense; given anew to another node once its own is gone. Never outlives one generation in a caller's hands. */
export type NodeId = number;

/**
 * `Pod`, `Deployment.apps`, `HTTPRoute.gateway.networking.k8s.io`: Kind, and the group where it is not the core one.
 * `~Image`, `~Host`, `~User`: things that objects name and that are no objects of the API; they are never missing.
 */
export type KindKey = string;

/** What an object's own fields say of it, without looking at others. `done`: ended as it should (a completed Job). */
export type Health = 'ok' | 'progressing' | 'warning' | 'failed' | 'done' | 'unknown';

/** One object, or the place of one that others refer to. Fields are those of the last generation applied. */
export interface GraphNode {
  readonly id: NodeId;
  readonly kind: KindKey;
  /** '' for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  /** `absent`: only referred to. Whether it is missing or just not visible: `GraphView.whereabouts`. */
  readonly state: 'present' | 'absent';
  /** '' where absent. */
  readonly uid: string;
  /** ms since the epoch; 0 where absent. */
  readonly created: number;
  /** When deletion was asked for, ms; undefined for what is not being deleted. */
  readonly deleting: number | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly health: Health;
  /** By kind: read it with the projection's `of(node)`. */
  readonly facts: unknown;
}

export type Strength = 'hard' | 'soft' | 'ownership' | 'informational';

/** The words of the tool's `relation_filter`; every relation has one. */
export type RelationClass = 'ownedBy' | 'routes' | 'hosts' | 'dependsOn' | 'connects' | 'uses';

/** Why an edge exists. Interned: many edges share one. */
export interface Why {
  readonly relation: Relation;
  /** The field that says so: `spec.volumes[config].configMap.name`. List members by name where they have one, else by index. */
  readonly path: string;
  /** The source works without the target (`optional: true`). */
  readonly optional: boolean;
  readonly strength: Strength;
  /** For references by uid: they hold for the object of this uid only. '' for others. */
  readonly uid: string;
}

export type Requirement =
  | { key: string; op: 'in' | 'notIn'; values: readonly string[] }
  | { key: string; op: 'exists' | 'absent' };
/** All must hold; an empty one selects everything. */
export type Selector = readonly Requirement[];

/** What one object says of another. */
export type Reference = {
  kind: KindKey;
  path: string;
  optional?: boolean;
  /** Where it differs from the relation's own. */
  strength?: Strength;
} & (
  | { by: 'name'; namespace: string; name: string }
  /** Holds only for the object of this uid: an owner that was replaced by another of its name is missing. */
  | { by: 'uid'; namespace: string; name: string; uid: string }
  /** `namespace` undefined: all, or those that `namespaceSelector` selects. */
  | { by: 'selector'; namespace: string | undefined; namespaceSelector?: Selector; selector: Selector }
);

/** One file each in relations/. */
export interface Relation {
  /** Unique, by its two ends: `pod-node`. */
  readonly id: string;
  /** Rows of dataplane.md §3. */
  readonly rows: readonly number[];
  /** A verb that reads between source and target: `Pod a/b` *runs on* `Node c`. */
  readonly verb: string;
  readonly sources: readonly KindKey[] | 'any';
  /** With `any`: of custom kinds only. Those of Kubernetes itself, of which there are most, are not asked. */
  readonly custom?: true;
  readonly class: RelationClass;
  readonly strength: Strength;
  /** What the field names depends on the object that names it: the edge runs from target to source (a ServiceAccount => the RoleBinding that names it). */
  readonly inverse?: true;
  /** Paths below the object that `references` reads, without indexes: `spec.volumes.configMap.name`. Besides metadata. What is not named may be absent from `object`. */
  readonly fields: readonly string[];
  references(object: KubeObject, resource: ApiResource): readonly Reference[];
}

/** One file each in project/: what is kept of a kind. */
export interface KindProjection<Facts> {
  readonly kind: KindKey;
  /** `metadata`: PartialObjectMetadata is asked for, and nothing else ever enters. */
  readonly depth: 'object' | 'metadata';
  /** Paths that `project` reads, as in Relation.fields. */
  readonly fields: readonly string[];
  /** `still`: what was made of the same object when it differed from this in nothing but its status. */
  project(object: KubeObject, intern: Intern, still?: Facts): Facts;
  health(facts: Facts): Health;
  /** The facts of a present node of this kind. */
  of(node: GraphNode): Facts | undefined;
}

/** Makes equal values one value. `shared` is for small plain data that many objects have in common. */
export interface Intern {
  text(value: string): string;
  shared<T extends object>(value: T): T;
}

/** An object as the graph takes it. */
export interface Projected {
  kind: KindKey;
  namespace: string;
  name: string;
  uid: string;
  resourceVersion: string;
  created: number;
  deleting: number | undefined;
  labels: Readonly<Record<string, string>>;
  health: Health;
  facts: unknown;
  references: readonly ProjectedReference[];
  /** It is told of again and again: while its references are the same, they come as the same list. */
  again?: true;
}

export interface ProjectedReference {
  relation: Relation;
  reference: Reference;
}

/** A short story of one object, from an Event. */
export interface EventFacts {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  count: number;
  /** ms. */
  first: number;
  last: number;
  source: string;
}

export interface ProjectedEvent extends EventFacts {
  /** Of the Event itself: the same one again replaces what it said before. */
  uid: string;
  involved: { kind: KindKey; namespace: string; name: string; uid: string };
}

export type Change =
  | { type: 'upsert'; object: Projected }
  /** `uid` '': whoever bears the name by then. */
  | { type: 'delete'; kind: KindKey; namespace: string; name: string; uid: string }
  | { type: 'event'; event: ProjectedEvent };

/** How far a kind is known. `namespaces` where only some are read. */
export type KindState =
  /** `namespaces`: only those are read; elsewhere it is unknown what there is. */
  | { state: 'synced'; namespaces?: readonly string[] }
  /** `done` of about `total` objects, where known. */
  | { state: 'syncing'; done: number; total: number | undefined }
  | { state: 'forbidden'; reason: string }
  /** Known, and no longer kept up to date since then (ms). */
  | { state: 'stale'; since: number; reason: string; namespaces?: readonly string[] }
  /** The server does not serve it. */
  | { state: 'missing' }
  /** Not asked for, or dropped again (memory). */
  | { state: 'off'; reason: string };

/** Why a node is absent. `gone`: its kind is known and it is not there. `unknown`: it may be there. `outside`: no object of the API. */
export type Whereabouts = 'present' | 'gone' | 'unknown' | 'outside';

/** One generation, read only, as one asker may see it. Synchronous: nothing changes while a caller does not await. */
export interface GraphView {
  readonly generation: number;
  /** Throws for an id that is not of this generation. */
  node(id: NodeId): GraphNode;
  find(kind: KindKey, namespace: string, name: string): NodeId | undefined;
  whereabouts(id: NodeId): Whereabouts;
  /** Present ones, in no order; of what is outside the API all that is named. Return false from `visit` to stop. */
  eachOfKind(kind: KindKey, namespace: string | undefined, visit: (id: NodeId) => boolean | undefined): void;
  /**
   * What `id` depends on, absent targets included. Return false to stop. Hardly an allocation. Edges of reasons that `wants` turns down
   * are passed over, thousands of one reason at once.
   */
  out(
    id: NodeId,
    visit: (target: NodeId, why: Why) => boolean | undefined,
    wants?: ((why: Why) => boolean) | undefined,
  ): void;
  /** What depends on `id`. */
  in(
    id: NodeId,
    visit: (source: NodeId, why: Why) => boolean | undefined,
    wants?: ((why: Why) => boolean) | undefined,
  ): void;
  /** How many edges `in` would visit; more than `most` are not counted on, and the answer is then some number above it. */
  dependents(id: NodeId, most: number): number;
  /** Newest first, at most ten. */
  events(id: NodeId): readonly EventFacts[];
  /** Kinds with present nodes. */
  kinds(): readonly KindKey[];
  kindState(kind: KindKey): KindState;
  /** From counters, not by counting: of a kind, in a namespace or all. */
  count(kind: KindKey, namespace?: string): Counts;
  /** Those there are as objects, and those that hold something, by name. */
  namespaces(): readonly string[];
  readonly totals: { nodes: number; edges: number };
}

export interface Counts {
  total: number;
  byHealth: Readonly<Record<Health, number>>;
}

/** Says what an asker may see; what is hidden ends a traversal. */
export interface Visibility {
  kind(kind: KindKey): boolean;
  namespace(namespace: string): boolean;
}

/** What changed with one generation: nodes whose own facts changed, and nodes at the other end of edges that came or went. */
export interface Touched {
  generation: number;
  /** May hold ids of nodes that are gone by now; those are absent or unknown to the view. */
  nodes: ReadonlySet<NodeId>;
  edges: ReadonlySet<NodeId>;
  /** Those of which a newer version came that says, of all that is kept, the same. */
  unchanged: ReadonlySet<NodeId>;
}

export interface Graph {
  /** One generation. Readers see all of it or nothing. */
  apply(changes: readonly Change[]): void;
  /** The version last applied, for relists: undefined where it is not present. */
  resourceVersionOf(
    kind: KindKey,
    namespace: string,
    name: string,
  ): { resourceVersion: string; uid: string } | undefined;
  setKindState(kind: KindKey, state: KindState): void;
  /** Takes all of a kind (in a namespace) out: forbidden by now, no longer served, or dropped for memory. What refers to it then finds it absent. */
  drop(kind: KindKey, namespace?: string): void;
  view(visibility?: Visibility): GraphView;
  /** Called after each apply and drop, synchronously. Returns the way to stop. */
  onChange(listener: (touched: Touched) => void): () => void;
  /** Bytes, estimated from counts. */
  memory(): { nodes: number; edges: number; total: number; byKind: ReadonlyMap<KindKey, number> };
  clear(): void;
}
