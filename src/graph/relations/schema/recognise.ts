/** Which fields of a schema name other objects: by the names that the API's conventions and its own kinds gave them. */
import { kindKeyOf } from '../../kind-key.ts';
import type { KindKey } from '../../types.ts';
import { isRecord, textOf } from '../field-path.ts';
import type { SchemaRule } from './types.ts';
import type { SchemaRecord } from './walk-schema.ts';

/** Fields that hold the name of an object of this kind. */
const NAMES: ReadonlyMap<string, KindKey> = new Map([
  ['secretName', 'Secret'],
  ['configMapName', 'ConfigMap'],
  ['serviceName', 'Service'],
  ['serviceAccountName', 'ServiceAccount'],
  ['claimName', 'PersistentVolumeClaim'],
  ['storageClassName', 'StorageClass.storage.k8s.io'],
  ['priorityClassName', 'PriorityClass.scheduling.k8s.io'],
  ['runtimeClassName', 'RuntimeClass.node.k8s.io'],
  ['ingressClassName', 'IngressClass.networking.k8s.io'],
]);

/** Records that hold a name, known by how their own name ends. */
const RECORDS: readonly { end: RegExp; kind: KindKey }[] = [
  { end: /^secret(?:Key)?(?:Ref|Reference|Selector)$|Secret(?:Key)?(?:Ref|Reference|Selector)$/, kind: 'Secret' },
  {
    end: /^configMap(?:Key)?(?:Ref|Reference|Selector)$|ConfigMap(?:Key)?(?:Ref|Reference|Selector)$/,
    kind: 'ConfigMap',
  },
  { end: /^serviceAccountRef(?:erence)?$|ServiceAccountRef(?:erence)?$/, kind: 'ServiceAccount' },
  { end: /^serviceRef(?:erence)?$|ServiceRef(?:erence)?$/, kind: 'Service' },
];
const REFERENCE = /(?:^ref|Ref|Refs|Reference|References)$/;
const SELECTORS: ReadonlySet<string> = new Set(['podSelector', 'selector', 'podLabelSelector']);

/** `name`: of the field; in lists, of the list. */
export function ruleOf(schema: SchemaRecord, name: string, at: string): SchemaRule | undefined {
  if (schema['type'] === 'string') {
    const kind = NAMES.get(name);
    return kind === undefined || at.endsWith('[]') ? undefined : { at, type: 'name', kind };
  }
  const { properties } = schema;
  if (!isRecord(properties)) return undefined;
  return namingRule(properties, name, at) ?? selectingRule(properties, name, at);
}

function namingRule(properties: SchemaRecord, name: string, at: string): SchemaRule | undefined {
  if (name === 'persistentVolumeClaim' && isText(properties['claimName'])) {
    return { at, type: 'record', key: 'claimName', kind: 'PersistentVolumeClaim' };
  }
  if (name === 'secret' && isText(properties['secretName'])) {
    return { at, type: 'record', key: 'secretName', kind: 'Secret' };
  }
  if (name === 'configMap' && isText(properties['name']) && isRecord(properties['items'])) {
    return { at, type: 'record', key: 'name', kind: 'ConfigMap' };
  }
  if (!isText(properties['name'])) return undefined;
  // Plural and singular end alike here.
  const singular = name.replace(/s$/, '');
  const known = RECORDS.find(({ end }) => end.test(singular))?.kind;
  if (isText(properties['kind'])) return REFERENCE.test(name) ? typedRule(properties, at, known) : undefined;
  return known === undefined ? undefined : { at, type: 'record', key: 'name', kind: known };
}

/** A kind alone says nothing: without a group one is followed that the field is called after, or that the schema fixes to a built-in kind. */
function typedRule(properties: SchemaRecord, at: string, known: KindKey | undefined): SchemaRule | undefined {
  const says = ['group', 'apiGroup', 'apiVersion'].some((field) => isText(properties[field]));
  if (says) return { at, type: 'typed' };
  if (known !== undefined) return { at, type: 'record', key: 'name', kind: known };
  const kind = properties['kind'];
  const only =
    isRecord(kind) && Array.isArray(kind['enum']) && kind['enum'].length === 1 ? textOf(kind['enum'][0]) : '';
  return CORE.has(only) ? { at, type: 'record', key: 'name', kind: kindKeyOf('', only) } : undefined;
}

const CORE: ReadonlySet<string> = new Set([
  'Secret',
  'ConfigMap',
  'Service',
  'ServiceAccount',
  'PersistentVolumeClaim',
]);

/** Selectors that are one by their form: `{matchLabels, matchExpressions}`. What `selector` selects is said by nobody: pods, as everywhere. */
function selectingRule(properties: SchemaRecord, name: string, at: string): SchemaRule | undefined {
  if (!SELECTORS.has(name) || !isRecord(properties['matchLabels'])) return undefined;
  // Of volumes (claims' selectors), of peers, of topology: not pods of this object.
  if (/(?:^|\.)(?:volumeClaim|claim|pvc|volume|storage|affinity|peers?|topology)/i.test(at)) return undefined;
  return { at, type: 'selector' };
}

function isText(schema: unknown): boolean {
  return isRecord(schema) && schema['type'] === 'string';
}
