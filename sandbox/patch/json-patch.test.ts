import { describe, expect, it } from 'vitest';
import { ApiFailure } from '../api/failure.ts';
import type { Status } from '../api/types.ts';
import { applyJsonPatch, unknownOperationFields } from './json-patch.ts';

const DOCUMENT = {
  kind: 'Deployment',
  spec: { replicas: 2, containers: [{ name: 'web' }, { name: 'side' }], 'a/b~c': 1 },
};
const patched = (...operations: unknown[]) => applyJsonPatch(DOCUMENT, operations);

function refusal(run: () => unknown): Status {
  try {
    run();
  } catch (error) {
    if (error instanceof ApiFailure) return error.status;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a JSON patch', () => {
  it('adds, removes, replaces, moves and copies without touching the original', () => {
    expect(
      patched(
        { op: 'add', path: '/spec/paused', value: true },
        { op: 'remove', path: '/spec/containers/0' },
        { op: 'replace', path: '/spec/replicas', value: 3 },
        { op: 'move', from: '/kind', path: '/sort' },
        { op: 'copy', from: '/spec/containers/0', path: '/spec/containers/-' },
        { op: 'add', path: '/spec/containers/1', value: { name: 'mid' } },
      ),
    ).toEqual({
      sort: 'Deployment',
      spec: {
        paused: true,
        replicas: 3,
        containers: [{ name: 'side' }, { name: 'mid' }, { name: 'side' }],
        'a/b~c': 1,
      },
    });
    expect(DOCUMENT.spec.containers).toHaveLength(2);
  });

  it.each([
    ['a missing field equals null', { op: 'test', path: '/spec/nope', value: null }],
    ['a test without a value is one for null', { op: 'test', path: '/spec/nope' }],
    ['negative indexes count from the end', { op: 'test', path: '/spec/containers/-1/name', value: 'side' }],
    ['indexes may have leading zeros', { op: 'test', path: '/spec/containers/00/name', value: 'web' }],
    ['escapes', { op: 'test', path: '/spec/a~1b~0c', value: 1 }],
  ])('lets pass: %s', (_, operation) => {
    expect(patched(operation)).toEqual(DOCUMENT);
  });

  it.each([
    ['a replace of a missing field adds it', { op: 'replace', path: '/spec/paused', value: true }, { paused: true }],
    ['a copy of a missing field is null', { op: 'copy', from: '/spec/nope', path: '/spec/paused' }, { paused: null }],
    ['no value is null', { op: 'add', path: '/spec/replicas' }, { replicas: null }],
  ])('does as the library: %s', (_, operation, change) => {
    expect(patched(operation)).toEqual({ ...DOCUMENT, spec: { ...DOCUMENT.spec, ...change } });
  });

  it('replaces the whole document', () => {
    expect(patched({ op: 'replace', path: '', value: { a: 1 } }, { op: 'test', path: '', value: { a: 1 } })).toEqual({
      a: 1,
    });
  });

  it.each([
    { op: 'test', path: '/spec/replicas', value: 9 },
    { op: 'test', path: '/spec/nope', value: 9 },
    { op: 'test', path: '/spec/nope/x', value: null },
    { op: 'test', path: '/spec/containers/7', value: null },
    { op: 'test', path: '/spec/containers/-5/name', value: 'web' },
    { op: 'remove', path: '/spec/nope' },
    { op: 'remove', path: '/spec/containers/2' },
    { op: 'add', path: '/spec/x/y', value: 1 },
    { op: 'add', path: '/spec/containers/3', value: {} },
    { op: 'add', path: '/spec/containers/x', value: {} },
    { op: 'add', path: '/spec/containers/99999999999999999999', value: {} },
    { op: 'add', path: '/spec/replicas/x', value: 1 },
    { op: 'add', path: '', value: {} },
    { op: 'add', path: 'spec', value: 1 },
    { op: 'add', value: 1 },
    { op: 'replace', path: '/spec/containers/2', value: 1 },
    { op: 'replace', path: '', value: 5 },
    { op: 'move', from: '/spec/nope', path: '/a' },
    { op: 'move', path: '/a' },
    { op: 'copy', from: '/spec/nope/x', path: '/a' },
    { op: 'frob', path: '/a' },
    { path: '/a' },
    null,
  ])('is refused without a reason: %j', (operation) => {
    expect(refusal(() => patched(operation))).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'the server rejected our request due to an error in our request',
      reason: 'Invalid',
      details: {},
      code: 422,
    });
  });

  it.each([
    [{ op: 'add' }, 'json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp'],
    ['x', 'json: cannot unmarshal string into Go value of type []handlers.jsonPatchOp'],
    [[1], 'json: cannot unmarshal number into Go value of type handlers.jsonPatchOp'],
    [[{ op: 'add', path: 5 }], 'json: cannot unmarshal number into Go struct field jsonPatchOp.path of type string'],
  ])('that is none is a bad request: %j', (patch, problem) => {
    expect(refusal(() => applyJsonPatch(DOCUMENT, patch))).toMatchObject({
      code: 400,
      message: `error decoding patch: ${problem}`,
    });
  });

  it('of null or without operations changes nothing', () => {
    expect(applyJsonPatch(DOCUMENT, null)).toEqual(DOCUMENT);
    expect(applyJsonPatch(DOCUMENT, [])).toEqual(DOCUMENT);
  });

  it('has at most 10,000 operations', () => {
    const test = { op: 'test', path: '/spec/replicas', value: 2 };
    expect(patched(...Array.from({ length: 10_000 }, () => test))).toEqual(DOCUMENT);
    expect(refusal(() => patched(...Array.from({ length: 10_001 }, () => test)))).toMatchObject({
      code: 413,
      reason: 'RequestEntityTooLarge',
      message: 'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
    });
  });

  it('reaches no prototype', () => {
    const result = patched({ op: 'add', path: '/__proto__', value: { polluted: true } }) as Record<string, unknown>;
    expect(Object.hasOwn(result, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(refusal(() => patched({ op: 'test', path: '/constructor/name', value: 'Object' })).code).toBe(422);
  });

  it('that nests too deep is refused', () => {
    let deep: unknown = {};
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(refusal(() => applyJsonPatch({}, [{ op: 'add', path: '/a', value: deep }]))).toMatchObject({
      message: 'error decoding patch: exceeded max depth',
    });
  });

  it('names the fields of operations that nobody knows', () => {
    expect(unknownOperationFields([{ op: 'test', path: '', foo: 1 }])).toEqual(['json patch unknown field "[0].foo"']);
  });
});

it('copies of copies are refused once they are larger than a request may be', () => {
  const copies = Array.from({ length: 60 }, (_, at) => ({ op: 'copy', from: '/x', path: `/x/k${at}` }));
  expect(() => applyJsonPatch({ x: { a: 'b' } }, copies)).toThrow('the server rejected our request');
});

it('items put before a million others are refused before long', () => {
  const list = Array.from({ length: 1_000_000 }, () => 0);
  const inserts = Array.from({ length: 2_000 }, () => ({ op: 'add', path: '/list/0', value: 1 }));
  expect(() => applyJsonPatch({ list }, inserts)).toThrow('the server rejected our request');
});
