/** NamespaceLifecycle: nothing is created where no namespace is, or where one is going; some namespaces never go. */
import { forbidden, notFound } from '../../api/failure.ts';
import { withCauses } from '../failures.ts';
import { textAt } from '../json.ts';
import { stored } from '../parts.ts';
import type { Plugin } from './types.ts';

const IMMORTAL = new Set(['default', 'kube-system', 'kube-public']);
const NAMESPACES = { plural: 'namespaces', group: '' };

export const namespaceLifecycle: Plugin = {
  mutate({ operation, resource, namespace, name }, parts) {
    if (namespace === '' || resource.id === 'namespaces' || !resource.namespaced) return;
    const found = stored(parts, 'namespaces', '', namespace);
    if (found === undefined) throw notFound(NAMESPACES, namespace);
    if (operation !== 'create' || textAt(found, 'status', 'phase') !== 'Terminating') return;
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    throw withCauses(forbidden(resource, name, why), {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    });
  },
  validate({ operation, resource, name }) {
    if (operation === 'delete' && resource.id === 'namespaces' && IMMORTAL.has(name)) {
      throw forbidden(NAMESPACES, name, 'this namespace may not be deleted');
    }
    return undefined;
  },
};
