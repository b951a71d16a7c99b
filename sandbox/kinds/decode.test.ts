import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKinds } from './create-kinds.ts';
import { decodeBody } from './decode-body.ts';
import { decodeJson } from './decode-json.ts';
import { decodeFailure } from './decode-types.ts';
import { strictErrors, unknownFields } from './unknown-fields.ts';

const kinds = createKinds();
const schemaOf = (group: string, version: string, kind: string) => kinds.byKind(group, version, kind)!.version.schema!;
const pod = schemaOf('', 'v1', 'Pod');

test('any JSON value comes back as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(decodeJson(text)).toEqual({ value: JSON.parse(text), duplicates: [] });
    }),
  );
});

test('any text is read as JSON.parse reads it, or refused as there', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:0123.e+-\\untrfalse x') }), (text) => {
      let expected: unknown;
      try {
        expected = { value: JSON.parse(text) };
      } catch {
        expected = undefined;
      }
      if (expected === undefined) expect(() => decodeJson(text)).toThrow();
      else expect({ value: decodeJson(text).value }).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['', 'unexpected end of JSON input'],
  ['{"a":1,', 'unexpected end of JSON input'],
  ['nonsense', "invalid character 'o' in literal null (expecting 'u')"],
  ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 2}', "invalid character '2' after object key:value pair"],
  ['[1 2]', "invalid character '2' after array element"],
  ['1 2', "invalid character '2' after top-level value"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['1.x', "invalid character 'x' after decimal point in numeric literal"],
  ['-', 'unexpected end of JSON input'],
  [']', "invalid character ']' looking for beginning of value"],
])('%j is refused with: %s', (text, message) => {
  expect(() => decodeJson(text)).toThrow(message);
});

test('nesting is bounded, and a key called __proto__ is only a key', () => {
  expect(() => decodeJson('['.repeat(20_000))).toThrow('exceeded max depth');
  const { value } = decodeJson('{"__proto__":{"x":1}}');
  expect(Object.keys(value as object)).toEqual(['__proto__']);
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});

test('keys that stand twice are told by their path, and the last one wins', () => {
  const { value, duplicates } = decodeJson('{"spec":{"a":1,"a":2,"list":[{"b":1,"b":2}]},"spec":{"a":3}}');
  expect(value).toEqual({ spec: { a: 3 } });
  expect(duplicates).toEqual(['spec.a', 'spec.list[0].b', 'spec']);
});

test('bodies that cannot be read are refused in the words of the real server', () => {
  const message = (text: string, format: 'json' | 'yaml' = 'json') => {
    try {
      decodeBody(Buffer.from(text), format, 'Pod');
      return 'read';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const head =
    "the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: ";
  expect(message('')).toBe(`${head}unexpected end of JSON input (<empty>)`);
  expect(message('nonsense')).toBe(`${head}invalid character 'o' in literal null (expecting 'u') (6e6f6e73656e7365)`);
  expect(message('{"apiVersion":"v1",')).toBe(`${head}unexpected end of JSON input ({"apiVersion":"v1",)`);
  expect(message('a: [1', 'yaml')).toContain('yaml: line ');
  expect(message('kind: Pod', 'yaml')).toBe('read');
});

test('YAML bodies give JSON values', () => {
  const body = Buffer.from('kind: Pod\nmetadata:\n  name: x\n  labels: {a: b}\nspec:\n  n: 3\n  t: 2020-01-01\n');
  expect(decodeBody(body, 'yaml').value).toEqual({
    kind: 'Pod',
    metadata: { name: 'x', labels: { a: 'b' } },
    spec: { n: 3, t: '2020-01-01' },
  });
});

const container = { name: 'c', image: 'i' };
test.each([
  [
    { metadata: { labels: 'x' } },
    'cannot unmarshal string into Go struct field ObjectMeta.metadata.labels of type map[string]string',
  ],
  [
    { metadata: { labels: { a: 1 } } },
    'cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
  ],
  [{ spec: 'x' }, 'cannot unmarshal string into Go struct field Pod.spec of type v1.PodSpec'],
  [
    { spec: { containers: {} } },
    'cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container',
  ],
  [
    { spec: { containers: ['x'] } },
    'cannot unmarshal string into Go struct field PodSpec.spec.containers of type v1.Container',
  ],
  [
    { spec: { containers: [{ ...container, imagePullPolicy: 3 }] } },
    'cannot unmarshal number into Go struct field Container.spec.containers.imagePullPolicy of type v1.PullPolicy',
  ],
  [
    { spec: { containers: [{ ...container, ports: [{ containerPort: 1.5 }] }] } },
    'cannot unmarshal number 1.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
  ],
  [
    { spec: { containers: [{ ...container, livenessProbe: { httpGet: { port: true } } }] } },
    'cannot unmarshal bool into Go struct field HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32',
  ],
])('a value of the wrong type is told as Go does: %j', (fields, message) => {
  const failure = decodeFailure({ apiVersion: 'v1', kind: 'Pod', ...fields }, pod, 'v1', 'Pod');
  expect(failure?.status).toMatchObject({ code: 400, reason: 'BadRequest' });
  expect(failure?.message).toBe(`Pod in version "v1" cannot be handled as a Pod: json: ${message}`);
});

test('texts that are no quantity, time or base64 are told', () => {
  const problem = (object: object, kind: string) =>
    decodeFailure({ ...object }, schemaOf('', 'v1', kind), 'v1', kind)?.message.split(`as a ${kind}: `)[1];
  const limits = (cpu: unknown) => ({ spec: { containers: [{ ...container, resources: { limits: { cpu } } }] } });
  const regex = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  expect(problem(limits('abc'), 'Pod')).toBe(regex);
  expect(problem(limits(true), 'Pod')).toBe(regex);
  expect(problem(limits('1mm'), 'Pod')).toBe("unable to parse quantity's suffix");
  expect(problem(limits(2), 'Pod')).toBeUndefined();
  expect(problem({ metadata: { creationTimestamp: 'yesterday' } }, 'Pod')).toBe(
    'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
  );
  expect(problem({ data: { a: 'not base64!' } }, 'Secret')).toBe('illegal base64 data at input byte 3');
  expect(problem({ data: { a: 'aGVsbG8=' } }, 'Secret')).toBeUndefined();
});

test('unknown and repeated fields are told in the order of the text', () => {
  const text =
    '{"kind":"Pod","metadata":{"name":"x","name":"y"},"spec":{"foo":1,"containers":[{"name":"c","image":"i","image":"j","zz":1}],"foo":2}}';
  const { value, strictErrors: duplicates } = decodeBody(Buffer.from(text), 'json');
  expect(strictErrors(value, pod, duplicates, 'builtin')).toEqual([
    'duplicate field "metadata.name"',
    'unknown field "spec.foo"',
    'duplicate field "spec.containers[0].image"',
    'unknown field "spec.containers[0].zz"',
  ]);
});

test('raw JSON of built-in kinds knows no unknown fields', () => {
  const revision = schemaOf('apps', 'v1', 'ControllerRevision');
  expect(unknownFields({ data: { any: { thing: 1 } }, revision: 1, other: 2 }, revision, 'builtin')).toEqual(['other']);
});
