/** Test support: changes and edges in few words. */
import type { Change, Graph, NodeId, Projected, Reference, Relation, Selector } from '../types.ts';

export const USES: Relation = {
  id: 'uses',
  rows: [],
  verb: 'uses',
  sources: 'any',
  class: 'uses',
  strength: 'hard',
  fields: [],
  references: () => [],
};
export const GRANTS: Relation = { ...USES, id: 'grants', inverse: true };

type Said = Reference | { relation: Relation; reference: Reference };
export const named = (kind: string, name: string, path = `spec.${kind}`): Reference => ({
  by: 'name',
  kind,
  namespace: 'shop',
  name,
  path,
});
export const owned = (kind: string, name: string, uid: string): Reference => ({
  by: 'uid',
  kind,
  namespace: 'shop',
  name,
  uid,
  path: 'metadata.ownerReferences[0]',
});
export const selecting = (selector: Selector, more: Partial<Reference & { by: 'selector' }> = {}): Reference => ({
  by: 'selector',
  kind: 'Pod',
  path: 'spec.selector',
  namespace: 'shop',
  selector,
  ...more,
});
export const is = (key: string, ...values: string[]): Selector => [{ key, op: 'in', values }];

let version = 0;
/** The resourceVersion that `put` gave last. */
export const lastVersion = () => `${version}`;
export function put(kind: string, name: string, says: readonly Said[] = [], more: Partial<Projected> = {}): Change {
  return {
    type: 'upsert',
    object: {
      kind,
      namespace: 'shop',
      name,
      uid: `uid-${name}`,
      resourceVersion: `${++version}`,
      created: 1_000,
      deleting: undefined,
      labels: {},
      health: 'ok',
      facts: {},
      references: says.map((said) => ('relation' in said ? said : { relation: USES, reference: said })),
      ...more,
    },
  };
}
export const gone = (kind: string, name: string, uid = '', namespace = 'shop'): Change => ({
  type: 'delete',
  kind,
  namespace,
  name,
  uid,
});

export const idOf = (graph: Graph, kind: string, name: string, namespace = 'shop'): NodeId => {
  const id = graph.view().find(kind, namespace, name);
  if (id === undefined) throw new Error(`no ${kind} ${name}`);
  return id;
};
export function edges(graph: Graph, direction: 'out' | 'in', kind: string, name: string, namespace = 'shop'): string[] {
  const view = graph.view();
  const found: string[] = [];
  view[direction](idOf(graph, kind, name, namespace), (other, why) => {
    const node = view.node(other);
    found.push(`${node.kind}/${node.name}${node.state === 'absent' ? ' (absent)' : ''} by ${why.path}`);
    return true;
  });
  return found.sort();
}
