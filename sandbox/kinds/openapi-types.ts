/** Types as OpenAPI shows them: which ones a document needs, and in which words. */
import type { ResourceInfo, ServedVersion } from '../types.ts';
import { builtinType, builtinTypeNames } from './builtin-data.ts';
import { DESCRIPTIONS } from './descriptions.ts';
import type { GroupVersionKind } from './openapi-operations.ts';
import type { Schema } from './schema.ts';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
export const DELETE_OPTIONS = `${META}.DeleteOptions`;
export const STATUS = `${META}.Status`;
export const PATCH = `${META}.Patch`;
const WATCH_EVENT = `${META}.WatchEvent`;

const keyOf = ({ group, version, kind }: GroupVersionKind) => `${group}/${version}/${kind}`;
let typesByKind: Map<string, string> | undefined;

/** The name of the built-in type of a kind. */
export function typeOfKind(kind: GroupVersionKind): string | undefined {
  typesByKind ??= new Map(
    [...builtinTypeNames()].flatMap((name) =>
      (builtinType(name)?.['x-kubernetes-group-version-kind'] ?? []).map((own): [string, string] => [keyOf(own), name]),
    ),
  );
  return typesByKind.get(keyOf(kind));
}

/** `com.example.stable.v1.CronTab`: how the type of a custom kind is named. */
export const customTypeName = ({ group, version, kind }: GroupVersionKind) =>
  [...group.split('.').reverse(), version, kind].join('.');

/** A custom kind's own schema with what every object has, and that of its list. */
export function customTypes(resource: ResourceInfo, { version, schema }: ServedVersion): [string, Schema][] {
  const { group, kind, listKind } = resource;
  const name = customTypeName({ group, version, kind });
  const head = {
    apiVersion: { type: 'string', description: DESCRIPTIONS['TypeMeta.apiVersion'] ?? '' },
    kind: { type: 'string', description: DESCRIPTIONS['TypeMeta.kind'] ?? '' },
  } as const;
  const metadata = { description: DESCRIPTIONS['ListMeta'] ?? '', $ref: `${META}.ListMeta` };
  const object: Schema = {
    type: 'object',
    ...schema,
    properties: { ...schema?.properties, ...head, metadata: { $ref: `${META}.ObjectMeta` } },
    'x-kubernetes-group-version-kind': [{ group, version, kind }],
  };
  const list: Schema = {
    description: `${listKind} is a list of ${kind}`,
    type: 'object',
    required: ['items'],
    properties: { ...head, items: { type: 'array', items: { $ref: name } }, metadata },
    'x-kubernetes-group-version-kind': [{ group, version, kind: listKind }],
  };
  return [
    [name, object],
    [customTypeName({ group, version, kind: listKind }), list],
  ];
}

/** All names reachable from `roots`, sorted; `own` are types that are not built in. */
export function reachable(roots: Iterable<string>, own: ReadonlyMap<string, Schema>): string[] {
  const found = new Set<string>();
  const waiting = [...roots];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const schema = own.get(name) ?? builtinType(name);
    if (found.has(name) || schema === undefined) continue;
    found.add(name);
    collect(schema, waiting);
  }
  return [...found].sort();
}

function collect(node: unknown, into: string[]): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === '$ref' && typeof value === 'string') into.push(value);
    else collect(value, into);
  }
}

/** Kinds that every group has of its own; here the core one's and that of the document. */
function sharedKinds(name: string, groups: readonly { group: string; version: string }[]): Schema {
  if (name !== DELETE_OPTIONS && name !== WATCH_EVENT) return {};
  const kind = name === DELETE_OPTIONS ? 'DeleteOptions' : 'WatchEvent';
  return { 'x-kubernetes-group-version-kind': groups.map((each) => ({ ...each, kind })) };
}

/** A type in OpenAPI 3 or 2, with our descriptions where it has none. */
export function renderType(
  name: string,
  schema: Schema,
  form: 'v3' | 'v2',
  groups: readonly { group: string; version: string }[],
): object {
  const short = shortName(name);
  const own = DESCRIPTIONS[short];
  const described = schema.description === undefined && own !== undefined ? { description: own, ...schema } : schema;
  return render({ ...described, ...sharedKinds(name, groups) }, form, short);
}

/** `PodSpec` of `io.k8s.api.core.v1.PodSpec`: what descriptions are found by. */
const shortName = (name: string) => name.slice(name.lastIndexOf('.') + 1);

/** Keys that OpenAPI 2 does not know. */
const V3_ONLY = new Set(['oneOf', 'anyOf', 'not', 'nullable']);

function render(schema: Schema, form: 'v3' | 'v2', owner: string): object {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (form === 'v2' && V3_ONLY.has(key)) continue;
    // Ours, not the server's: the format says it.
    if (key === 'x-kubernetes-int-or-string' && schema.format === 'int-or-string') continue;
    result[key] = RENDERED.has(key) ? renderPart(key, value, form, owner) : value;
  }
  if (form === 'v2' && schema.type === undefined && (schema.oneOf !== undefined || schema.format === 'int-or-string')) {
    result['type'] = 'string';
  }
  const { $ref, ...beside } = result;
  if ($ref === undefined || Object.keys(beside).length === 0 || form === 'v2') return result;
  return { ...beside, allOf: [{ $ref }] };
}

const RENDERED = new Set(['$ref', 'properties', 'items', 'additionalProperties', 'allOf', 'anyOf', 'oneOf', 'not']);

function renderPart(key: string, value: unknown, form: 'v3' | 'v2', owner: string): unknown {
  if (key === '$ref') return `${form === 'v3' ? '#/components/schemas/' : '#/definitions/'}${value}`;
  if (key === 'properties') return renderProperties(value as Record<string, Schema>, form, owner);
  if (Array.isArray(value)) return value.map((each: Schema) => render(each, form, ''));
  return typeof value === 'object' && value !== null ? render(value, form, '') : value;
}

function renderProperties(properties: Readonly<Record<string, Schema>>, form: 'v3' | 'v2', owner: string): object {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const words = property.description === undefined ? describe(owner, name, property) : undefined;
      return [name, render(words === undefined ? property : { description: words, ...property }, form, '')];
    }),
  );
}

function describe(owner: string, field: string, { $ref }: Schema): string | undefined {
  if (owner === '') return undefined;
  const own = DESCRIPTIONS[`${owner}.${field}`] ?? DESCRIPTIONS[`*.${field}`];
  return own ?? ($ref === undefined ? undefined : DESCRIPTIONS[shortName($ref)]);
}
