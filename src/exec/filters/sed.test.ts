import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  asciiLines,
  basicPattern,
  compare,
  count,
  extendedPattern,
  flags,
  output,
  some,
} from '../../../test/support/filters.ts';
import { parseFilter } from './parse.ts';

const address = fc.oneof(
  count.filter((n) => n !== '0'),
  some('$', '/a/', '/^$/', '/web/I', '1~2', '2~3', '0~2', '\\,x=,'),
);
const end = fc.oneof(
  address.filter((one) => !one.includes('~')),
  count.map((n) => `+${n}`),
);
const range = fc.oneof(
  address,
  fc.tuple(address, end).map((parts) => parts.join(',')),
);
const command = fc
  .tuple(
    fc.oneof(fc.constant(''), range),
    some('', '!'),
    some('p', 'd', '=', 's/a/X/', 's/e/&&/g', '{p;p}', '{s/b/Y/;p}'),
  )
  .map((parts) => parts.join(''));
const quit = fc.tuple(address, some('q', 'q3', 'Q')).map((parts) => parts.join(''));
const script = fc
  .array(fc.oneof({ weight: 4, arbitrary: command }, { weight: 1, arbitrary: quit }), { minLength: 1, maxLength: 3 })
  .map((list) => list.join(';'));

/** Of what is repeated twice the regular expressions of sed and grep think differently; ours are like grep's. */
const isPlain = (pattern: string) => !/[+?}*]\*/.test(pattern);

describe('sed', () => {
  compare(
    'sed',
    'prints, deletes and quits',
    fc.tuple(flags('-n'), script).map(([options, text]) => [...options, text]),
  );
  compare(
    'sed',
    'replaces by basic expressions',
    fc
      .tuple(
        some('', 'g', '2', 'p', 'i', '2g', 'gI'),
        basicPattern.filter(isPlain),
        some('X', '[&]', '\\&', '', 'a\\nb', '\\t'),
      )
      .map(([letters, pattern, text]) => [`s/${pattern}/${text}/${letters}`]),
    asciiLines,
  );
  compare(
    'sed',
    'replaces by extended expressions with groups',
    fc.tuple(extendedPattern, some('<\\1>', '&&')).map(([pattern, text]) => ['-E', `s~(${pattern})~${text}~g`]),
    asciiLines,
  );

  test('does what it is mostly used for', async () => {
    expect(await output('a\nb\nc\nd\n', 'sed', '-n', '2p')).toBe('b\n');
    expect(await output('a\nb\nc\nd\n', 'sed', '-n', '2,3p')).toBe('b\nc\n');
    expect(await output('a\nb\nc\nd\n', 'sed', '1d')).toBe('b\nc\nd\n');
    expect(await output('a\nb\nc\nd\n', 'sed', '-ne', '/b/,/c/p')).toBe('b\nc\n');
    expect(await output('a\nb\nc\nd\n', 'sed', '2q')).toBe('a\nb\n');
    expect(await output('image: a/b:1\n', 'sed', '-E', 's|image: (.*):(.*)|\\2 \\1|')).toBe('1 a/b\n');
    expect(await output('a b\n', 'sed', '-e', 's/a/1/', '-e', 's/b/2/')).toBe('1 2\n');
    expect(await output('a\nb\nc\nd\n', 'sed', '-n', '2d;/a/,+1p')).toBe('a\nc\n');
    expect(await output('a\nb\nc\nd\n', 'sed', '-n', '2d;/a/,2p')).toBe('a\n');
    expect(await output('baaac\n', 'sed', 's/a*/x/g')).toBe('xbxcx\n');
    expect(await output('é😀\n', 'sed', 's/x*/-/g')).toBe('-é-😀-\n');
  });

  test('a last line without newline stays so, unless more is printed', async () => {
    expect(await output('a\nb', 'sed', 's/b/c/')).toBe('a\nc');
    expect(await output('a\nb', 'sed', 'p')).toBe('a\na\nb\nb');
    expect(await output('', 'sed', 'p')).toBe('');
  });

  test.each([
    ['s/a/b/e', /would run a program/],
    ['s/a/b/w /tmp/x', /would write a file/],
    ['1e id', /would run a program/],
    ['e', /would run a program/],
    ['w /tmp/x', /would write a file/],
    ['r /etc/passwd', /would read a file/],
    ['1R /etc/passwd', /would read a file/],
    ['y/a/b/', /not available/],
    ['N;P;D', /not available/],
    [':a;ba', /not available/],
    ['s/a/\\U&/', /not available/],
    ['s//b/', /empty pattern/],
  ])('refuses %s, naming what is accepted', (text, message) => {
    expect(() => parseFilter(['sed', text])).toThrow(expect.objectContaining({ code: 'command_refused' }));
    expect(() => parseFilter(['sed', text])).toThrow(message);
  });

  test('refuses scripts from files, and editing files', () => {
    for (const words of [
      ['-f', '/etc/passwd'],
      ['-i', 's/a/b/'],
      ['--in-place', 'p'],
      ['-i.bak', 'p'],
      ['p', '/etc/passwd'],
    ])
      expect(() => parseFilter(['sed', ...words])).toThrow(expect.objectContaining({ code: 'command_refused' }));
  });

  test.each([
    ['', /^sed: /],
    ['s/a/b', /a closing '\/' is missing/],
    ['s/a/\\2/', /has 0 groups/],
    ['s/a/b/zz', /flags 'zz'/],
    ['s/a/b/0', /flags '0'/],
    ['0p', /numbered from 1/],
    ['1,p', /second address/],
    ['{p', /not closed/],
    ['p}', /unexpected/],
    ['p p', /not understood/],
    ['1', /a command is missing/],
    [`${'{'.repeat(30)}p${'}'.repeat(30)}`, /too deeply/],
    ['s/\\(a/b/', /unmatched/],
  ])('says what is wrong with %j', (text, message) => {
    if (text === '') return expect(parseFilter(['sed', text])).toEqual({ name: 'sed', args: [''] });
    expect(() => parseFilter(['sed', text])).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    expect(() => parseFilter(['sed', text])).toThrow(message);
  });
});
