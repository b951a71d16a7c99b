import type { StorageClassFacts } from '../facts.ts';
import { defineKind } from './define-kind.ts';
import { dict, text } from './read.ts';

const DEFAULT_ANNOTATIONS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

export const storageClass = defineKind<StorageClassFacts>({
  kind: 'StorageClass.storage.k8s.io',
  depth: 'object',
  fields: ['provisioner', 'volumeBindingMode', 'reclaimPolicy', 'allowVolumeExpansion'],
  project(object) {
    const annotations = dict(dict(object.metadata)['annotations']);
    return {
      provisioner: text(object['provisioner']),
      isDefault: DEFAULT_ANNOTATIONS.some((annotation) => annotations[annotation] === 'true'),
      binding: text(object['volumeBindingMode']) || 'Immediate',
      reclaim: text(object['reclaimPolicy']) || 'Delete',
      expandable: object['allowVolumeExpansion'] === true,
    };
  },
  health: () => 'ok',
});
