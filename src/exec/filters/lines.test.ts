import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asciiLines,
  compare,
  count,
  flags,
  lines,
  output,
  some,
  sometimes,
  together,
} from '../../../test/support/filters.ts';
import { parseFilter } from './parse.ts';

const amount = sometimes(
  fc.tuple(some('-n', '-c'), some('', '-', '+'), count).map(([option, sign, n]) => [option, sign + n]),
);
const list = fc
  .array(
    fc
      .tuple(fc.integer({ min: 1, max: 5 }), some('', '-', '+'))
      .map(([n, kind]) => (kind === '' ? `${n}` : kind === '-' ? `${n}-` : `${n}-${n + 2}`)),
    { minLength: 1, maxLength: 3 },
  )
  .map((ranges) => ranges.join(','));
const set = some(
  'a-c',
  'a',
  'abc',
  '[:lower:]',
  '[:upper:]',
  '[:digit:]',
  '[:space:]',
  '\\n',
  ' \\t',
  'a-',
  '[=a=]',
  '\\055',
  '[x*3]',
  '0-9',
);
const target = some('x', 'A-C', '[:upper:]', '[:lower:]', '\\n', '-', '[y*]', 'z-');

/** The real one refuses classes of case on one side only, and classes with -c. */
const isSane = (words: string[]) => {
  const [from = '', to = ''] = words.slice(-2);
  if (words[0] === '-c' && from.includes(':')) return false;
  return !/^\[:(lower|upper):\]$/.test(to) || (/^\[:(lower|upper):\]$/.test(from) && words[0] !== '-c');
};

describe('filters of lines', () => {
  compare('head', 'takes lines and bytes', amount, asciiLines);
  compare('tail', 'takes lines and bytes', amount, asciiLines);
  compare(
    'uniq',
    'joins equal lines',
    together(
      flags('-i'),
      sometimes(some('-c', '-d', '-u', '-D').map((one) => [one])),
      sometimes(count.map((n) => ['-f', n])),
      sometimes(count.map((n) => ['-s', n])),
      sometimes(count.map((n) => ['-w', n])),
    ),
    asciiLines,
  );
  compare('wc', 'counts', flags('-l', '-w', '-c', '-m', '-L'), asciiLines);
  compare('wc', 'counts characters and bytes', flags('-l', '-c', '-m'), lines);
  compare(
    'cut',
    'takes fields',
    together(
      list.map((one) => ['-f', one]),
      sometimes(some(' ', ',', ':', 'a').map((d) => ['-d', d])),
      flags('-s', '--complement'),
      sometimes(fc.constant(['--output-delimiter', '+'])),
    ),
    asciiLines,
  );
  compare(
    'cut',
    'takes characters',
    together(
      list.map((one) => ['-c', one]),
      flags('--complement'),
      sometimes(fc.constant(['--output-delimiter=+'])),
    ),
    asciiLines,
  );
  compare(
    'tr',
    'replaces',
    together(sometimes(some('-s', '-t', '-c').map((one) => [one])), fc.tuple(set, target)).filter(isSane),
    asciiLines,
  );
  compare(
    'tr',
    'deletes and squeezes',
    fc.tuple(
      some('-d', '-s', '-cd', '-cs'),
      set.filter((one) => !one.includes('*')),
    ),
    asciiLines,
  );
  compare('tac', 'turns lines round', fc.constant([]));
  compare('cat', 'passes on', flags('-n'));
  compare(
    'nl',
    'numbers',
    together(
      sometimes(some('a', 't', 'n').map((one) => ['-b', one])),
      sometimes(count.map((n) => ['-v', n])),
      sometimes(some('ln', 'rn', 'rz').map((one) => ['-n', one])),
    ),
  );
  compare(
    'paste',
    'joins',
    together(
      sometimes(fc.constant(['-s'])),
      sometimes(some(',', ', ', '\\n', '\\t', 'ab').map((d) => ['-d', d])),
      some('-', '- -', '- - -').map((words) => words.split(' ')),
    ),
    lines.filter((text) => text !== ''),
  );
  compare('rev', 'turns characters round', fc.constant([]), lines, 'util-linux');
  compare(
    'column',
    'makes columns',
    fc.constant(['-t']),
    asciiLines.map((text) => text.replace(/[,:]/g, ' ')).filter((text) => text === '' || text.endsWith('\n')),
    'util-linux',
  );

  test('the old ways to say how many', async () => {
    expect(await output('1\n2\n3\n4\n', 'head', '-2')).toBe('1\n2\n');
    expect(await output('1\n2\n3\n4\n', 'tail', '-2')).toBe('3\n4\n');
    expect(await output('1\n2\n3\n4\n', 'tail', '+3')).toBe('3\n4\n');
    expect(await output('1\n2\n3\n4\n', 'tail', '-n', '+2')).toBe('2\n3\n4\n');
    expect(await output('abc', 'head', '-c2')).toBe('ab');
  });

  test('counts and joins as scripts do', async () => {
    expect(await output('a\na\nb\n', 'uniq', '-c')).toBe('      2 a\n      1 b\n');
    expect(await output('a b\nc\n', 'wc')).toBe('      2       3       6\n');
    expect(await output('a b\nc\n', 'wc', '-l')).toBe('2\n');
    expect(await output('a\nb\n', 'paste', '-sd,', '-')).toBe('a,b\n');
    expect(await output('a b c\n', 'cut', '-d', ' ', '-f2-')).toBe('b c\n');
    expect(await output('a  b\n', 'tr', '-s', ' ')).toBe('a b\n');
    expect(await output('a\tbb\nccc d\n', 'column', '-t')).toBe('a    bb\nccc  d\n');
  });

  test('characters are never torn, where the real ones count bytes', async () => {
    expect(await output('é😀x\n', 'cut', '-c2')).toBe('😀\n');
    expect(await output('é😀x\n', 'tr', 'é😀', 'ab')).toBe('abx\n');
    expect(await output('é😀\n', 'rev')).toBe('😀é\n');
    expect(await output('é😀\n', 'wc', '-m')).toBe('3\n');
    expect(await output('é😀\n', 'wc', '-c')).toBe('7\n');
  });

  test.each([
    ['tail', '-f'],
    ['tail', '-F'],
    ['tail', '--follow=name'],
    ['head', '/etc/passwd'],
    ['wc', '--files0-from=x'],
    ['cut', '-f1', '/etc/passwd'],
    ['uniq', 'in', 'out'],
    ['tr', 'a', 'b', '/etc/passwd'],
    ['cat', '/etc/passwd'],
    ['tac', '/etc/passwd'],
    ['rev', '/etc/passwd'],
    ['nl', '/etc/passwd'],
    ['paste', '/etc/passwd', '-'],
    ['column', '-t', '/etc/passwd'],
  ])('%s %s is refused', (...words) => {
    expect(() => parseFilter(words)).toThrow(expect.objectContaining({ code: 'command_refused' }));
  });

  test.each([
    ['head', '-n', 'x'],
    ['head', '-x'],
    ['cut'],
    ['cut', '-f0'],
    ['cut', '-f3-1'],
    ['cut', '-f1', '-c1'],
    ['cut', '-f1', '-d', 'ab'],
    ['tr'],
    ['tr', 'a'],
    ['tr', 'z-a', 'b'],
    ['tr', '[:nope:]', 'b'],
    ['tr', '-d', 'a', 'b'],
    ['tr', 'a', ''],
    ['tr', '\\000-\u{10ffff}', 'a'],
    ['tr', 'a', '[b*99999999]'],
    ['uniq', '-c', '-D'],
    ['nl', '-b', 'pX'],
  ])('%s %s %s is not understood', (...words) => {
    expect(() => parseFilter(words)).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });
});
