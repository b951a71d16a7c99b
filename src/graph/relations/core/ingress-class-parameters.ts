import { kindKeyOf } from '../../kind-key.ts';
import { dict, word } from '../../project/read.ts';
import type { Relation } from '../../types.ts';

export const ingressClassParameters: Relation = {
  id: 'ingress-class-parameters',
  rows: [12],
  verb: 'takes parameters from',
  sources: ['IngressClass.networking.k8s.io'],
  class: 'uses',
  strength: 'hard',
  fields: ['spec.parameters'],
  references(object) {
    const parameters = dict(dict(object['spec'])['parameters']);
    const kind = word(parameters['kind']);
    if (kind === '') return [];
    return [
      {
        by: 'name',
        kind: kindKeyOf(word(parameters['apiGroup']), kind),
        namespace: parameters['scope'] === 'Namespace' ? word(parameters['namespace']) : '',
        name: word(parameters['name']),
        path: 'spec.parameters.name',
      },
    ];
  },
};
