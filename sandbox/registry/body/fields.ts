/** The fields of a body against the schema of its kind: types checked, unknown ones told, custom objects pruned and completed. */
import type { ApiFailure, FieldError } from '../../api/failure.ts';
import { decodeFailure } from '../../kinds/decode-types.ts';
import { prune } from '../../kinds/prune.ts';
import { resolveSchema } from '../../kinds/resolve.ts';
import type { Schema } from '../../kinds/schema.ts';
import { applySchemaDefaults } from '../../kinds/schema-defaults.ts';
import { strictErrors, unknownFields } from '../../kinds/unknown-fields.ts';
import { validateSchema } from '../../kinds/validate-schema.ts';
import type { KubeObject, ObjectMeta, ResourceInfo } from '../../types.ts';
import type { WriteContext } from '../types.ts';

const OBJECT_META: Schema = { $ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };

/** What a decoder into the kind's Go type stumbles over; of custom kinds only metadata has one. */
export function typeFailure(
  { resource, version }: { resource: Pick<ResourceInfo, 'kind' | 'origin'>; version: string },
  schema: Schema | undefined,
  object: KubeObject,
): ApiFailure | undefined {
  const [value, type] = resource.origin === 'custom' ? [object.metadata, OBJECT_META] : [object, schema];
  return type === undefined ? undefined : decodeFailure({ ...value }, type, version, resource.kind);
}

/** What strict decoding objects to; nothing when nobody wants to know. */
export function findStrictErrors(
  resource: Pick<ResourceInfo, 'origin'>,
  schema: Schema | undefined,
  object: unknown,
  { fieldValidation, strictErrors: known = [] }: WriteContext,
): string[] {
  if (fieldValidation === 'Ignore') return [];
  if (schema === undefined) return [...known];
  // Most bodies are fine, and are not looked at twice.
  if (known.length === 0 && unknownFields(object, schema, resource.origin).length === 0) return [];
  return strictErrors(object, schema, known, resource.origin);
}

/** Custom kinds: unknown fields go, missing ones get their defaults. Built-in kinds do so by their Go types, in their strategies. */
export function shapeCustom(resource: ResourceInfo, schema: Schema | undefined, object: KubeObject): void {
  if (resource.origin !== 'custom') return;
  prune(object, schema);
  object.metadata = knownMetadata(object.metadata);
  applySchemaDefaults(object, schema);
}

/** The members that metadata has; what they hold was checked to be of their types. */
function knownMetadata(metadata: ObjectMeta): ObjectMeta {
  const { properties = {} } = resolveSchema(OBJECT_META);
  const known = Object.entries(metadata).filter(([key, value]) => Object.hasOwn(properties, key) && value !== null);
  return { ...Object.fromEntries(known), name: metadata.name };
}

/** Findings of the schema of a custom kind; built-in kinds are checked by their strategies. */
export function schemaErrors(resource: ResourceInfo, object: KubeObject): FieldError[] {
  if (resource.origin !== 'custom') return [];
  const served = resource.versions.find(({ version }) => version === resource.storageVersion);
  return validateSchema(object, served?.schema);
}
