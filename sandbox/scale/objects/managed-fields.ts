/** `managedFields` of generated objects: the fields that they have, given to those who would have set them. */
import type { ManagedFieldsEntry } from '../../types.ts';

type Json = Readonly<Record<string, unknown>>;

/** What makes the items of a list what they are; lists that are not here are set as a whole. */
const ITEM_KEYS: Readonly<Record<string, readonly string[]>> = {
  addresses: ['type'],
  conditions: ['type'],
  containers: ['name'],
  env: ['name'],
  imagePullSecrets: ['name'],
  initContainers: ['name'],
  ownerReferences: ['uid'],
  podIPs: ['ip'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  volumeMounts: ['mountPath'],
  volumes: ['name'],
};

/** Members that are set as a whole. */
const WHOLE = new Set([
  'selector',
  'nodeSelector',
  'matchLabels',
  'fieldRef',
  'configMapKeyRef',
  'secretKeyRef',
  'securityContext',
  'roleRef',
  'scaleTargetRef',
  'involvedObject',
  'podSelector',
  'claimRef',
]);
/** An item of these is owned, its members are not. */
const ITEMS_ALONE = new Set(['ownerReferences']);
/** Structs whose own presence nobody owns. */
const PLAIN = new Set([
  'metadata',
  'spec',
  'status',
  'template',
  'strategy',
  'updateStrategy',
  'source',
  'jobTemplate',
]);

/** The fields of `value` in the form of `fieldsV1`, sorted as the real server has them. */
export function fieldsV1(value: Json, named = 'metadata'): Record<string, unknown> {
  const fields: Record<string, unknown> = PLAIN.has(named) ? {} : { '.': {} };
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    if (member === undefined) continue;
    fields[`f:${name}`] = fieldsOf(name, member);
  }
  return fields;
}

function fieldsOf(name: string, value: unknown): Record<string, unknown> {
  if (WHOLE.has(name)) return {};
  if (Array.isArray(value)) return itemsOf(name, value);
  if (!isObject(value) || Object.keys(value).length === 0) return {};
  return fieldsV1(value, name);
}

function itemsOf(name: string, items: readonly unknown[]): Record<string, unknown> {
  const keys = name === 'ports' ? portKeys(items) : ITEM_KEYS[name];
  if (keys === undefined) return {};
  const fields: Record<string, unknown> = { '.': {} };
  for (const item of items) {
    if (!isObject(item)) continue;
    const key = JSON.stringify(Object.fromEntries(keys.map((each) => [each, item[each]])));
    fields[`k:${key}`] = ITEMS_ALONE.has(name) ? {} : fieldsV1(item, 'item');
  }
  return fields;
}

/** Of containers and of Services; those of EndpointSlices are set as a whole. */
function portKeys(items: readonly unknown[]): readonly string[] | undefined {
  const [first] = items;
  if (!isObject(first)) return undefined;
  return 'containerPort' in first
    ? ['containerPort', 'protocol']
    : 'targetPort' in first
      ? ['port', 'protocol']
      : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Fields that were worked out lately; those of a release are asked for again with each of its pods and numbers. */
const remembered = new Map<object, Map<string, Record<string, unknown>>>();
const MOST_REMEMBERED = 1_000;

/** The fields of the spec of what is made for `of` (a release), by `use`; `spec` has the same each time. */
export function specFields(of: object, use: string, spec: Json): Record<string, unknown> {
  let uses = remembered.get(of);
  if (uses === undefined) {
    uses = new Map();
    remembered.set(of, uses);
    for (const [oldest] of remembered) {
      if (remembered.size <= MOST_REMEMBERED) break;
      remembered.delete(oldest);
    }
  }
  let fields = uses.get(use);
  if (fields === undefined) {
    fields = fieldsV1(spec, 'spec');
    uses.set(use, fields);
  }
  return fields;
}

/** `parts`: the top-level members that the manager set, as far as it set them; `spec`: the fields of one more. */
export function managed(
  manager: string,
  apiVersion: string,
  time: string,
  parts: Json,
  subresource?: string,
  spec?: Record<string, unknown>,
): ManagedFieldsEntry {
  return {
    manager,
    operation: 'Update',
    apiVersion,
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: spec === undefined ? fieldsV1(parts) : { ...fieldsV1(parts), 'f:spec': spec },
    ...(subresource === undefined ? {} : { subresource }),
  };
}
