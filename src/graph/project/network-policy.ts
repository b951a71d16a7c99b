import type { NetworkPolicyFacts } from '../facts.ts';
import { defineKind } from './define-kind.ts';
import { namesOf } from './names.ts';
import { dict, list } from './read.ts';

export const networkPolicy = defineKind<NetworkPolicyFacts>({
  kind: 'NetworkPolicy.networking.k8s.io',
  depth: 'object',
  fields: ['spec.podSelector', 'spec.policyTypes', 'spec.ingress', 'spec.egress'],
  project(object, intern) {
    const spec = dict(object['spec']);
    const { matchLabels, matchExpressions } = dict(spec['podSelector']);
    return {
      types: namesOf(spec['policyTypes'], intern),
      selectsAll: Object.keys(dict(matchLabels)).length === 0 && list(matchExpressions).length === 0,
      ingressRules: list(spec['ingress']).length,
      egressRules: list(spec['egress']).length,
    };
  },
  health: () => 'ok',
});
