import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import { parseDocuments, parseObjects } from './parse.ts';

const values = (text: string) => parseDocuments(text).map((document) => document.value);

test('JSON, YAML and several documents are read, empty ones left out', () => {
  expect(values('{"a": 1}')).toEqual([{ a: 1 }]);
  expect(values('a: 1\n---\n\n---\n# nothing\n---\nb: [x, "2"]\n')).toEqual([{ a: 1 }, { b: ['x', '2'] }]);
});

test('JSON and YAML may follow each other, and each is read as what it is', () => {
  expect(values('{"a": 1}\n---\nb: word\n')).toEqual([{ a: 1 }, { b: 'word' }]);
  expect(values('b: word\n---\n{"a": 1}\n')).toEqual([{ b: 'word' }, { a: 1 }]);
  expect(() => values('b: word\n---\n{"a": tru}\n')).toThrow('Line 3, column 7: expected a JSON value.');
});

test('scalars mean what they mean to kubectl', () => {
  expect(values('mode: 0644\non: yes\ntext: "yes"\ntime: 12:30:45\nday: 2001-01-01\nhex: 0x1f')).toEqual([
    { mode: 420, true: true, text: 'yes', time: '12:30:45', day: '2001-01-01', hex: 31 },
  ]);
});

test('a List and a JSON array are their items', () => {
  const list = { apiVersion: 'v1', kind: 'List', items: [{ kind: 'A' }, { kind: 'B' }] };
  expect(parseObjects(JSON.stringify(list)).map(({ object }) => object.kind)).toEqual(['A', 'B']);
  expect(parseObjects('[{"kind":"A"}]').map(({ object }) => object.kind)).toEqual(['A']);
});

describe('what is no manifest is refused with its place', () => {
  test.each([
    ['a: b: c', 'Line 1, column 4: Nested mappings are not allowed in compact mappings.'],
    ['a: 1\n\tb: 2', 'Line 2, column 1: Tabs are not allowed as indentation.'],
    ['a: 1\na: 2', 'Line 2, column 1: Map keys must be unique.'],
    ['x:\n  - b: 1\n    "b": 2', 'Line 3, column 5: Map keys must be unique.'],
    ['"1": a\n1: b', 'Line 2, column 1: Map keys must be unique.'],
    ['{"a": 1,\n "b": }', 'Line 2, column 7: expected a JSON value.'],
    ['{"a": tru}', 'Line 1, column 7: expected a JSON value.'],
    ['a: "open', 'Line 1, column 9: Missing closing "quote.'],
    ['a: !exec x', 'Line 1, column 4: Unresolved tag: !exec.'],
    ['', 'The manifest is empty.'],
    ['---\n---\n', 'The manifest is empty.'],
    ['a: *nowhere', 'The manifest uses too many or unresolvable aliases (&, *).'],
    ['&a [*a]', 'The manifest is nested too deeply.'],
  ])('%j', (text, message) => {
    expect(() => values(text)).toThrow(message);
  });

  test('a text that is no object', () => {
    expect(() => parseObjects('a: 1\n---\njust text')).toThrow('The document at line 3 is no object');
  });
});

test('bombs are refused: aliases, depth, size, documents', () => {
  const bomb = Array.from(
    { length: 20 },
    (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1},*a${i - 1},*a${i - 1}`}]`,
  ).join('\n');
  expect(() => values(bomb)).toThrow('too many or unresolvable aliases');
  expect(() => values('['.repeat(200_000))).toThrow('nested too deeply');
  expect(() => values('{"a":'.repeat(5000) + '1' + '}'.repeat(5000))).toThrow('nested too deeply');
  expect(() => values(`a: ${'x'.repeat(1024 * 1024)}`)).toThrow('at most 1048576 are taken');
  expect(() => values('a: 1\n---\n'.repeat(51))).toThrow('The manifest has 51 documents; at most 50 are taken.');
  expect(() => parseObjects(`[${'{},'.repeat(50)}{}]`)).toThrow('The manifest has 51 objects; at most 50 are taken.');
});

test('any text is read or refused with an AppError', () => {
  const piece = fc.constantFrom(
    'a',
    ': ',
    '- ',
    '\n',
    '  ',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    "'",
    '&x',
    '*x',
    '---\n',
    '!t ',
    '|',
    '#',
    '<<: ',
    '? ',
    '\t',
    '0',
    '1e9',
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 25 }).map((parts) => parts.join('')),
    fc.string({ maxLength: 80 }),
  );
  fc.assert(
    fc.property(text, (source) => {
      try {
        parseObjects(source);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a manifest of very many keys is read, each looked at once', () => {
  const text = Array.from({ length: 50_000 }, (_, i) => `${i}: 1`).join('\n');
  expect(Object.keys(parseDocuments(text)[0]?.value ?? {})).toHaveLength(50_000);
});

describe('what would keep the YAML parser busy for seconds', () => {
  test.each([
    ['open brackets', '['.repeat(100_000), 'invalid_manifest', 'nested too deeply'],
    ['open braces in a value', `a: ${'{'.repeat(5_000)}`, 'invalid_manifest', 'nested too deeply'],
    ['document separators', '---\n'.repeat(50_000), 'too_large', '50000 document separators'],
    ['a long text', `a: ${'x'.repeat(600_000)}`, 'too_large', 'at most 524288 are taken, and more as JSON'],
  ])('is refused before it is parsed: %s', (_, text, code, message) => {
    expect(() => parseDocuments(text)).toThrowError(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  test('a large object is taken as JSON', () => {
    const text = JSON.stringify({ data: { big: 'x'.repeat(700_000) } });
    expect(parseDocuments(text)).toHaveLength(1);
  });
});
