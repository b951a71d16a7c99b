import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageOf, humanDuration } from './age.ts';
import { cutToBudget } from './budget.ts';
import { cleanText } from './clean.ts';
import { renderTable } from './table.ts';
import { estimateTokens } from './tokens.ts';

describe('cleanText', () => {
  it.each([
    ['plain\n\ttext', 'plain\n\ttext'],
    ['\x1b[31mred\x1b[0m', 'red'],
    ['\x1b[38;2;1;2;3mrgb\x1b[K', 'rgb'],
    ['a\x1b]0;title\x07b', 'ab'],
    ['a\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\b', 'alinkb'],
    ['\x9b31mx', 'x'],
    ['a\x1bPdevice\x1b\\b', 'ab'],
    ['a\x1b(Bb\x1bcc', 'abc'],
    ['10%\r20%\r\nend', '10%\n20%\nend'],
    ['a\x00b\x08c\x7fd', 'abcd'],
    ['user\u202etxt.exe', 'usertxt.exe'],
    ['a\u200bb\u2060c\ufeffd\u00ade', 'abcde'],
    ['a\u{e0041}\u{e0042}b\ufe0f', 'ab'],
    ['a\ud800b\udc00c', 'abc'],
    ['a\u2028b', 'a\nb'],
    ['日本語 😀 é', '日本語 😀 é'],
    ['open \x1b]0;never ends\nnext', 'open \nnext'],
  ])('%j', (before, after) => expect(cleanText(before)).toBe(after));

  it('says of each character by itself what it says of it beside one that is removed', () => {
    const differ = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).filter(
      (unit) => cleanText(unit) !== cleanText(`\0${unit}`),
    );
    expect(differ).toEqual([]);
  });

  it('caps a line and says how much is missing', () => {
    expect(cleanText(`ab\n${'x'.repeat(12)}`, { maxLine: 10 })).toBe(`ab\n${'x'.repeat(10)}… [2 more characters]`);
    expect(cleanText(`${'x'.repeat(9)}😀y`, { maxLine: 10 })).toBe(`${'x'.repeat(9)}… [3 more characters]`);
  });

  it('leaves a line alone that was cut before, so that its count stays true', () => {
    const cut = cleanText('x'.repeat(10_000));
    expect(cut).toBe(`${'x'.repeat(2000)}… [8000 more characters]`);
    expect(cleanText(cut)).toBe(cut);
    const log = `${'x'.repeat(2000)}… (8000 more characters)`;
    expect(cleanText(log)).toBe(log);
    expect(cleanText(`${'x'.repeat(5000)}… [1 more characters]`)).toBe(`${'x'.repeat(2000)}… [3021 more characters]`);
  });

  it('leaves no control, bidi or zero-width character, and changes nothing the second time', () => {
    const anyText = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('\x1b[', '\x1b]', '\x9b', '\x07', '\r', '\u202e', '\ud800', '1;2', 'm'),
      ),
    );
    fc.assert(
      fc.property(anyText, (parts) => {
        const clean = cleanText(parts.join(''), { maxLine: 1e9 });
        expect(clean).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/);
        expect(clean.isWellFormed()).toBe(true);
        expect(cleanText(clean, { maxLine: 1e9 })).toBe(clean);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes hostile text of any size', () => {
    for (const piece of ['\x1b[', '\x1b[0', '\x1b]', '\x1b', '\x9d', ';1', '\u202e']) {
      expect(typeof cleanText(`\x1b[${piece.repeat(200_000)}`)).toBe('string');
    }
  });
});

describe('humanDuration', () => {
  // The values of kubectl's own test table.
  const [S, M, H, D] = [1, 60, 3600, 86_400];
  it.each([
    [-2 * S, '<invalid>'],
    [-1 * S, '0s'],
    [0, '0s'],
    [S, '1s'],
    [70 * S, '70s'],
    [119 * S, '119s'],
    [2 * M, '2m'],
    [190 * S, '3m10s'],
    [10 * M, '10m'],
    [71 * M, '71m'],
    [179 * M, '179m'],
    [3 * H, '3h'],
    [185 * M, '3h5m'],
    [8 * H, '8h'],
    [47 * H, '47h'],
    [49 * H, '2d1h'],
    [48 * H, '2d'],
    [8 * D, '8d'],
    [729 * D, '729d'],
    [730 * D, '2y'],
    [(2 * 365 + 9) * D, '2y9d'],
    [8 * 365 * D, '8y'],
  ])('%i seconds: %s', (seconds, text) => expect(humanDuration(seconds * 1000)).toBe(text));

  it('says when there is no time', () => {
    expect(ageOf(undefined, 0)).toBe('<unknown>');
    expect(ageOf('not a time', 0)).toBe('<unknown>');
    expect(ageOf('2026-11-20T00:00:00Z', Date.parse('2026-11-20T03:12:00Z'))).toBe('3h12m');
  });
});

describe('cutToBudget', () => {
  const lines = ['one two', 'three four', 'five six', 'seven'];
  it('keeps whole lines from the start or the end, and counts the rest', () => {
    const two = estimateTokens('one two\n') + estimateTokens('three four\n');
    expect(cutToBudget(lines, { budget: two })).toEqual({ kept: ['one two', 'three four'], omitted: 2 });
    expect(cutToBudget(lines, { budget: estimateTokens('seven\n'), tail: true })).toEqual({
      kept: ['seven'],
      omitted: 3,
    });
    expect(cutToBudget(lines, { budget: 1000 })).toEqual({ kept: lines, omitted: 0 });
    expect(cutToBudget(lines, { budget: 0, tail: true })).toEqual({ kept: [], omitted: 4 });
  });
});

it('renders a table whose cells can be told apart', () => {
  expect(
    renderTable(
      ['NAME', 'RESTARTS'],
      [
        ['web', '3 (2m ago)'],
        ['', '"'],
      ],
    ),
  ).toBe('NAME RESTARTS\nweb "3 (2m ago)"\n"" "\\""');
});
