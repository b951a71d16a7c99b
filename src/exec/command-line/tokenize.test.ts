import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import { tokenize } from './tokenize.ts';

function problem(command: string): string {
  try {
    return JSON.stringify(tokenize(command));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toBe('invalid_argument');
    return error.message;
  }
}

describe('words', () => {
  it.each([
    ['get pods', [['get', 'pods']]],
    ['\n get\t pods \r\n', [['get', 'pods']]],
    ['', [[]]],
    [`a 'b c' "d e" f\\ g`, [['a', 'b c', 'd e', 'f g']]],
    [`--x='a'"b"c`, [['--x=abc']]],
    [`'' ""`, [['', '']]],
    [`'a\\b"$(x)\`;|'`, [['a\\b"$(x)`;|']]],
    [`"\\$ \\" \\\\ \\n \\\`"`, [['$ " \\ \\n `']]],
    ['"a\\\nb" c\\\nd', [['ab', 'cd']]],
    ['get \\\r\n pods', [['get', 'pods']]],
    ["'two\nlines'", [['two\nlines']]],
    ['$HOME ~ * a?b [x] !y a#b x=y', [['$HOME', '~', '*', 'a?b', '[x]', '!y', 'a#b', 'x=y']]],
    ['größe 名前 🚀', [['größe', '名前', '🚀']]],
    ["'a\u00a0b \u200d'", [['a\u00a0b \u200d']]],
    ['\\🚀', [['🚀']]],
  ])('reads %j', (command, stages) => {
    expect(tokenize(command)).toEqual(stages);
  });
});

describe('habits of a shell that mean nothing here', () => {
  it.each([
    ['get pods 2>/dev/null', [['get', 'pods']]],
    [
      'get pods 2> /dev/null | grep web',
      [
        ['get', 'pods'],
        ['grep', 'web'],
      ],
    ],
    ['get pods 2>/dev/null -A', [['get', 'pods', '-A']]],
    ['get pods 2>&1', [['get', 'pods']]],
    ['get pods 2>&1 ', [['get', 'pods']]],
    ['get pod 2', [['get', 'pod', '2']]],
    ["get pod '2>/dev/null'", [['get', 'pod', '2>/dev/null']]],
  ])('%s', (command, words) => {
    expect(tokenize(command)).toEqual(words);
  });
});

describe('brackets', () => {
  it.each([
    ['-o jsonpath={.items[*].metadata.name}', ['-o', 'jsonpath={.items[*].metadata.name}']],
    ['{range .items[*]}{.a}{"\\n"}{end}', ['{range .items[*]}{.a}{"\\n"}{end}']],
    [`{.x[?(@.a=='b c')].d} e`, [`{.x[?(@.a=='b c')].d}`, 'e']],
    ['-p {"a": {"b": "} ; | $(x)"}} y', ['-p', '{"a": {"b": "} ; | $(x)"}}', 'y']],
    [
      '-p [{"op": "add"}, {"op": "x", "value": [1, 2]}] y',
      ['-p', '[{"op": "add"}, {"op": "x", "value": [1, 2]}]', 'y'],
    ],
    ['--patch=[ {"a": 1} ]', ['--patch=[ {"a": 1} ]']],
    ['env in (a, b),c', ['env', 'in', '(a, b),c']],
    ['awk {print $1, $2}', ['awk', '{print $1, $2}']],
    ['{a\\}b}', ['{a\\}b}']],
    ['a} b)', ['a}', 'b)']],
    ['[a b]', ['[a', 'b]']],
  ])('keeps what is in them in %s', (command, words) => {
    expect(tokenize(command)).toEqual([words]);
  });
});

describe('pipes', () => {
  it('separate stages', () => {
    expect(tokenize(`get pods | grep -v 'a|b'|head -5`)).toEqual([
      ['get', 'pods'],
      ['grep', '-v', 'a|b'],
      ['head', '-5'],
    ]);
  });

  it('may be followed by a line break', () => {
    expect(tokenize('get pods |\n  sort')).toEqual([['get', 'pods'], ['sort']]);
  });
});

describe('refusals', () => {
  it.each([
    ['get pods; id', 'command: `;` (two commands) at character 9.'],
    ['a && b', 'command: `&&` (two commands) at character 3.'],
    ['a\nb', 'command: a line break (two commands) at character 2.'],
    ['a <<EOF', 'command: `<<` (here-document) at character 3.'],
    ['a "$(b)"', 'command: `$(` (command substitution) in double quotes at character 4.'],
    ["a 'b", "command: `'` that is never closed at character 3."],
    ['a {b "c}', 'command: `"` that is never closed at character 6.'],
    ['a {b (c}', 'command: `{` that is never closed at character 3.'],
    ['a | ', 'command: nothing after `|` at character 3.'],
    ['a \\', 'command: a backslash with nothing after it at character 3.'],
    ['a \u2013n b', 'command: a dash that is not `-` (U+2013) at character 3.'],
    ['a\0', 'command: the control character U+0000 at character 2.'],
    ['a \ud800', 'command: half of a surrogate pair.'],
    ['x'.repeat(65_537), 'command: longer than 65536 characters.'],
    ['x '.repeat(1_001), 'command: more than 1000 words.'],
  ])('say where and what: %j', (command, message) => {
    expect(problem(command)).toBe(message);
  });

  it('do not repeat the text, which may hold a password', () => {
    expect(problem('create secret generic x --from-literal=a=hunter2;x')).not.toContain('hunter2');
  });
});

/** Quotes, brackets, operators and blanks far more often than chance would have it. */
const tricky = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...' \t\n\\\'"`$(){}[]|&;<>#=-,a1~*?'),
    fc.constantFrom('🚀', 'é', '\u2013', '\u00a0'),
    fc.string({ minLength: 1, maxLength: 1, unit: 'binary' }),
  ),
  maxLength: 40,
});

const printable = fc.string({ unit: fc.constantFrom(...' \t\n\\\'"`$(){}[]|&;<>#=-,a1~*?é🚀'), maxLength: 20 });

const QUOTES: readonly ((word: string) => string)[] = [
  (word) => `'${word.replaceAll("'", `'\\''`)}'`,
  (word) => `"${word.replace(/[$"\\`]/g, '\\$&')}"`,
];

describe('any text', () => {
  it('is read, or refused as invalid, and nothing else', () => {
    fc.assert(
      fc.property(tricky, (command) => problem(command).length > 0),
      { numRuns: 3_000 },
    );
  });

  it('comes back as it was when it is quoted', () => {
    const quoted = fc.array(fc.tuple(printable, fc.constantFrom(...QUOTES)), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(quoted, (words) => {
        const command = words.map(([word, quote]) => quote(word)).join(' ');
        expect(tokenize(command)).toEqual([words.map(([word]) => word)]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is read in time that grows with its length only', () => {
    for (const unit of ['{', '(', '[{', "'", '"', '{"', '\\', '|a', 'a ', '$', '=[', '\n']) {
      expect(problem(unit.repeat(60_000 / unit.length)).length).toBeGreaterThan(0);
    }
  });
});
