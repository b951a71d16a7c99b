/** Pruning: what the schema of a custom kind does not know is dropped before anything is stored. */
import { resolveSchema } from './resolve.ts';
import type { Schema } from './schema.ts';

const META_FIELDS = new Set(['apiVersion', 'kind', 'metadata']);
type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What every object's metadata may hold. */
const OBJECT_META: Schema = { $ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };

/** Changes `object` in place. Its apiVersion, kind and metadata stay whatever the schema says. */
export function prune(object: Fields, schema: Schema | undefined): void {
  pruneFields(object, { ...resolveSchema(schema ?? {}), 'x-kubernetes-embedded-resource': true });
}

/** Metadata of an object, or of one within another: what no metadata has goes. Field sets of managers stay as they are. */
function pruneMetadata(metadata: unknown): void {
  if (!isObject(metadata)) return;
  const { properties = {} } = resolveSchema(OBJECT_META);
  for (const key of Object.keys(metadata)) if (!Object.hasOwn(properties, key)) delete metadata[key];
}

function pruneValue(value: unknown, schema: Schema | undefined): void {
  const known = schema === undefined ? {} : resolveSchema(schema);
  if (Array.isArray(value)) {
    if (known.items === undefined && known['x-kubernetes-preserve-unknown-fields'] === true) return;
    for (const item of value) pruneValue(item, known.items);
  } else if (isObject(value)) pruneFields(value, known);
}

function pruneFields(object: Fields, schema: Schema): void {
  const keeps = schema['x-kubernetes-preserve-unknown-fields'] === true;
  for (const key of Object.keys(object)) {
    if (schema['x-kubernetes-embedded-resource'] === true && META_FIELDS.has(key)) {
      if (key === 'metadata') pruneMetadata(object[key]);
      continue;
    }
    const property = schema.properties !== undefined && Object.hasOwn(schema.properties, key);
    if (property) pruneValue(object[key], schema.properties?.[key]);
    else if (typeof schema.additionalProperties === 'object') pruneValue(object[key], schema.additionalProperties);
    else if (schema.additionalProperties !== true && !keeps) delete object[key];
  }
}
