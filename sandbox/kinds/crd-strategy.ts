/** How CustomResourceDefinitions are written. */
import type { Strategy } from '../registry/strategy.ts';
import type { KubeObject } from '../types.ts';
import { crdProblems, crdUpdateProblems } from './crd-validation.ts';
import { fieldsAt, itemsOf, textOf, textsOf } from './json-fields.ts';
import type { Schema } from './schema.ts';
import { isKnownFormat } from './string-formats.ts';

export const CRD_STRATEGY: Strategy = {
  defaults(crd) {
    const names = fieldsAt(crd, 'spec', 'names');
    const kind = textOf(names['kind']);
    if (kind !== '') {
      if (textOf(names['singular']) === '') names['singular'] = kind.toLowerCase();
      if (textOf(names['listKind']) === '') names['listKind'] = `${kind}List`;
    }
    const spec = fieldsAt(crd, 'spec');
    spec['conversion'] ??= { strategy: 'None' };
  },
  prepareCreate(crd) {
    crd['status'] = {};
    rememberStorage(crd);
  },
  prepareUpdate(crd, old) {
    crd['status'] = structuredClone(old['status'] ?? {});
    rememberStorage(crd);
  },
  validate: crdProblems,
  validateUpdate: crdUpdateProblems,
  warnings: (crd) =>
    [...new Set(schemasOf(crd).flatMap(unknownFormats))].map(
      (format) => `unrecognized format ${JSON.stringify(format)}`,
    ),
  generation: true,
};

/** A version that objects were stored in once stays in `status.storedVersions`. */
function rememberStorage(crd: KubeObject): void {
  const storage = itemsOf(fieldsAt(crd, 'spec')['versions']).find((version) => version['storage'] === true);
  const name = textOf(storage?.['name']);
  const status = fieldsAt(crd, 'status');
  const stored = textsOf(status['storedVersions']);
  if (name !== '' && !stored.includes(name)) status['storedVersions'] = [...stored, name];
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
