/** The relation of one custom kind, from what its definition says. */
import { groupOf, kindKeyOf } from '../../kind-key.ts';
import type { KindKey, Reference, Relation } from '../../types.ts';
import { nameReference, namespaceOf } from '../define.ts';
import { fieldPath, isRecord, textOf } from '../field-path.ts';
import { PLATFORM_RELATIONS } from '../platform/index.ts';
import { selectorOf } from '../selectors.ts';
import type { SchemaFacts, SchemaRule } from './types.ts';

/** Longer than any name of the API. */
const MAX_NAME = 253;

/** undefined where there is nothing that `written` (relations written by hand) does not say already. */
export function schemaRelation(
  facts: Pick<SchemaFacts, 'kind' | 'rules'>,
  written: readonly Relation[] = PLATFORM_RELATIONS,
): Relation | undefined {
  const known = written.filter(({ sources }) => sources !== 'any' && sources.includes(facts.kind));
  const taken = known.flatMap(({ fields }) => fields);
  const rules = facts.rules
    .map((rule) => ({ rule, path: fieldPath(rule.at) }))
    .filter(({ path }) => !taken.some((field) => overlap(field, path.field)));
  if (rules.length === 0) return undefined;
  return {
    id: `schema:${facts.kind}`,
    rows: [59],
    verb: 'refers to',
    sources: [facts.kind],
    class: 'uses',
    strength: 'soft',
    fields: [...new Set(rules.map(({ path }) => path.field))],
    references(object) {
      const found: Reference[] = [];
      const own = namespaceOf(object);
      for (const { rule, path } of rules) {
        path.each(object, (value, where) => {
          const reference = referenceOf(rule, value, where, own);
          if (reference !== undefined) found.push(reference);
        });
      }
      return found;
    },
  };
}

function overlap(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

function referenceOf(rule: SchemaRule, value: unknown, where: string, own: string): Reference | undefined {
  if (rule.type === 'name') return sane(nameReference(rule.kind, own, textOf(value), where));
  if (!isRecord(value)) return undefined;
  if (rule.type === 'selector') {
    const selector = selectorOf(value);
    // An empty selector may mean all, or none: it differs from kind to kind.
    if (selector === undefined || selector.length === 0 || own === '') return undefined;
    return { by: 'selector', kind: 'Pod', namespace: own, selector, path: where };
  }
  const namespace = textOf(value['namespace']) || own;
  const optional = value['optional'] === true ? true : undefined;
  if (rule.type === 'record') {
    if ((textOf(value['kind']) || rule.kind) !== rule.kind) return undefined;
    return sane(nameReference(rule.kind, namespace, textOf(value[rule.key]), `${where}.${rule.key}`, { optional }));
  }
  const kind = kindNamed(value);
  const name = textOf(value['name']);
  if (kind === undefined || name === '') return undefined;
  // Of a kind that may live in no namespace: whoever knows discovery puts it right.
  return sane({ by: 'name', kind, namespace, name, path: `${where}.name` });
}

/** Group and kind as the reference says them. A core kind is told by an apiVersion, or by an empty group. */
function kindNamed(value: Readonly<Record<string, unknown>>): KindKey | undefined {
  const kind = textOf(value['kind']);
  const group = value['group'] ?? value['apiGroup'];
  const version = value['apiVersion'];
  if (!/^[A-Z][A-Za-z0-9]{0,62}$/.test(kind)) return undefined;
  if (typeof group === 'string') return kindKeyOf(group, kind);
  return typeof version === 'string' && version !== '' ? kindKeyOf(groupOf(version), kind) : undefined;
}

function sane(reference: Reference | undefined): Reference | undefined {
  return reference?.by === 'name' && reference.name.length > MAX_NAME ? undefined : reference;
}
