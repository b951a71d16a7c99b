/** Flux writes on each object which Kustomization or HelmRelease it is of. */
import type { KindKey, Reference, Relation } from '../../../types.ts';
import { nameReference } from '../define.ts';
import { textOf } from '../field-path.ts';

const OWNERS: readonly { prefix: string; kind: KindKey }[] = [
  { prefix: 'kustomize.toolkit.fluxcd.io', kind: 'Kustomization.kustomize.toolkit.fluxcd.io' },
  { prefix: 'helm.toolkit.fluxcd.io', kind: 'HelmRelease.helm.toolkit.fluxcd.io' },
];

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
    if (labels === undefined) return [];
    const found: Reference[] = [];
    for (const { prefix, kind } of OWNERS) {
      const name = textOf(labels[`${prefix}/name`]);
      if (name === '') continue;
      const namespace = textOf(labels[`${prefix}/namespace`]);
      const reference = nameReference(kind, namespace, name, `metadata.labels[${prefix}/name]`);
      if (reference !== undefined) found.push(reference);
    }
    return found;
  },
};
