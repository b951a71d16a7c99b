import { word } from '../../project/read.ts';
import type { Relation } from '../../types.ts';

/** Optional: provisioners that are no CSI drivers have no CSIDriver, and drivers work without theirs. `kubernetes.io/*` were built in. */
export const storageClassDriver: Relation = {
  id: 'storage-class-driver',
  rows: [24],
  verb: 'provisions with',
  sources: ['StorageClass.storage.k8s.io'],
  class: 'dependsOn',
  strength: 'hard',
  fields: ['provisioner'],
  references(object) {
    const name = word(object['provisioner']);
    if (name.startsWith('kubernetes.io/')) return [];
    return [{ by: 'name', kind: 'CSIDriver.storage.k8s.io', namespace: '', name, path: 'provisioner', optional: true }];
  },
};
