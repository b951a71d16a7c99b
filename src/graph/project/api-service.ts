import type { ApiServiceFacts } from '../facts.ts';
import { conditionsOf, isFalse } from './conditions.ts';
import { defineKind } from './define-kind.ts';
import { dict, text } from './read.ts';
import { serviceReference } from './service-reference.ts';

export const apiService = defineKind<ApiServiceFacts>({
  kind: 'APIService.apiregistration.k8s.io',
  depth: 'object',
  fields: ['spec.group', 'spec.version', 'spec.service', 'status.conditions'],
  project(object, intern) {
    const spec = dict(object['spec']);
    return {
      group: text(spec['group']),
      version: text(spec['version']),
      service: serviceReference(spec['service']),
      conditions: conditionsOf(dict(object['status'])['conditions'], intern),
    };
  },
  health: ({ conditions }) => (isFalse(conditions, 'Available') ? 'failed' : 'ok'),
});
