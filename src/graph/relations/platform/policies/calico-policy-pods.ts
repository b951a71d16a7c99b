/** What Calico's policies apply to: selectors are expressions, of which those that are a plain "and" are followed. */
import type { Reference, Relation } from '../../../types.ts';
import { namespaceOf } from '../../define.ts';
import { fieldPath, isRecord, textOf } from '../../field-path.ts';
import { parseExpression } from './calico-expression.ts';

const SPEC = fieldPath('spec');

export const calicoPolicyPods: Relation = {
  id: 'calico-policy-pods',
  rows: [50],
  verb: 'applies to',
  sources: [
    'NetworkPolicy.crd.projectcalico.org',
    'GlobalNetworkPolicy.crd.projectcalico.org',
    'NetworkPolicy.projectcalico.org',
    'GlobalNetworkPolicy.projectcalico.org',
  ],
  class: 'uses',
  strength: 'informational',
  fields: ['spec.selector', 'spec.namespaceSelector'],
  references(object) {
    const found: Reference[] = [];
    SPEC.each(object, (spec, where) => {
      if (!isRecord(spec)) return;
      const selector = parseExpression(textOf(spec['selector']));
      const namespaceSelector = parseExpression(textOf(spec['namespaceSelector']));
      if (selector === undefined || namespaceSelector === undefined) return;
      const own = namespaceOf(object);
      const path = `${where}.selector`;
      if (own !== '') found.push({ by: 'selector', kind: 'Pod', namespace: own, selector, path });
      else found.push({ by: 'selector', kind: 'Pod', namespace: undefined, namespaceSelector, selector, path });
    });
    return found;
  },
};
