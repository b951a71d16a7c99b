/** Flux writes on each object which Kustomization or HelmRelease it is of. */
import type { KindKey, Reference, Relation } from '../../../types.ts';
import { nameReference } from '../../define.ts';
import { textOf } from '../../field-path.ts';

interface Owner {
  /** Labels. */
  name: string;
  namespace: string;
  kind: KindKey;
  path: string;
}

const OWNERS: readonly Owner[] = (
  [
    ['kustomize.toolkit.fluxcd.io', 'Kustomization'],
    ['helm.toolkit.fluxcd.io', 'HelmRelease'],
  ] as const
).map(([prefix, kind]) => ({
  name: `${prefix}/name`,
  namespace: `${prefix}/namespace`,
  kind: `${kind}.${prefix}`,
  path: `metadata.labels[${prefix}/name]`,
}));
const NONE: readonly Reference[] = Object.freeze([]);

export const fluxObject: Relation = {
  id: 'flux-object',
  rows: [62],
  verb: 'was put here by',
  sources: 'any',
  class: 'ownedBy',
  strength: 'ownership',
  fields: [],
  references(object) {
    const labels = object.metadata?.labels;
    if (labels === undefined) return NONE;
    let found: Reference[] | undefined;
    for (const owner of OWNERS) {
      const name = textOf(labels[owner.name]);
      if (name === '') continue;
      const reference = nameReference(owner.kind, textOf(labels[owner.namespace]), name, owner.path);
      if (reference !== undefined) found = [...(found ?? []), reference];
    }
    return found ?? NONE;
  },
};
