import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asciiLines, compare, output, run, some, sometimes, together } from '../../../test/support/filters.ts';
import { parseFilter } from './parse.ts';

/** One of each thing that is accepted. */
const PROGRAMS = [
  '{print $1}',
  '{print $1, $NF; print NR": "$0}',
  'NF > 1 {print $(NF-1)}',
  'NR>1{print $2}',
  'NR==2,NR==4',
  '/web/',
  '/web/,/Error/{print NR}',
  '!/a/',
  '$1=="Running"',
  '$2 ~ /^[0-9]+$/ && $2 > 1',
  '$1 !~ "a" || NF < 2 {print NF}',
  '{s += $2} END {print s, NR}',
  'END{print $0, NF}',
  '!seen[$1]++',
  '{n[$1]++} END {print n["web-1"], n["x"]+0, length(n)}',
  'BEGIN{FS=","; OFS="-"} {$1=$1; print}',
  '{$2=""; print; print NF}',
  '{$5="x"; print}',
  '{NF=2; print}',
  '{print length, length($1), length()}',
  '{print substr($0, 2), substr($1, 2, 2), substr($1, 3)}',
  '{print index($0, "b"), toupper($1), tolower($1)}',
  '{n = split($0, a, ","); print n, a[1], a[n]}',
  '{n = split($0, a); for (i = n; i > 0; i--) printf "%s ", a[i]; print ""}',
  '{n = split($0, a, /[ab]+/); print n, a[2]}',
  '{print gsub(/a/, "<&>"), $0}',
  '{sub(/[0-9]+/, "[&\\\\&]"); print}',
  '{gsub("b*", "x"); print}',
  '{print match($0, /b+/), RSTART, RLENGTH}',
  '{printf "%5s|%-5s|%05d|%.2f|%x|%c|%e|%g|%i%%\\n", $1, $2, $2, $2, 255, "xyz", 1234.5, 0.0001, 3.9}',
  '{print $2 + 0, $2 * 2, $2 % 3, -$2, $2 ^ 2, 2 ^ 3 ^ 2, 7 / 2}',
  '{print 1e6, 1000000 * 10, 0.1 + 0.2, 1/3, 30000 * 30000, "x" 1.0}',
  '{print 1==1.0, "a"<"b", $1<$2, $1==$2, 2<10, "2"<"10", x==0, x==""}',
  '{print (1 > 2) ? "y" : "n"; print 1 - 1 " " -1}',
  '{x = y = 3; x += 2; x ^= 2; y--; print x++ + ++x, y}',
  '{if ($1 > 1) print "big"; else if ($1) print "some"; else print "none"}',
  '{i = 3; while (i-- > 0) {if (i == 1) continue; printf "%d", i}; do {i++} while (i < 2); print i}',
  '{for (;;) {if (++k > 3) break}; print k; k = 0}',
  'NR == 2 {next} {print} NR == 3 {exit 4} END {print "end"}',
  'BEGIN {printf "%s %s\\n", "a", "b"; exit} END {print "after"}',
  '{a[$1, $2] = NR; if (($1, $2) in a) print "in"; delete a[$1, $2]; print (($1, $2) in a)}',
  '{print int(3.9), int(-3.9), sqrt(16), exp(0), int("3x")}',
  '{print $1 $2, ($1)($2)}',
  '{print "a\\tb\\\\c\\"d"}',
  '{ print ; print "x" } ; # done',
  '{ x = $1\n print x\n}\n\nEND { print NR }',
  'length > 3',
  '$NF',
  'NF',
  'NR % 2',
];

const separator = sometimes(some(' ', ',', ':', '\\t', '[,:]', 'a', '|').map((one) => ['-F', one]));

describe('awk', () => {
  compare(
    'awk',
    'runs programs',
    together(
      separator,
      fc.constantFrom(...PROGRAMS).map((program) => [program]),
    ),
    asciiLines,
    'mawk',
  );

  test('every program of the list does as the real one does, on the same few lines', async () => {
    for (const program of PROGRAMS)
      expect((await run('web-1 2 x\na,b 10 3\n\n1 1\n', 'awk', program)).error).toBeUndefined();
  });

  test('does what it is mostly used for', async () => {
    const pods = 'NAME READY STATUS\nweb-1 1/1 Running\napi-1 0/1 Error\n';
    expect(await output(pods, 'awk', '{print $1}')).toBe('NAME\nweb-1\napi-1\n');
    expect(await output(pods, 'awk', 'NR>1 && $3!="Running" {print $1}')).toBe('api-1\n');
    expect(await output(pods, 'awk', '-F/', '{print $2}')).toBe('\n1 Running\n1 Error\n');
    expect(await output('a:b\n', 'awk', '-v', 'x=y', 'BEGIN{OFS="-"; FS=":"} {print x, $2}')).toBe('y-b\n');
    expect(await output('hello\n', 'awk', '{print substr($0, 0, 3), substr($0, -1, 4), substr($0, 4, 9)}')).toBe(
      'he he lo\n',
    );
    expect(await output('a\n', 'awk', '{print 100000 * 100000, 1e20, "a\\/b"}')).toBe(
      '10000000000 100000000000000000000 a/b\n',
    );
    expect(await output('é😀\n', 'awk', '{print length($1), substr($1, 2)}')).toBe('2 😀\n');
  });

  test('what goes wrong while it runs is said as awk says it', async () => {
    expect(await run('a\n', 'awk', '{print 1/0}')).toEqual({
      output: '',
      exitCode: 2,
      error: 'awk: division by zero',
      truncated: false,
    });
    expect((await run('a\n', 'awk', '{$-1=1}')).error).toBe('awk: there is no field -1');
    expect((await run('a\n', 'awk', '{$9999999=1}')).error).toBe('awk: a line has at most 1000000 fields');
    expect((await run('a\n', 'awk', '{x[1]=1; print x}')).error).toBe('awk: x is an array');
    expect((await run('a\n', 'awk', '{x=1; x[1]=1}')).error).toBe('awk: x is no array');
    expect((await run('a\n', 'awk', '{printf "%99999d", 1}')).error).toBe('awk: printf: a width of 99999 is too much');
  });

  test('arrays that grow for ever end', async () => {
    expect((await run('a\n', 'awk', '{for(;;) a[i++]=i}')).error).toBe('awk: more than 1000000 entries in arrays');
  });

  test.each([
    '{system("id")}',
    'BEGIN{system("id")}',
    '{print | "sh"}',
    '{print $1 | "sh"}',
    '{"id" | getline x; print x}',
    '{getline line < "/etc/passwd"; print line}',
    'BEGIN{while((getline l < "/etc/passwd") > 0) print l}',
    '{print > "/tmp/x"}',
    '{print $1 >> "/tmp/x"}',
    '{printf "x" > "/tmp/x"}',
    '{print $1, $2 > $3}',
    'BEGIN{print ENVIRON["PATH"]}',
    'BEGIN{print ARGV[0]}',
    'function f(x) {return x} {print f(1)}',
    'BEGIN{RS=";"}',
    'BEGIN{close("x")}',
    '{fflush()}',
  ])('%s is refused', (program) => {
    expect(() => parseFilter(['awk', program])).toThrow(expect.objectContaining({ code: 'command_refused' }));
  });

  test('options that read files or load code are refused', () => {
    for (const words of [
      ['-f', 'x'],
      ['--file=x'],
      ['-i', 'inplace'],
      ['-l', 'filefuncs'],
      ['-E', 'x'],
      ['-v', 'RS=;', '1'],
      ['1', '/etc/passwd'],
      ['-o/tmp/x', '1'],
    ])
      expect(() => parseFilter(['awk', ...words])).toThrow(expect.objectContaining({ code: 'command_refused' }));
  });

  test.each([
    '',
    '{print',
    '{print $1',
    '{print (1}',
    'BEGIN',
    '{1 = 2}',
    '{nope(1)}',
    '{substr(1)}',
    '{@include "x"}',
    '{"unclosed}',
    '/[a/',
    '/(a)\\1/',
    '{if}',
    '{for (x in) 1}',
    `{print ${'('.repeat(300)}1${')'.repeat(300)}}`,
    `{print ${'-'.repeat(300)}1}`,
    `${'{'.repeat(300)}`,
    'x'.repeat(20_000),
  ])('%s is not understood', (program) => {
    if (program === '') return expect(parseFilter(['awk', ''])).toEqual({ name: 'awk', args: [''] });
    expect(() => parseFilter(['awk', program])).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });

  test('any text is read as a program or turned down, and never breaks the reader', () => {
    const piece = some(
      ...'{ } ( ) [ ] $ 1 x "a" /a/ + - ++ ! ~ , ; \n print if else for while in = == && || ? : < > | NR $NF length substr'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 15 }), (pieces) => {
        try {
          parseFilter(['awk', pieces.join(' ')]);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(invalid_argument|command_refused)$/) });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
