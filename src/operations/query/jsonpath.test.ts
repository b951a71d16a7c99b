import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import { compilePath } from './jsonpath.ts';

const POD = {
  metadata: { name: 'web-0', labels: { app: 'web', 'app.kubernetes.io/name': 'shop' } },
  spec: {
    containers: [
      { name: 'app', image: 'web:1', ports: [{ port: 80 }, { port: 81 }] },
      { name: 'side', image: 'proxy:2' },
    ],
  },
  status: { phase: 'Running', restarts: 3 },
};

describe('a JSONPath finds', () => {
  test.each([
    ['.metadata.name', 'web-0'],
    ['metadata.name', 'web-0'],
    ['$.metadata.name', 'web-0'],
    ['{.metadata.name}', 'web-0'],
    ["{.metadata.labels['app.kubernetes.io/name']}", 'shop'],
    ['.metadata.labels["app.kubernetes.io/name"]', 'shop'],
    ['.metadata.labels.app\\.kubernetes\\.io/name', 'shop'],
    ['.spec.containers[0].image', 'web:1'],
    ['.spec.containers[-1].image', 'proxy:2'],
    ['.spec.containers[*].image', 'web:1,proxy:2'],
    ['.spec.containers[0,1].name', 'app,side'],
    ['.spec.containers[0:1].name', 'app'],
    ['.spec.containers[:].name', 'app,side'],
    ['.spec.containers[?(@.name=="side")].image', 'proxy:2'],
    ["{.spec.containers[?(@.name=='side')].image}", 'proxy:2'],
    ['.spec.containers[?(@.ports)].name', 'app'],
    ['.spec.containers[?(@.name != "app" && @.image =~ "^proxy")].name', 'side'],
    ['..image', 'web:1,proxy:2'],
    ['.spec..port', '80,81'],
    ['.status.*', 'Running,3'],
    ['.metadata.nothing', ''],
    ['.metadata.name.deeper[0]', ''],
    ['.constructor', ''],
    ['.metadata.__proto__', ''],
    ['.spec.containers.length', ''],
    ['.status', '{"phase":"Running","restarts":3}'],
  ])('%s: %s', (path, text) => {
    expect(compilePath('columns', path).text(POD)).toBe(text);
  });

  test('the whole object with a lone dot', () => {
    expect(compilePath('columns', '.').all(POD)).toEqual([POD]);
  });
});

describe('a path that does not parse names the position and what was expected', () => {
  test.each([
    ['.spec[', 'columns: expected an index, a quoted name, * or ?(condition) at position 7, found the end.'],
    ['.spec[0', 'columns: expected ] at position 8, found the end.'],
    ['.spec.', 'columns: expected a field name at position 7, found the end.'],
    ['.a b', 'columns: expected a path step (.name, [0], [*]) or the end at position 4, found "b".'],
    ['{.a', 'columns: expected } or another path step at position 4, found the end.'],
    ['.a[?(@.b==)]', 'columns: expected a path, a value or ( at position 11, found ")]".'],
    [".a['b]", "columns: expected a closing ' at position 7, found the end."],
    ['', 'columns: expected a path such as .metadata.name at position 1, found the end.'],
  ])('%s', (path, message) => {
    expect(() => compilePath('columns', path)).toThrow(message);
  });
});

test('a path knows whether metadata suffices', () => {
  expect(compilePath('columns', '.metadata.labels.app').metadataOnly).toBe(true);
  expect(compilePath('columns', '.spec.nodeName').metadataOnly).toBe(false);
  expect(compilePath('columns', '..metadata').metadataOnly).toBe(false);
});

test('recursive descent over a hostile object ends with an error instead of hanging', () => {
  let deep: unknown = { a: 1 };
  for (let i = 0; i < 90; i++) deep = { a: deep, b: [deep, deep].slice(0, 1) };
  expect(() => compilePath('columns', '..a..a..a..a').all(deep)).toThrow('looked at more than 500000 values');
});

test('any text either compiles or throws an AppError, and what compiles runs over any JSON', () => {
  const piece = fc.constantFrom(
    '.',
    '..',
    '[',
    ']',
    '*',
    '?(',
    ')',
    '@',
    '$',
    'a',
    'spec',
    "'x'",
    '"y"',
    '0',
    '-1',
    ':',
    ',',
    '==',
    '&&',
    '{',
    '}',
    ' ',
    '\\',
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 14 }).map((parts) => parts.join('')),
    fc.string({ maxLength: 40 }),
  );
  fc.assert(
    fc.property(text, fc.jsonValue({ maxDepth: 4 }), (source, value) => {
      try {
        compilePath('columns', source).text(value);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
    }),
    { numRuns: 2000 },
  );
});
