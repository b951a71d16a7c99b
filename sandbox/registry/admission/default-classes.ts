/** DefaultStorageClass and DefaultIngressClass: what names no class gets the one that is marked as default. */

import type { KubeObject } from '../../types.ts';
import { ensureRecord, textAt, valueAt } from '../json.ts';
import { storedIn } from '../parts.ts';
import type { Plugin } from './types.ts';

const DEFAULT_STORAGE = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];
const DEFAULT_INGRESS = 'ingressclass.kubernetes.io/is-default-class';
const OLD_STORAGE = 'volume.beta.kubernetes.io/storage-class';
const OLD_INGRESS = 'kubernetes.io/ingress.class';

export const defaultClasses: Plugin = {
  mutate({ operation, resource, subresource, object }, parts) {
    if (operation !== 'create' || subresource !== '') return;
    const { annotations = {} } = object.metadata;
    if (resource.id === 'persistentvolumeclaims') {
      const has = valueAt(object, 'spec', 'storageClassName') !== undefined || annotations[OLD_STORAGE] !== undefined;
      const found = has ? undefined : newest(storedIn(parts, 'storageclasses.storage.k8s.io'), DEFAULT_STORAGE);
      if (found !== undefined) ensureRecord(object, 'spec')['storageClassName'] = found.metadata.name;
    } else if (resource.id === 'ingresses.networking.k8s.io') {
      if (valueAt(object, 'spec', 'ingressClassName') !== undefined || annotations[OLD_INGRESS] !== undefined) return;
      const found = newest(storedIn(parts, 'ingressclasses.networking.k8s.io'), [DEFAULT_INGRESS]);
      if (found !== undefined) ensureRecord(object, 'spec')['ingressClassName'] = found.metadata.name;
    }
  },
};

/** The newest of the classes that are marked as default; by name among equals. */
function newest(classes: KubeObject[], marks: readonly string[]): KubeObject | undefined {
  const marked = classes.filter(({ metadata }) => marks.some((key) => metadata.annotations?.[key] === 'true'));
  return marked.sort((a, b) => {
    const [left, right] = [textAt(a, 'metadata', 'creationTimestamp'), textAt(b, 'metadata', 'creationTimestamp')];
    if (left !== right) return left < right ? 1 : -1;
    return a.metadata.name < b.metadata.name ? -1 : 1;
  })[0];
}
