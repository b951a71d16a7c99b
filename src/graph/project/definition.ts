import type { DefinitionFacts } from '../facts.ts';
import type { Health } from '../types.ts';
import { conditionsOf, isFalse, isTrue } from './conditions.ts';
import { defineKind } from './define-kind.ts';
import { dict, list, number, text, words } from './read.ts';

/** CustomResourceDefinition. Its schemas, by far the most of it, are not read. */
export const definition = defineKind<DefinitionFacts>({
  kind: 'CustomResourceDefinition.apiextensions.k8s.io',
  depth: 'object',
  fields: [
    'spec.group',
    'spec.names.kind',
    'spec.names.plural',
    'spec.scope',
    'spec.versions.name',
    'spec.versions.served',
    'status.storedVersions',
    'status.conditions',
  ],
  project(object, intern) {
    const spec = dict(object['spec']);
    const status = dict(object['status']);
    const names = dict(spec['names']);
    const versions = list(spec['versions']).map(dict);
    return {
      group: text(spec['group']),
      kind: text(names['kind']),
      plural: text(names['plural']),
      namespaced: spec['scope'] !== 'Cluster',
      served: versions.filter((version) => version['served'] === true).map((version) => text(version['name'])),
      stored: words(status['storedVersions']),
      generation: number(dict(object.metadata)['generation']),
      conditions: conditionsOf(status['conditions'], intern),
    };
  },
  health: definitionHealth,
});

function definitionHealth({ conditions }: DefinitionFacts): Health {
  if (isTrue(conditions, 'Terminating')) return 'progressing';
  if (isFalse(conditions, 'Established')) return 'failed';
  return isFalse(conditions, 'NamesAccepted') ? 'warning' : 'ok';
}
