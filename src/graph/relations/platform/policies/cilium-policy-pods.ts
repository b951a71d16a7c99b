/** What Cilium's policies apply to. Their labels say where they come from (`k8s:app`), and a pod's namespace is a label as well. */
import type { KubeObject } from '../../../../kernel/vocabulary.ts';
import type { Reference, Relation, Requirement } from '../../../types.ts';
import { fieldsOf, namespaceOf } from '../../define.ts';
import { fieldPath } from '../../field-path.ts';
import { selectorOf } from '../../selectors.ts';

const ENDPOINTS = ['spec.endpointSelector', 'specs[].endpointSelector'].map(fieldPath);
const NODES = ['spec.nodeSelector', 'specs[].nodeSelector'].map(fieldPath);
const NAMESPACE = 'io.kubernetes.pod.namespace';

export const ciliumPolicyPods: Relation = {
  id: 'cilium-policy-pods',
  rows: [50],
  verb: 'applies to',
  sources: ['CiliumNetworkPolicy.cilium.io', 'CiliumClusterwideNetworkPolicy.cilium.io'],
  class: 'uses',
  strength: 'informational',
  fields: fieldsOf([...ENDPOINTS, ...NODES]),
  references(object) {
    const found: Reference[] = [];
    for (const path of ENDPOINTS) {
      path.each(object, (value, where) => {
        const reference = podsOf(object, selectorOf(value)?.map(plain), where);
        if (reference !== undefined) found.push(reference);
      });
    }
    for (const path of NODES) {
      path.each(object, (value, where) => {
        const selector = selectorOf(value)?.map(plain);
        if (selector === undefined || !selector.every(isKubernetes)) return;
        found.push({ by: 'selector', kind: 'Node', namespace: '', selector, path: where });
      });
    }
    return found;
  },
};

function podsOf(object: KubeObject, selector: readonly Requirement[] | undefined, path: string): Reference | undefined {
  if (selector === undefined || !selector.every(isKubernetes)) return undefined;
  const own = namespaceOf(object);
  const places = selector.filter(({ key }) => key === NAMESPACE);
  const rest = selector.filter(({ key }) => key !== NAMESPACE);
  if (own !== '') return { by: 'selector', kind: 'Pod', namespace: own, selector: rest, path };
  // Namespaces have their own name as a label.
  const namespaceSelector = places.map((place): Requirement => ({ ...place, key: 'kubernetes.io/metadata.name' }));
  return { by: 'selector', kind: 'Pod', namespace: undefined, namespaceSelector, selector: rest, path };
}

function plain(requirement: Requirement): Requirement {
  return { ...requirement, key: requirement.key.replace(/^(?:k8s|any)[:.]/, '') };
}

/** `reserved:host`, `cidr:…`, labels of namespaces: none of a pod's. */
function isKubernetes({ key }: Requirement): boolean {
  return !key.includes(':') && !key.startsWith('reserved.') && !key.startsWith('io.cilium.');
}
