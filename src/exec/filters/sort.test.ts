import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asciiLines,
  compare,
  flags,
  lines,
  output,
  run,
  some,
  sometimes,
  together,
} from '../../../test/support/filters.ts';
import { parseFilter } from './parse.ts';
import { compareVersions } from './version-order.ts';

const orders = sometimes(some('-n', '-h', '-V', '-f', '-g', '-M', '-d').map((one) => [one]));
const key = (chars: fc.Arbitrary<string>) =>
  fc
    .tuple(
      fc.integer({ min: 1, max: 3 }),
      chars,
      some('', 'n', 'r', 'b', 'f', 'V', 'h', 'nr', 'g'),
      some('', ',1', ',2', ',3'),
      chars,
    )
    .map(([field, char, order, end, last]) => ['-k', `${field}${char}${order}${end}${end === '' ? '' : last}`]);
const options = (chars: fc.Arbitrary<string>) =>
  together(
    flags('-r', '-u', '-s', '-b'),
    orders,
    sometimes(key(chars)),
    sometimes(key(chars)),
    sometimes(some(',', ':', ' ').map((mark) => ['-t', mark])),
  );

describe('sort', () => {
  compare('sort', 'orders by keys', options(fc.constant('')), lines);
  compare('sort', 'orders by characters of keys', options(some('', '.2', '.3')), asciiLines);
  compare(
    'sort',
    'tells what is out of order',
    together(flags('-r', '-u'), orders).map((words) => [...words, '-C']),
    lines,
  );

  test('does what it is mostly used for', async () => {
    const pods = 'web 10 5Mi\napi 9 1Gi\ndb 100 20Ki\n';
    expect(await output(pods, 'sort')).toBe('api 9 1Gi\ndb 100 20Ki\nweb 10 5Mi\n');
    expect(await output(pods, 'sort', '-k2', '-n')).toBe('api 9 1Gi\nweb 10 5Mi\ndb 100 20Ki\n');
    expect(await output(pods, 'sort', '-rnk2,2')).toBe('db 100 20Ki\nweb 10 5Mi\napi 9 1Gi\n');
    expect(await output(pods, 'sort', '-k3h')).toBe('db 100 20Ki\nweb 10 5Mi\napi 9 1Gi\n');
    expect(await output('b\na\nb\n', 'sort', '-u')).toBe('a\nb\n');
    expect(await output('v1.10.0\nv1.9.0\n', 'sort', '-V')).toBe('v1.9.0\nv1.10.0\n');
    expect(await output('b\na', 'sort')).toBe('a\nb\n');
    expect(await output('', 'sort')).toBe('');
  });

  test('orders by code point, as the locale C.UTF-8 does', async () => {
    expect(await output('\ufb01\n😀\né\nz\nZ\n', 'sort')).toBe('Z\nz\né\n\ufb01\n😀\n');
  });

  test('numbers may have any length', async () => {
    const [low, high] = ['123456789012345678901234567890', '123456789012345678901234567891'];
    expect(await output(`${high}\n${low}\n`, 'sort', '-n')).toBe(`${low}\n${high}\n`);
  });

  test('says which line is out of order', async () => {
    expect(await run('b\na\n', 'sort', '-c')).toEqual({
      output: '',
      exitCode: 1,
      error: 'sort: -:2: disorder: a',
      truncated: false,
    });
  });

  test('versions are a total order', () => {
    const version = fc
      .array(some('v', '1', '2', '10', '.', '-', '~', 'rc', '0', '.tar', ''), { maxLength: 6 })
      .map((list) => list.join(''));
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test.each([
    ['-o', 'x'],
    ['--output=x'],
    ['-T', '/tmp'],
    ['--compress-program=sh'],
    ['--files0-from=x'],
    ['-R'],
    ['/etc/passwd'],
  ])('refuses %s', (...words) => {
    expect(() => parseFilter(['sort', ...words])).toThrow(expect.objectContaining({ code: 'command_refused' }));
  });

  test.each([[['-k', '0']], [['-k', 'x']], [['-k', '1z']], [['-nh']], [['-t', 'ab']], [['-q']], [['-k']]])(
    'does not understand %j',
    (words) => {
      expect(() => parseFilter(['sort', ...words])).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    },
  );
});
