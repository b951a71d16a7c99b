/** Test support: a graph from plain objects, through the real projector. */
import type { KubeObject } from '../kernel/vocabulary.ts';
import type { ApiResource } from '../kube/types.ts';
import { createGraph } from './create-graph.ts';
import { createIntern } from './intern.ts';
import { groupOf, kindKeyOf } from './kind-key.ts';
import { OWN_KINDS } from './project/index.ts';
import { createProjector, isEventKind, type Projector } from './project/projector.ts';
import { RELATIONS } from './relations/index.ts';
import type { Change, Graph, GraphView, KindKey, KindState, NodeId, Relation } from './types.ts';

export interface GraphUnderTest {
  graph: Graph;
  projector: Projector;
  /** As of now: taken anew at each reading. */
  readonly view: GraphView;
  /** One generation. Events become stories of what they speak of. */
  apply(...objects: KubeObject[]): void;
  remove(...objects: KubeObject[]): void;
  /** `Pod/shop/cart-1`, `Deployment.apps/shop/cart`, `Node/worker-1`, `~Image/nginx:1.29`. Throws where there is none. */
  id(path: string): NodeId;
}

export interface GraphOfOptions {
  relations?: readonly Relation[];
  /** Kinds that are something else than `synced`. */
  states?: Readonly<Record<KindKey, KindState>>;
}

/**
 * A graph of `objects`; all kinds are `synced`. An object without a uid has `uid:<Kind>/<namespace>/<name>`, `uid:<Kind>/<name>`
 * where it is in no namespace; one without `metadata.namespace` is cluster-scoped.
 */
export function graphOf(objects: readonly KubeObject[], options: GraphOfOptions = {}): GraphUnderTest {
  const graph = createGraph();
  const projector = createProjector(createIntern(), options.relations ?? RELATIONS);
  const announced = new Set<KindKey>();
  let version = 0;

  function announce(kind: KindKey): void {
    if (announced.has(kind) || kind.startsWith('~')) return;
    announced.add(kind);
    graph.setKindState(kind, options.states?.[kind] ?? { state: 'synced' });
  }

  function changeOf(object: KubeObject): Change | undefined {
    const whole = withIdentity(object, ++version);
    const resource = resourceOf(whole);
    if (isEventKind(kindKeyOf(resource.group, resource.kind))) {
      const event = projector.event(whole);
      return event && { type: 'event', event };
    }
    const projected = projector.project(whole, resource);
    announce(projected.kind);
    for (const { reference } of projected.references) announce(reference.kind);
    return { type: 'upsert', object: projected };
  }

  function apply(...changed: KubeObject[]): void {
    graph.apply(changed.map(changeOf).filter((change) => change !== undefined));
  }

  function deletionOf(object: KubeObject): Change {
    const { kind, namespace, name, uid } = projector.project(withIdentity(object, 0), resourceOf(object));
    return { type: 'delete', kind, namespace, name, uid };
  }

  for (const kind of OWN_KINDS.keys()) announce(kind);
  for (const kind of Object.keys(options.states ?? {})) announce(kind);
  apply(...objects);
  return {
    graph,
    projector,
    get view() {
      return graph.view();
    },
    apply,
    remove: (...removed) => graph.apply(removed.map(deletionOf)),
    id(path) {
      const { kind, namespace, name } = splitPath(path);
      const id = graph.view().find(kind, namespace, name);
      if (id === undefined) throw new Error(`no node ${path}`);
      return id;
    },
  };
}

/** `Kind/name` or `Kind/namespace/name`; of things outside the API everything after the kind is the name. */
export function splitPath(path: string): { kind: KindKey; namespace: string; name: string } {
  const [kind = '', ...rest] = path.split('/');
  if (kind.startsWith('~') || rest.length < 2) return { kind, namespace: '', name: rest.join('/') };
  return { kind, namespace: rest[0] ?? '', name: rest.slice(1).join('/') };
}

function withIdentity(object: KubeObject, version: number): KubeObject {
  const metadata = object.metadata ?? {};
  const place = [object.kind, metadata.namespace, metadata.name].filter((part) => part !== undefined);
  return {
    ...object,
    metadata: { uid: `uid:${place.join('/')}`, resourceVersion: String(version), ...metadata },
  };
}

/** Discovery's words for an object, guessed from itself. */
export function resourceOf(object: KubeObject): ApiResource {
  const apiVersion = object.apiVersion ?? 'v1';
  const kind = object.kind ?? '';
  const group = groupOf(apiVersion);
  return {
    group,
    version: group === '' ? apiVersion : apiVersion.slice(group.length + 1),
    kind,
    resource: pluralOf(kind.toLowerCase()),
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: object.metadata?.namespace !== undefined,
    verbs: ['get', 'list', 'watch'],
    subresources: [],
    preferred: true,
  };
}

function pluralOf(singular: string): string {
  if (singular === 'endpoints') return singular;
  if (/[^aeiou]y$/.test(singular)) return `${singular.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(singular) ? `${singular}es` : `${singular}s`;
}
