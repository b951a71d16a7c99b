import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareElements, keyElement, type Path, pathText } from './field-element.ts';
import {
  difference,
  EMPTY,
  type FieldSet,
  fieldSet,
  fromFieldsV1,
  hasPath,
  intersection,
  pathsOf,
  sameFields,
  toFieldsV1,
  union,
  withoutTrees,
} from './field-set.ts';
import { goJson } from './go-text.ts';

const element = fc.oneof(
  fc.constantFrom('f:a', 'f:b', 'f:B', 'f:é', 'f:__proto__', 'f:.'),
  fc.constantFrom('k:{"name":"x"}', 'k:{"containerPort":80,"protocol":"TCP"}', 'k:{"name":10}', 'k:{"name":9}'),
  fc.constantFrom('v:"x"', 'v:10', 'v:9', 'v:true', 'i:0', 'i:10', 'i:9'),
);
const path: fc.Arbitrary<Path> = fc.array(element, { minLength: 1, maxLength: 4 });
const paths = fc.array(path, { maxLength: 12 });
const texts = (set: FieldSet) => pathsOf(set).map((one) => JSON.stringify(one));
const asSet = (given: Path[]) => new Set(given.map((one) => JSON.stringify(one)));
const sorted = (given: Iterable<string>) => [...given].sort();

describe('a set of fields', () => {
  it('goes through FieldsV1 and comes back the same', () => {
    fc.assert(
      fc.property(paths, (given) => {
        const set = fieldSet(...given);
        const back = fromFieldsV1(JSON.parse(JSON.stringify(toFieldsV1(set))));
        expect(back !== undefined && sameFields(back, set)).toBe(true);
        expect(JSON.stringify(toFieldsV1(back!))).toBe(JSON.stringify(toFieldsV1(set)));
      }),
    );
  });

  it('follows the algebra of sets of paths', () => {
    fc.assert(
      fc.property(paths, paths, (a, b) => {
        const [left, right] = [fieldSet(...a), fieldSet(...b)];
        const [x, y] = [asSet(a), asSet(b)];
        expect(sorted(texts(union(left, right)))).toEqual(sorted(new Set([...x, ...y])));
        expect(sorted(texts(intersection(left, right)))).toEqual(sorted([...x].filter((one) => y.has(one))));
        expect(sorted(texts(difference(left, right)))).toEqual(sorted([...x].filter((one) => !y.has(one))));
        expect(sameFields(union(difference(left, right), intersection(left, right)), left)).toBe(true);
        expect(sameFields(left, union(left, EMPTY))).toBe(true);
        for (const one of a) expect(hasPath(left, one)).toBe(true);
        for (const one of b) expect(hasPath(left, one)).toBe(x.has(JSON.stringify(one)));
      }),
    );
  });

  it('without trees has nothing at or beneath what was taken', () => {
    fc.assert(
      fc.property(paths, paths, (a, b) => {
        const rest = pathsOf(withoutTrees(fieldSet(...a), fieldSet(...b)));
        const taken = asSet(b);
        const left = a.filter((one) => !one.some((_, index) => taken.has(JSON.stringify(one.slice(0, index + 1)))));
        expect(sorted(rest.map((one) => JSON.stringify(one)))).toEqual(sorted(asSet(left)));
      }),
    );
  });

  it('is written in canonical order: fields, keys, values, places; a dot for a member with others beneath', () => {
    const set = fieldSet(
      ['f:b', 'v:"y"'],
      ['f:b', 'v:9'],
      ['f:b', 'k:{"name":"x"}'],
      ['f:b', 'k:{"name":"x"}', 'f:z'],
      ['f:b', 'i:10'],
      ['f:b', 'i:9'],
      ['f:b', 'v:true'],
      ['f:a'],
      ['f:B'],
    );
    expect(JSON.stringify(toFieldsV1(set))).toBe(
      '{"f:B":{},"f:a":{},"f:b":{"k:{\\"name\\":\\"x\\"}":{".":{},"f:z":{}},"v:9":{},"v:\\"y\\"":{},"v:true":{},"i:9":{},"i:10":{}}}',
    );
  });

  it('orders keys of ports by number', () => {
    const port = (containerPort: number, protocol: string) =>
      `k:{"containerPort":${containerPort},"protocol":"${protocol}"}`;
    const ports = [port(80, 'UDP'), port(443, 'TCP'), port(80, 'TCP'), port(53, 'UDP')];
    expect(ports.sort(compareElements)).toEqual([port(53, 'UDP'), port(80, 'TCP'), port(80, 'UDP'), port(443, 'TCP')]);
  });

  it('prints paths as messages show them', () => {
    expect(pathText(['f:spec', 'f:ports', 'k:{"containerPort":80,"protocol":"TCP"}', 'f:name'])).toBe(
      '.spec.ports[containerPort=80,protocol="TCP"].name',
    );
    expect(pathText(['f:metadata', 'f:finalizers', 'v:"a.io/x"'])).toBe('.metadata.finalizers[="a.io/x"]');
  });

  it('reads keys in any order and steps of the future, and nothing that is no field set', () => {
    expect(toFieldsV1(fromFieldsV1({ 'k:{"b":1,"a":2}': {}, 'x:future': {} })!)).toEqual({ 'k:{"a":2,"b":1}': {} });
    expect(toFieldsV1(fromFieldsV1({ 'f:a': { 'x:future': {} }, 'f:b': null })!)).toEqual({ 'f:a': {}, 'f:b': {} });
    for (const wrong of [5, [], { f: {} }, { 'k:[1]': {} }, { 'k:{': {} }, { 'v:': {} }, { 'i:x': {} }, { 'f:a': 5 }]) {
      expect(fromFieldsV1(wrong)).toBeUndefined();
    }
  });
});

describe('the step to an item', () => {
  it('is its keys as Go writes them as JSON, whatever they hold', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), (keys) => {
        expect(keyElement(keys)).toBe(`k:${goJson(keys)}`);
      }),
    );
    expect(keyElement({ protocol: 'TCP', containerPort: 80 })).toBe('k:{"containerPort":80,"protocol":"TCP"}');
    expect(keyElement({ name: 'a<b' })).toBe('k:{"name":"a\\u003cb"}');
  });
});
