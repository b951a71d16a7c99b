import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import { compileWhere } from './where.ts';

const NOW = Date.UTC(2026, 0, 10);
const POD = {
  metadata: { name: 'web-0', creationTimestamp: '2026-01-09T21:00:00Z', labels: { app: 'web' }, annotations: {} },
  spec: {
    replicas: 3,
    nodeName: 'node-1',
    interval: '90s',
    paused: false,
    containers: [
      { name: 'app', image: 'nginx:1.27' },
      { name: 'side', image: 'envoy:1' },
    ],
  },
  resources: { cpu: '500m', memory: '2Gi', text: '10' },
  status: { phase: 'Pending', ready: true },
};

describe('a condition', () => {
  test.each([
    ['.status.phase == "Pending"', true],
    ['.status.phase = "Pending"', true],
    ["status.phase == 'Pending'", true],
    ['.status.phase != "Running"', true],
    ['.status.nothing != "Running"', true],
    ['.status.nothing == null', true],
    ['.status.phase == null', false],
    ['.spec.replicas > 2', true],
    ['.spec.replicas >= 3 && .spec.replicas <= 3', true],
    ['.spec.replicas < 3', false],
    ['2 < .spec.replicas', true],
    ['.spec.replicas == "3"', true],
    ['.spec.nothing < 3', false],
    ['.spec.nothing >= 3', false],
    ['.resources.cpu < 1', true],
    ['.resources.cpu >= 500m', true],
    ['.resources.cpu > "0.4"', true],
    ['.resources.memory > 1900Mi', true],
    ['.resources.memory == 2048Mi', true],
    ['.resources.memory == "2048Mi"', false],
    ['.resources.text > "9"', true],
    ['.spec.interval < 2m', true],
    ['.spec.interval == 1m30s', true],
    ['age(.metadata.creationTimestamp) > 2h', true],
    ['age(.metadata.creationTimestamp) > 4h', false],
    ['age(.metadata.creationTimestamp) < 1d', true],
    ['.metadata.creationTimestamp < "2026-01-10T00:00:00Z"', true],
    ['.metadata.name =~ "^web-\\d+$"', true],
    ['.metadata.name !~ "^db"', true],
    ['.metadata.nothing =~ ".*"', false],
    ['.metadata.nothing !~ ".*"', true],
    ['.status.phase in ["Running", "Pending"]', true],
    ['.status.phase not in ("Running", "Pending")', false],
    ['.spec.replicas in [1, 3]', true],
    ['exists(.metadata.labels.app)', true],
    ['!exists(.metadata.labels.tier)', true],
    ['.metadata.labels.tier', false],
    ['.metadata.labels.app', true],
    ['.spec.paused', false],
    ['.status.ready', true],
    ['.status.ready == true', true],
    ['len(.spec.containers) == 2', true],
    ['len(.metadata.annotations) == 0', true],
    ['.spec.containers[*].image =~ "^envoy"', true],
    ['.spec.containers[?(@.name=="app")].image == "nginx:1.27"', true],
    ['.metadata.labels[\'app\'] == "web"', true],
    ['(.spec.replicas > 5 || .status.phase == "Pending") && !(.status.ready == false)', true],
    ['.spec.replicas > 5 or .status.phase == "Pending" and not .spec.paused', true],
    ['.status.phase == "a\\"b"', false],
  ])('%s is %s', (source, held) => {
    expect(compileWhere(source).test(POD, NOW)).toBe(held);
  });
});

describe('a condition that does not parse names the position and what was expected', () => {
  test.each([
    [
      '.status.phase == Running',
      'where: expected a path or a value (quote text: "Running"; paths start with a dot: .Running) at position 18, found "Running".',
    ],
    ['.a ==', 'where: expected a path, a value or ( at position 6, found the end.'],
    ['.a && ', 'where: expected a path, a value or ( at position 7, found the end.'],
    ['(.a', 'where: expected ) at position 4, found the end.'],
    ['.a == 1 .b', 'where: expected &&, || or the end at position 9, found ".b".'],
    [
      '.a =~ "(?=x)"',
      'where: expected a pattern in RE2 syntax (no look-around, no back references) at position 7, found ""(?=x)"".',
    ],
    ['.a =~ x', 'where: expected a pattern in quotes at position 7, found "x".'],
    ['.a in "x"', 'where: expected a list such as ["a", "b"] at position 7, found ""x"".'],
    ['now(.a) > 1', 'where: expected exists(…), age(…) or len(…) at position 1, found "now(.a) > 1".'],
    ['"x"', 'where: expected an operator (==, !=, <, <=, >, >=, =~, !~, in) at position 4, found the end.'],
    ['.a > 5zz', 'where: expected a number, a quantity (500m, 2Gi) or a duration (2h) at position 6, found "5zz".'],
  ])('%s', (source, message) => {
    expect(() => compileWhere(source)).toThrow(message);
  });

  test('and deep nesting is refused', () => {
    expect(() => compileWhere('('.repeat(60) + '.a' + ')'.repeat(60))).toThrow('at most 40 levels of nesting');
    expect(() => compileWhere('!'.repeat(60) + '.a')).toThrow('at most 40 levels of nesting');
    expect(() => compileWhere('.a || '.repeat(2000) + '.a')).toThrow(
      'where has 12002 characters; at most 4096 are read.',
    );
  });
});

test('a condition knows its paths and whether metadata suffices', () => {
  expect(compileWhere('age(.metadata.creationTimestamp) > 1h && exists(.metadata.labels.a)').metadataOnly).toBe(true);
  expect(compileWhere('.metadata.name == "a" || .spec.x == 1').metadataOnly).toBe(false);
  expect(compileWhere('.metadata.x[?($.spec.y == 1)] == 2').metadataOnly).toBe(false);
  expect(compileWhere('.spec.a == 1 || .spec.a == 2 || .spec.b').paths.map((path) => path.heading)).toEqual(['A', 'B']);
});

test('any text either compiles or throws an AppError, and what compiles runs over any JSON', () => {
  const piece = fc.constantFrom(
    '.a',
    '.b[*]',
    '..',
    '@.x',
    '(',
    ')',
    '!',
    '&&',
    '||',
    '==',
    '!=',
    '<',
    '>=',
    '=~',
    'in',
    '[',
    ']',
    ',',
    '"t"',
    "'",
    '5m',
    '2Gi',
    '-1',
    'age(',
    'exists(',
    'len(',
    'not ',
    'and ',
    'true',
    'null',
    ' ',
    '\\',
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 16 }).map((parts) => parts.join('')),
    fc.string({ maxLength: 60 }),
  );
  fc.assert(
    fc.property(text, fc.jsonValue({ maxDepth: 4 }), (source, value) => {
      try {
        expect(typeof compileWhere(source).test(value, NOW)).toBe('boolean');
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
    }),
    { numRuns: 3000 },
  );
});

test('a condition and its negation never both hold', () => {
  const operand = fc.constantFrom('.a', '.b.c', '5', '500m', '"x"', 'len(.a)', '2h', '.d[*]');
  const comparison = fc
    .tuple(operand, fc.constantFrom('==', '!=', '<', '>', '<=', '>='), operand)
    .map((parts) => parts.join(' '));
  fc.assert(
    fc.property(comparison, fc.jsonValue({ maxDepth: 3 }), (source, value) => {
      expect(compileWhere(`!(${source})`).test(value, NOW)).toBe(!compileWhere(source).test(value, NOW));
    }),
  );
});
