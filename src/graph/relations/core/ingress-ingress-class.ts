import { CLASS_ANNOTATION } from '../../project/ingress.ts';
import { dict, word } from '../../project/read.ts';
import type { Relation } from '../../types.ts';

export const ingressIngressClass: Relation = {
  id: 'ingress-ingress-class',
  rows: [12],
  verb: 'is served by',
  sources: ['Ingress.networking.k8s.io'],
  class: 'connects',
  strength: 'hard',
  fields: ['spec.ingressClassName'],
  references(object) {
    const name = word(dict(object['spec'])['ingressClassName']);
    const target = { by: 'name', kind: 'IngressClass.networking.k8s.io', namespace: '' } as const;
    if (name !== '') return [{ ...target, name, path: 'spec.ingressClassName' }];
    // Controllers honour the old annotation without any IngressClass object.
    const old = word(dict(dict(object.metadata)['annotations'])[CLASS_ANNOTATION]);
    const path = `metadata.annotations[${CLASS_ANNOTATION}]`;
    return [{ ...target, name: old, path, optional: true, strength: 'soft' }];
  },
};
