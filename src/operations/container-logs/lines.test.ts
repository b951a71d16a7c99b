import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitSections } from './fit.ts';
import { readTail, splitLines } from './lines.ts';

async function* chunks(...texts: string[]) {
  yield* texts;
}

async function linesOf(...texts: string[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of splitLines(chunks(...texts))) lines.push(line);
  return lines;
}

test('lines come whole whatever the pieces, with or without a last line end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.string({ maxLength: 10 }).map((s) => s.replace(/[\r\n]/g, '')),
        { maxLength: 8 },
      ),
      fc.integer({ min: 1, max: 9 }),
      async (lines, size) => {
        const text = lines.map((line) => `${line}\n`).join('');
        const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
        expect(await linesOf(...pieces)).toEqual(lines);
      },
    ),
  );
  expect(await linesOf('a\r\nb')).toEqual(['a', 'b']);
});

test('a line that never ends is cut while it arrives', async () => {
  const lines = await linesOf(...Array.from({ length: 100 }, () => 'x'.repeat(1000)), '\nnext\n');
  expect(lines).toEqual([`${'x'.repeat(2000)}… (98000 more characters)`, 'next']);
});

test('the tail keeps the last lines that pass the filter and counts the rest', async () => {
  const text = Array.from({ length: 50 }, (_, i) => `${i % 5 === 0 ? 'error' : 'info'} ${i}\n`).join('');
  const filter = {
    include: (line: string) => line.startsWith('error'),
    exclude: (line: string) => line.endsWith('45'),
  };
  expect(await readTail(chunks(text), filter, 2)).toEqual({
    lines: ['error 35', 'error 40'],
    read: 50,
    matched: 9,
    stopped: false,
  });
});

test('an endless log stops being read', async () => {
  async function* endless() {
    for (;;) yield `${'y'.repeat(1999)}\n`;
  }
  const tail = await readTail(endless(), { include: undefined, exclude: undefined }, 1);
  expect(tail.stopped).toBe(true);
});

test('sections share the budget: small ones stay whole, large ones keep their newest lines', () => {
  const section = (pod: string, count: number) => ({
    pod,
    container: 'c',
    note: '',
    lines: Array.from({ length: count }, (_, i) => `word word word ${i}`),
  });
  const [small, large] = fitSections([section('small', 5), section('large', 500)], 600);
  expect(small).toMatchObject({ cut: 0 });
  expect(large?.lines.at(-1)).toBe('word word word 499');
  expect((large?.cut ?? 0) + (large?.lines.length ?? 0)).toBe(500);
  expect(large?.cut).toBeGreaterThan(300);
});
