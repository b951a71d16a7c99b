import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiFailure } from '../api/failure.ts';
import { costlyYaml } from './costly-yaml.ts';
import { decodeBody } from './decode-body.ts';

const decoded = (text: string) => decodeBody(Buffer.from(text), 'yaml').value;

test.each([
  ['brackets', 'a: ' + '['.repeat(3_000_000)],
  ['lists in lists', '- '.repeat(1_000_000)],
  ['keys of keys', '? '.repeat(3_000)],
])('endless %s are refused before they are parsed', (_, text) => {
  expect(costlyYaml(text)).toBe('exceeded max depth');
});

test.each([
  ['lines', 'a:\n' + '- a\n'.repeat(700_000)],
  ['quotes', '"'.repeat(3_000_000)],
  ['documents', '--- \n'.repeat(300_000)],
])('endless %s are refused before they are parsed', (_, text) => {
  expect(() => decoded(text)).toThrow('the k8s-mcp sandbox reads no document this large; send it as JSON');
});

test('aliases that grow without end, or hold themselves, are refused', () => {
  const lines = [...'abcdefgh'].map(
    (key, at) => `${key}: &${key} [${Array(9).fill(at === 0 ? 'x' : `*${'abcdefgh'[at - 1]}`)}]`,
  );
  expect(() => decoded(lines.join('\n'))).toThrow('yaml: document contains excessive aliasing');
  expect(() => decoded('a: &a [*a]')).toThrow('yaml: document contains excessive aliasing');
});

test('ordinary documents are read, and tags make nothing but JSON', () => {
  expect(decoded('a: !!binary aGk=\nb: !!js/function x\n? c\n: [d, {e: -f}]')).toEqual({
    a: 'aGk=',
    b: 'x',
    c: ['d', { e: '-f' }],
  });
  expect(Object.keys(decoded('__proto__: {a: b}') as object)).toEqual(['__proto__']);
});

test('whatever stands in a body, a failure of the API is all that comes of it', () => {
  const text = fc.string({ unit: fc.constantFrom(...'abe0-?:,[]{}#&*!|>\'"%@` \n\t\\<=~'), maxLength: 60 });
  fc.assert(
    fc.property(text, fc.constantFrom('yaml', 'json'), (body, format) => {
      try {
        decodeBody(Buffer.from(body), format);
      } catch (error) {
        expect(error).toBeInstanceOf(ApiFailure);
      }
    }),
    { numRuns: 3000 },
  );
});
