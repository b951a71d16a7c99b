/** PersistentVolumeClaimResize: a claim grows only where its class allows that. */
import { forbidden } from '../../api/failure.ts';
import { compareQuantities } from '../../kinds/quantity.ts';
import { textAt } from '../json.ts';
import { stored } from '../parts.ts';
import type { Plugin } from './types.ts';

export const volumeResize: Plugin = {
  validate({ operation, resource, subresource, name, object, old }, parts) {
    if (operation !== 'update' || resource.id !== 'persistentvolumeclaims' || subresource !== '') return undefined;
    const size = textAt(object, 'spec', 'resources', 'requests', 'storage');
    const before = textAt(old, 'spec', 'resources', 'requests', 'storage');
    if (compareQuantities(size, before) <= 0) return undefined;
    if (textAt(old, 'status', 'phase') !== 'Bound') {
      throw forbidden(resource, name, 'Only bound persistent volume claims can be expanded');
    }
    const className = textAt(old, 'spec', 'storageClassName');
    const found = className === '' ? undefined : stored(parts, 'storageclasses.storage.k8s.io', '', className);
    if (found?.['allowVolumeExpansion'] === true) return undefined;
    const why =
      'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';
    throw forbidden(resource, name, why);
  },
};
