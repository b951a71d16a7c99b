/** Fields that a kind does not have, found and told as strict decoding does. */
import { type ApiFailure, badRequest } from '../api/failure.ts';
import { resolveSchema } from './resolve.ts';
import type { Schema } from './schema.ts';

const META_FIELDS = new Set(['apiVersion', 'kind', 'metadata']);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Origin = 'builtin' | 'custom';

/** Paths of the fields that the schema does not know, in the order of the object. */
export function unknownFields(object: unknown, schema: Schema | undefined, origin: Origin): string[] {
  const found: string[] = [];
  search(object, schema === undefined ? {} : resolveSchema(schema), { path: '', origin, found });
  return found;
}

interface Search {
  path: string;
  origin: Origin;
  found: string[];
}

/** What every object's metadata may hold. */
const OBJECT_META: Schema = { $ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };

function search(value: unknown, schema: Schema, at: Search): void {
  if (takesAnything(schema, at)) return;
  const { path } = at;
  if (Array.isArray(value)) {
    const items = schema.items === undefined ? {} : resolveSchema(schema.items);
    value.forEach((item, index) => {
      search(item, items, { ...at, path: `${path}[${index}]` });
    });
  } else if (isObject(value)) {
    const embedded = path === '' || schema['x-kubernetes-embedded-resource'] === true;
    for (const [key, field] of Object.entries(value)) {
      const child = path === '' ? key : `${path}.${key}`;
      if (embedded && META_FIELDS.has(key) && at.origin === 'custom') {
        if (key === 'metadata') search(field, resolveSchema(OBJECT_META), { ...at, path: child, origin: 'builtin' });
        continue;
      }
      const known = fieldSchema(schema, key);
      if (known !== undefined) search(field, resolveSchema(known), { ...at, path: child });
      else if (schema['x-kubernetes-preserve-unknown-fields'] !== true) at.found.push(child);
    }
  }
}

function fieldSchema({ properties, additionalProperties }: Schema, key: string): Schema | undefined {
  if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** Raw JSON of built-in kinds has no properties to know; in custom ones only what says so keeps what is unknown. */
function takesAnything(schema: Schema, { origin }: Search): boolean {
  const { properties, additionalProperties, items } = schema;
  if (additionalProperties === true) return true;
  if (properties !== undefined || additionalProperties !== undefined || items !== undefined) return false;
  // Within one that keeps all, only metadata of objects is looked at.
  if (schema['x-kubernetes-embedded-resource'] === true) return false;
  return origin === 'builtin' || schema['x-kubernetes-preserve-unknown-fields'] === true;
}

/**
 * What strict decoding objects to, as it says it: unknown fields and `duplicate field "..."`s. The decoder of built-in kinds
 * tells them in the order of the text; that of custom ones duplicates first, then unknown fields sorted.
 */
export function strictErrors(
  object: unknown,
  schema: Schema | undefined,
  duplicates: readonly string[],
  origin: Origin,
): string[] {
  return [...new Set(allStrictErrors(object, schema, duplicates, origin))].slice(0, MOST);
}

/** The decoder does not keep more. */
const MOST = 100;

function allStrictErrors(
  object: unknown,
  schema: Schema | undefined,
  duplicates: readonly string[],
  origin: Origin,
): string[] {
  const paths = unknownFields(object, schema, origin);
  const unknown = (path: string) => `unknown field "${path}"`;
  if (origin === 'custom') return [...duplicates, ...paths.sort().map(unknown)];
  // They are found in the order of the text.
  if (duplicates.length === 0) return paths.map(unknown);
  const nowhere = new Set(paths);
  const doubled = duplicates
    .map((text) => /^duplicate field "(.*)"$/s.exec(text)?.[1] ?? '')
    // Of an unknown field nobody knows that it stands twice.
    .filter((path) => !nowhere.has(path));
  const order = new Map<string, number>();
  number(object, '', order);
  const place = (path: string, end: boolean) => (end ? (order.get(`${path}\n`) ?? 0) : (order.get(path) ?? 0));
  return [
    ...paths.map((path) => ({ at: place(path, false), text: unknown(path) })),
    ...doubled.map((path) => ({ at: place(path, true), text: `duplicate field "${path}"` })),
  ]
    .sort((a, b) => a.at - b.at)
    .map(({ text }) => text);
}

/** Where each path begins, and, under the path with a line break, where it ends. */
function number(value: unknown, path: string, order: Map<string, number>): void {
  order.set(path, order.size);
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      number(item, `${path}[${index}]`, order);
    });
  } else if (isObject(value)) {
    for (const [key, field] of Object.entries(value)) number(field, path === '' ? key : `${path}.${key}`, order);
  }
  order.set(`${path}\n`, order.size);
}

/** The 400 of strict field validation; `version` and `kind` are those of the object. */
export function strictFailure(version: string, kind: string, errors: readonly string[]): ApiFailure {
  return badRequest(
    `${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${errors.join(', ')}`,
  );
}
