/** What a strategic merge needs to know of a field: its type, how it merges, and by which key. */
import { ApiFailure } from '../api/failure.ts';
import type { Schema } from '../kinds/schema.ts';

export type Resolve = (schema: Schema) => Schema;

/** A type with its Go name, which messages carry. */
export interface PatchType {
  name: string;
  schema: Schema;
}

export interface FieldMeta {
  type: PatchType;
  strategy: '' | 'merge' | 'replace';
  mergeKey: string;
}

/** An error that the server does not dress up: 500 with the bare text and no reason. */
export function bareError(message: string): ApiFailure {
  const failure = new ApiFailure(500, '', message);
  delete failure.status.reason;
  return failure;
}

export function patchType(schema: Schema, resolve: Resolve): PatchType {
  const reference = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]?.$ref : undefined) ?? '';
  return { name: reference.slice(reference.lastIndexOf('.') + 1), schema: resolve(schema) };
}

/** Of a field that is an object. */
export function fieldMeta(parent: PatchType, key: string, resolve: Resolve): FieldMeta {
  if (parent.schema.additionalProperties !== undefined && parent.schema.properties === undefined) {
    throw bareError('merging an object in json but data type is not struct, instead is: map');
  }
  const field = parent.schema.properties?.[key];
  if (field === undefined) {
    throw bareError(`unable to find api field in struct ${parent.name} for the json field ${JSON.stringify(key)}`);
  }
  const type = patchType(field, resolve);
  const strategy = field['x-kubernetes-patch-strategy'] ?? type.schema['x-kubernetes-patch-strategy'] ?? '';
  const mergeKey = field['x-kubernetes-patch-merge-key'] ?? type.schema['x-kubernetes-patch-merge-key'] ?? '';
  const how = strategy.split(',').filter((word) => word !== 'retainKeys')[0];
  return { type, mergeKey, strategy: how === 'merge' || how === 'replace' ? how : '' };
}

/** Of a field that is a list: the type is that of its items. */
export function listMeta(parent: PatchType, key: string, resolve: Resolve): FieldMeta {
  const meta = fieldMeta(parent, key, resolve);
  return { ...meta, type: patchType(meta.type.schema.items ?? {}, resolve) };
}
