/** CustomResourceDefinition -> what its objects say of others. */
import type { KubeObject } from '../../../kernel/vocabulary.ts';
import { kindKeyOf } from '../../kind-key.ts';
import { isRecord, textOf } from '../field-path.ts';
import { ruleOf } from './recognise.ts';
import type { SchemaFacts, SchemaRule } from './types.ts';
import { type SchemaRecord, walkSchema } from './walk-schema.ts';

/** Of one kind. Those that embed a whole pod have about 60. */
const MAX_RULES = 200;
const MAX_VERSIONS = 20;

/** What the definition says of its kind, over all served versions. undefined where it is none. Never throws. */
export function schemaFactsOf(crd: KubeObject): SchemaFacts | undefined {
  const spec = crd['spec'];
  if (!isRecord(spec)) return undefined;
  const names = isRecord(spec['names']) ? spec['names'] : {};
  const kind = textOf(names['kind']);
  const group = textOf(spec['group']);
  if (kind === '' || group === '') return undefined;
  const rules = new Map<string, SchemaRule>();
  let status = false;
  for (const root of schemasOf(spec)) {
    walkSchema(root, (schema, name, at) => {
      if (at === 'metadata') return false;
      if (at === 'status.conditions' || at === 'status.phase') status = true;
      // What a status names is what was found, mostly the same again.
      if (at === 'status' || at.startsWith('status.')) return at === 'status';
      const rule = ruleOf(schema, name, at);
      if (rule === undefined) return true;
      if (rules.size < MAX_RULES && !rules.has(at)) rules.set(at, rule);
      return false;
    });
  }
  return { kind: kindKeyOf(group, kind), namespaced: spec['scope'] !== 'Cluster', rules: [...rules.values()], status };
}

export function referenceRulesOf(crd: KubeObject): readonly SchemaRule[] {
  return schemaFactsOf(crd)?.rules ?? [];
}

function schemasOf(spec: SchemaRecord): unknown[] {
  const versions = Array.isArray(spec['versions']) ? spec['versions'].slice(0, MAX_VERSIONS) : [];
  return versions.flatMap((version) => {
    if (!isRecord(version) || version['served'] === false || !isRecord(version['schema'])) return [];
    return [version['schema']['openAPIV3Schema']];
  });
}
