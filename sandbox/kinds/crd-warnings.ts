/** What is warned of when a CustomResourceDefinition is written. */
import type { KubeObject } from '../types.ts';
import { fieldsAt, itemsOf } from './json-fields.ts';
import type { Schema } from './schema.ts';
import { isKnownFormat } from './string-formats.ts';

/** Formats that nobody checks. */
export function crdWarnings(crd: KubeObject): string[] {
  const formats = new Set(schemasOf(crd).flatMap(unknownFormats));
  return [...formats].map((format) => `unrecognized format ${JSON.stringify(format)}`);
}

const schemasOf = (crd: KubeObject): Schema[] =>
  itemsOf(fieldsAt(crd, 'spec')['versions']).map((version) => fieldsAt(version, 'schema', 'openAPIV3Schema'));

const NUMBER_FORMATS: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

function unknownFormats(schema: Schema): string[] {
  const { format, type, items, properties = {}, additionalProperties } = schema;
  const known =
    format === undefined ||
    (type === undefined || type === 'string' ? isKnownFormat(format) : NUMBER_FORMATS[type]?.includes(format) === true);
  return [
    ...(known ? [] : [format]),
    ...Object.values(properties).flatMap(unknownFormats),
    ...(items === undefined ? [] : unknownFormats(items)),
    ...(typeof additionalProperties === 'object' ? unknownFormats(additionalProperties) : []),
  ];
}
