/** A release of Helm that Flux keeps: named as the HelmRelease says, or after it and its target namespace. */
import type { Relation } from '../../../types.ts';
import { namespaceOf } from '../../define.ts';
import { isRecord, textOf } from '../../field-path.ts';
import { releaseName } from '../helm/release-name.ts';

export const fluxHelmRelease: Relation = {
  id: 'flux-helm-release',
  rows: [60, 62],
  verb: 'is kept by',
  sources: ['HelmRelease.helm.toolkit.fluxcd.io'],
  class: 'ownedBy',
  strength: 'ownership',
  inverse: true,
  fields: ['spec.releaseName', 'spec.targetNamespace', 'spec.kubeConfig'],
  references(object) {
    // What is read may bring no spec where none of the fields above is set.
    const spec = isRecord(object['spec']) ? object['spec'] : {};
    const name = textOf(object.metadata?.name);
    // With a kubeconfig of its own it installs into another cluster.
    if (spec['kubeConfig'] !== undefined || name === '') return [];
    const target = textOf(spec['targetNamespace']);
    const said = textOf(spec['releaseName']);
    const release = said || (target === '' ? name : `${target}-${name}`);
    const full = releaseName(target || namespaceOf(object), release);
    const path = said === '' ? 'metadata.name' : 'spec.releaseName';
    return full === '' ? [] : [{ by: 'name', kind: '~HelmRelease', namespace: '', name: full, path }];
  },
};
