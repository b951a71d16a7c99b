import type { ClassFacts } from '../facts.ts';
import { defineKind } from './define-kind.ts';
import { dict, text } from './read.ts';

export const ingressClass = defineKind<ClassFacts>({
  kind: 'IngressClass.networking.k8s.io',
  depth: 'object',
  fields: ['spec.controller'],
  project(object) {
    const annotations = dict(dict(object.metadata)['annotations']);
    return {
      controller: text(dict(object['spec'])['controller']),
      isDefault: annotations['ingressclass.kubernetes.io/is-default-class'] === 'true',
    };
  },
  health: () => 'ok',
});
