/** What the policies of a cluster's administrators apply to: pods by their labels, in namespaces by theirs. */
import type { Reference, Relation } from '../../../types.ts';
import { fieldsOf } from '../../define.ts';
import { fieldPath, isRecord } from '../../field-path.ts';
import { selectorOf } from '../../selectors.ts';

const NAMESPACES = fieldPath('spec.subject.namespaces');
const PODS = fieldPath('spec.subject.pods');

export const adminPolicyPods: Relation = {
  id: 'admin-policy-pods',
  rows: [50],
  verb: 'applies to',
  sources: ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy'].map(
    (kind) => `${kind}.policy.networking.k8s.io`,
  ),
  class: 'uses',
  strength: 'informational',
  fields: fieldsOf([NAMESPACES, PODS]),
  references(object) {
    const found: Reference[] = [];
    NAMESPACES.each(object, (value, path) => {
      const namespaceSelector = selectorOf(value);
      if (namespaceSelector === undefined) return;
      found.push({ by: 'selector', kind: 'Pod', namespace: undefined, namespaceSelector, selector: [], path });
    });
    PODS.each(object, (value, path) => {
      if (!isRecord(value)) return;
      const namespaceSelector = selectorOf(value['namespaceSelector']);
      const selector = selectorOf(value['podSelector']);
      if (namespaceSelector === undefined || selector === undefined) return;
      found.push({ by: 'selector', kind: 'Pod', namespace: undefined, namespaceSelector, selector, path });
    });
    return found;
  },
};
