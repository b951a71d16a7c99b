/** StorageObjectInUseProtection: volumes, claims and classes of attributes go only when nobody uses them. */
import type { Plugin } from './types.ts';

const FINALIZERS: Readonly<Record<string, string>> = {
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
  persistentvolumes: 'kubernetes.io/pv-protection',
  'volumeattributesclasses.storage.k8s.io': 'kubernetes.io/vac-protection',
};

export const storageInUse: Plugin = {
  mutate({ operation, resource, subresource, object }) {
    const finalizer = FINALIZERS[resource.id];
    if (operation !== 'create' || finalizer === undefined || subresource !== '') return;
    const finalizers = object.metadata.finalizers ?? [];
    if (!finalizers.includes(finalizer)) object.metadata.finalizers = [...finalizers, finalizer];
  },
};
