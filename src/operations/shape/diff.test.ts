import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unifiedDiff } from './diff.ts';

test('equal texts have no diff', () => {
  expect(unifiedDiff('a\nb\n', 'a\nb\n')).toBe('');
});

test('changes come with three lines around them, far ones in hunks of their own', () => {
  const before = Array.from({ length: 20 }, (_, i) => `line ${i + 1}`);
  const after = before.map((line) => (line === 'line 2' ? 'line two' : line)).filter((line) => line !== 'line 15');
  expect(unifiedDiff(before.join('\n'), after.join('\n'))).toBe(
    [
      '@@ -1,5 +1,5 @@',
      ' line 1',
      '-line 2',
      '+line two',
      ' line 3',
      ' line 4',
      ' line 5',
      '@@ -12,7 +12,6 @@',
      ' line 12',
      ' line 13',
      ' line 14',
      '-line 15',
      ' line 16',
      ' line 17',
      ' line 18',
    ].join('\n'),
  );
});

test('a diff applied to the first text gives the second', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      expect(apply(before, unifiedDiff(before.join('\n'), after.join('\n')))).toEqual(
        after.length === 0 ? [''] : after,
      );
    }),
    { numRuns: 500 },
  );
});

test('texts that share nothing are replaced as a whole, however long', () => {
  const text = (word: string) => Array.from({ length: 20_000 }, (_, i) => `${word} ${i}`).join('\n');
  const diff = unifiedDiff(text('old'), text('new')).split('\n');
  expect(diff).toHaveLength(40_001);
  expect(diff[0]).toBe('@@ -1,20000 +1,20000 @@');
});

function apply(before: readonly string[], diff: string): string[] {
  const source = before.length === 0 ? [''] : [...before];
  if (diff === '') return source;
  const out: string[] = [];
  let at = 0;
  for (const line of diff.split('\n')) {
    const hunk = /^@@ -(\d+),\d+ \+\d+,\d+ @@$/.exec(line);
    if (hunk) {
      while (at < Number(hunk[1]) - 1) out.push(source[at++] ?? '');
    } else if (line.startsWith('+')) out.push(line.slice(1));
    else {
      expect(source[at]).toBe(line.slice(1));
      if (line.startsWith(' ')) out.push(line.slice(1));
      at++;
    }
  }
  return [...out, ...source.slice(at)];
}
