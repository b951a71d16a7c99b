/** Most relations are fields that name something: they are written as tables of such fields. */
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { groupOf, kindKeyOf } from '../kind-key.ts';
import type { KindKey, Reference, Relation, Strength } from '../types.ts';
import { isClusterKind } from './cluster-kinds.ts';
import { type FieldPath, fieldPath, isRecord, textOf } from './field-path.ts';
import { labelsOf, selectorOf } from './selectors.ts';

/** A field that names one object: its value is the name, or a record that holds it. */
export interface NameRule {
  at: string;
  /** A record: what it is where the field does not say kind and group itself; `only`: kinds that are followed. */
  to: KindKey | { kind: string; group: string; only?: readonly KindKey[] };
  /** Where the name stands in the record. */
  key?: string;
  /** The record's own `namespace` counts. */
  across?: true;
  optional?: true;
  strength?: Strength;
}

/** A field that selects by labels. */
export interface SelectRule {
  at: string;
  select: KindKey;
  /** `labels`: a plain map, of which an empty one selects nothing. */
  form: 'labels' | 'selector';
  /** `any`: in all namespaces. */
  within: 'own' | 'any';
  strength?: Strength;
}

export type Head = Omit<Relation, 'fields' | 'references'>;

export function namespaceOf(object: KubeObject): string {
  return textOf(object.metadata?.namespace);
}

/** The name of a namespace that a field may leave out. */
export function nameReference(
  kind: KindKey,
  namespace: string,
  name: string,
  path: string,
  more: { optional?: boolean | undefined; strength?: Strength | undefined } = {},
): Reference | undefined {
  const cluster = isClusterKind(kind);
  if (name === '' || (namespace === '' && !cluster)) return undefined;
  return {
    by: 'name',
    kind,
    namespace: cluster ? '' : namespace,
    name,
    path,
    ...(more.optional === undefined ? {} : { optional: more.optional }),
    ...(more.strength === undefined ? {} : { strength: more.strength }),
  };
}

export function defineRelation(head: Head, rules: readonly (NameRule | SelectRule)[]): Relation {
  const read = rules.map((rule) => ({ rule, path: fieldPath(rule.at) }));
  return {
    ...head,
    fields: fieldsOf(read.map(({ path }) => path)),
    references(object) {
      const found: Reference[] = [];
      for (const { rule, path } of read) {
        path.each(object, (value, where) => {
          const reference = 'select' in rule ? selected(object, rule, value, where) : named(object, rule, value, where);
          if (reference !== undefined) found.push(reference);
        });
      }
      return found;
    },
  };
}

/** What a wire must bring; metadata is always there. */
export function fieldsOf(paths: readonly FieldPath[]): readonly string[] {
  return [...new Set(paths.flatMap(({ field, labels }) => [field, ...labels]))].filter(
    (field) => !field.startsWith('metadata'),
  );
}

export function named(object: KubeObject, rule: NameRule, value: unknown, where: string): Reference | undefined {
  const { to, key = 'name', across } = rule;
  if (typeof value === 'string') {
    return typeof to === 'string' ? nameReference(to, namespaceOf(object), value, where, rule) : undefined;
  }
  if (!isRecord(value)) return undefined;
  const kind = typeof to === 'string' ? to : kindNamed(value, to);
  if (kind === undefined) return undefined;
  const namespace = across === true ? textOf(value['namespace']) : '';
  return nameReference(kind, namespace || namespaceOf(object), textOf(value[key]), `${where}.${key}`, {
    optional: value['optional'] === true ? true : rule.optional,
    strength: rule.strength,
  });
}

/** Kind and group as references spell them: `group`, `apiGroup` or `apiVersion`, each with a default. */
function kindNamed(
  value: Readonly<Record<string, unknown>>,
  to: { kind: string; group: string; only?: readonly KindKey[] },
): KindKey | undefined {
  const group = value['group'] ?? value['apiGroup'];
  const version = value['apiVersion'];
  const said = typeof group === 'string' ? group : typeof version === 'string' ? groupOf(version) : to.group;
  const word = textOf(value['kind']) || to.kind;
  if (word === '') return undefined;
  const kind = kindKeyOf(said, word);
  return to.only === undefined || to.only.includes(kind) ? kind : undefined;
}

function selected(object: KubeObject, rule: SelectRule, value: unknown, path: string): Reference | undefined {
  const selector = rule.form === 'labels' ? labelsOf(value) : selectorOf(value);
  const namespace = rule.within === 'any' ? undefined : namespaceOf(object);
  if (selector === undefined || namespace === '') return undefined;
  return {
    by: 'selector',
    kind: rule.select,
    namespace,
    selector,
    path,
    ...(rule.strength === undefined ? {} : { strength: rule.strength }),
  };
}
