import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  basicPattern,
  compare,
  count,
  extendedPattern,
  flags,
  output,
  run,
  some,
  sometimes,
  together,
  word,
} from '../../../test/support/filters.ts';
import { parseFilter } from './parse.ts';

const PODS = 'NAME READY\nweb-1 1/1\nweb-2 0/1\napi-1 1/1\n';

const one = (...letters: string[]) => sometimes(some(...letters).map((letter) => [letter]));
const options = together(
  flags('-i', '-v', '-n', '-h'),
  one('-c', '-o', '-q', '-l', '-L'),
  one('-w', '-x'),
  sometimes(count.map((n) => ['-A', n])),
  sometimes(count.map((n) => [`-B${n}`])),
  sometimes(count.map((n) => ['-C', n])),
  sometimes(count.map((n) => ['-m', n])),
  // -o of lines that do not match is nobody's wish, and shows odd things.
).filter((words) => !(words.includes('-v') && words.includes('-o')));
const several = (pattern: fc.Arbitrary<string>) =>
  fc.array(pattern, { minLength: 1, maxLength: 3 }).map((list) => list.flatMap((one) => ['-e', one]));

describe('grep', () => {
  compare('grep', 'finds basic expressions', together(options, several(basicPattern)));
  compare('grep', 'finds extended expressions', together(fc.constant(['-E']), options, several(extendedPattern)));
  compare(
    'grep',
    'finds fixed strings',
    together(fc.constant(['-F']), options, several(fc.oneof(word, some('a.b', '*', '[', '\\', '(')))),
  );

  test('keeps lines that match, and adds the newline that the last one lacks', async () => {
    expect(await output(PODS, 'grep', 'web')).toBe('web-1 1/1\nweb-2 0/1\n');
    expect(await output('a\nb', 'grep', 'b')).toBe('b\n');
    expect(await run('a\n', 'grep', 'x')).toEqual({ output: '', exitCode: 1, truncated: false });
    expect(await run('', 'grep', '-c', 'x')).toEqual({ output: '0\n', exitCode: 1, truncated: false });
  });

  test('reads plus, question mark, braces and bar as basic or extended expressions do', async () => {
    const text = 'a+b\naab\na|b\na{2}\n';
    expect(await output(text, 'grep', 'a+b')).toBe('a+b\n');
    expect(await output(text, 'grep', 'a\\+b')).toBe('aab\n');
    expect(await output(text, 'grep', '-E', 'a+b')).toBe('aab\n');
    expect(await output(text, 'grep', 'a|b')).toBe('a|b\n');
    expect(await output(text, 'egrep', '^(a\\+|a\\{)')).toBe('a+b\na{2}\n');
    expect(await output(text, 'fgrep', 'a{2}')).toBe('a{2}\n');
  });

  test('matches the longest of alternatives, not the first', async () => {
    expect(await output('abcd\n', 'grep', '-oE', 'ab|abcd|abc')).toBe('abcd\n');
  });

  test('takes the everyday options together', async () => {
    expect(await output(PODS, 'grep', '-in', '--color=never', 'WEB', '-')).toBe('2:web-1 1/1\n3:web-2 0/1\n');
    expect(await output(PODS, 'grep', '-v', '-e', 'web', '-e', 'NAME')).toBe('api-1 1/1\n');
    expect(await output(PODS, 'grep', '-1', 'web-2')).toBe('web-1 1/1\nweb-2 0/1\napi-1 1/1\n');
    expect(await output('a\nb\nc\nd\ne\n', 'grep', '-A1', '-n', '[ad]')).toBe('1:a\n2-b\n--\n4:d\n5-e\n');
    expect(await output('x1 y22\n', 'grep', '-o', '[0-9]\\+')).toBe('1\n22\n');
  });

  test.each([
    [['-P', '\\d+'], /Perl expressions can take exponential time/],
    [['-f', '/etc/passwd'], /patterns from a file/],
    [['-r', 'x'], /filters read only what the pipe brings/],
    [['--include=*.ts', 'x'], /filters read only what the pipe brings/],
    [['x', '/etc/passwd'], /would be read as a file/],
    [['-z', 'x'], /input here is lines/],
  ])('refuses %j', (args, message) => {
    expect(() => parseFilter(['grep', ...args])).toThrow(expect.objectContaining({ code: 'command_refused' }));
    expect(() => parseFilter(['grep', ...args])).toThrow(message);
  });

  test.each([
    [[], /a pattern is missing/],
    [['\\(a\\)\\1'], /refers back to a group/],
    [['\\d'], /write \[0-9\]/],
    [['\\(a'], /unmatched \(/],
    [['-E', 'a)'], /unmatched \)/],
    [['[a'], /unmatched \[/],
    [['[[:nope:]]'], /unknown character class/],
    [['[z-a]'], /invalid range end/],
    [['a\\{2,1\\}'], /ends before it begins/],
    [['-E', 'a{1001}'], /at most 1000 times/],
    [['-E', '(a{1000}){6}'], /more than 5000 steps|invalid repeat count/],
    [['a\\'], /trailing backslash/],
    [['-m', 'x', 'a'], /needs a number/],
    [['-EF', 'a'], /more than one of/],
    [['--nope', 'a'], /unknown option --nope/],
  ])('says what is wrong with %j', (args, message) => {
    expect(() => parseFilter(['grep', ...args])).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
    expect(() => parseFilter(['grep', ...args])).toThrow(message);
  });

  test('patterns that take others for ever are linear', async () => {
    const text = `${'a'.repeat(50_000)}\n`;
    for (const pattern of ['(a*)*b', '(a|aa)+c', '(.*)*x', '(a?){30}a{30}b', '(a+)+$x'])
      expect((await run(text, 'grep', '-E', pattern)).exitCode).toBe(1);
  });
});
