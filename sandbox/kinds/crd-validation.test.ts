import { expect, test } from 'vitest';
import { STRATEGIES } from '../registry/strategies/index.ts';
import type { KubeObject } from '../types.ts';
import { crdProblems, crdUpdateProblems } from './crd-validation.ts';
import { crdWarnings } from './crd-warnings.ts';
import { CRDS } from './custom-resource.ts';

/** A sound definition, changed by `change`; what is said of it as the real server of 1.36 says it. */
// biome-ignore lint/suspicious/noExplicitAny: tests change whatever field they like
function said(change: (crd: any, property: (schema: object) => void) => void): string[] {
  const schema = { type: 'object', properties: { spec: { type: 'object', properties: {} as Record<string, object> } } };
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'gadgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'gadgets', kind: 'Gadget' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
  change(crd, (property) => {
    schema.properties.spec.properties['x'] = property;
  });
  const object: KubeObject = crd;
  STRATEGIES[CRDS]?.defaults?.(object);
  STRATEGIES[CRDS]?.prepareCreate?.(object);
  return crdProblems(object).map(({ field, message }) => `${field}: ${message}`);
}

const X = 'spec.validation.openAPIV3Schema.properties[spec].properties[x]';

test('a sound definition passes', () => {
  expect(said(() => undefined)).toEqual([]);
});

test('the name must be that of its resource', () => {
  expect(
    said((crd) => {
      crd.metadata.name = 'foo.bar';
    }),
  ).toEqual(['metadata.name: Invalid value: "foo.bar": must be spec.names.plural+"."+spec.group']);
});

test('groups, scopes, versions and kinds are checked', () => {
  expect(
    said((crd) => {
      crd.spec.group = 'nodot';
      crd.metadata.name = 'gadgets.nodot';
    }),
  ).toEqual(['spec.group: Invalid value: "nodot": should be a domain with at least one dot']);
  expect(
    said((crd) => {
      crd.spec.scope = 'X';
    }),
  ).toEqual(['spec.scope: Unsupported value: "X": supported values: "Cluster", "Namespaced"']);
  expect(
    said((crd) => {
      crd.spec.versions = [];
    }),
  ).toEqual([
    'spec.versions: Invalid value: []: must have exactly one version marked as storage version',
    'status.storedVersions: Invalid value: null: must have at least one stored version',
  ]);
  expect(
    said((crd) => {
      delete crd.spec.versions[0].schema;
    }),
  ).toEqual(['spec.versions[0].schema.openAPIV3Schema: Required value']);
});

test.each<[object, string[]]>([
  [{}, [`${X}.type: Required value: must not be empty for specified object fields`]],
  [{ type: 'array' }, [`${X}.items: Required value: must be specified`]],
  [{ type: 'array', items: {} }, [`${X}.items.type: Required value: must not be empty for specified array items`]],
  [{ $ref: '#/a' }, [`${X}.$ref: Forbidden: $ref is not supported`]],
  [
    { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'string' } },
    [`${X}.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`],
  ],
  [{ type: 'object', anyOf: [{ type: 'object' }] }, [`${X}.anyOf[0].type: Forbidden: must be empty to be structural`]],
  [{ 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] }, []],
  [
    { 'x-kubernetes-embedded-resource': true },
    [
      `${X}.properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields`,
      `${X}.type: Required value: must be object if x-kubernetes-embedded-resource is true`,
    ],
  ],
  [
    { type: 'integer', default: 'x' },
    [`${X}.default: Invalid value: "string":  in body must be of type integer: "string"`],
  ],
])('the schema %j of a field', (schema, expected) => {
  expect(said((_crd, property) => property(schema))).toEqual(expected);
});

test('an unknown format is warned of', () => {
  const crd: KubeObject = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'x' },
    spec: { versions: [{ schema: { openAPIV3Schema: { properties: { a: { type: 'string', format: 'foo' } } } } }] },
  };
  expect(crdWarnings(crd)).toEqual(['unrecognized format "foo"']);
});

test('what decides on storage cannot change once established', () => {
  const crd = (kind: string): KubeObject => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'gadgets.example.com' },
    spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'gadgets', kind } },
    status: { conditions: [{ type: 'Established', status: 'True' }] },
  });
  expect(crdUpdateProblems(crd('Other'), crd('Gadget'))).toEqual([
    { reason: 'FieldValueInvalid', field: 'spec.names.kind', message: 'Invalid value: "Other": field is immutable' },
  ]);
});
