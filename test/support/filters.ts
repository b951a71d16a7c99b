/** Text filters in the test's own thread, alone and beside the real tools of this machine. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runChain } from '../../src/exec/filters/chain.ts';
import { parseFilter } from '../../src/exec/filters/parse.ts';

/** Random cases for each comparison; each starts one process. */
const RUNS = Number(process.env['FILTER_RUNS'] ?? 60);

/** One stage by its words. */
export function run(input: string, ...words: string[]) {
  const { name, args } = parseFilter(words);
  return runChain({ stages: [{ name, args }], input, maxOutputChars: 1_000_000 });
}

export async function output(input: string, ...words: string[]): Promise<string> {
  return (await run(input, ...words)).output;
}

/** A tool of this machine; undefined where it is not installed, or not of the kind we follow. */
function realTool(name: string, kind: string) {
  const { error, stdout, stderr } = spawnSync(name, [kind === 'mawk' ? '-Wversion' : '--version'], {
    encoding: 'utf8',
    input: '',
  });
  if (error !== undefined || !`${stdout}${stderr}`.includes(kind)) return undefined;
  return (args: readonly string[], input: string) => {
    const env = { LC_ALL: 'C.UTF-8', PATH: process.env['PATH'] ?? '' };
    const end = spawnSync(name, args, { input, encoding: 'utf8', env });
    return { output: end.stdout, exitCode: end.status ?? -1 };
  };
}

/** Holds a filter against the real tool of the same name; `share` of the usual number of cases for slow ones. */
export function compare(
  name: string,
  what: string,
  args: fc.Arbitrary<string[]>,
  input: fc.Arbitrary<string> = lines,
  kind = 'GNU',
  share = 1,
) {
  const real = realTool(name, kind);
  test.skipIf(real === undefined)(`${name}: ${what} as the real one does`, async () => {
    const property = fc.asyncProperty(args, input, async (words, content) => {
      const { output, exitCode } = await run(content, name, ...words);
      expect({ words, content, output, exitCode }).toEqual({ words, content, ...real?.(words, content) });
    });
    await fc.assert(property, { numRuns: Math.ceil(RUNS * share) });
  });
}

export const some = (...words: string[]): fc.Arbitrary<string> => fc.constantFrom(...words);
export const count: fc.Arbitrary<string> = fc.integer({ min: 0, max: 6 }).map(String);
export const flags = (...letters: string[]): fc.Arbitrary<string[]> => fc.subarray(letters);
export const sometimes = (words: fc.Arbitrary<string[]>): fc.Arbitrary<string[]> =>
  fc.oneof(fc.constant<string[]>([]), words);
export const together = (...parts: fc.Arbitrary<string[]>[]): fc.Arbitrary<string[]> =>
  fc.tuple(...parts).map((lists) => lists.flat());
export const joined = (parts: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(parts, { minLength: 1, maxLength: 4 }).map((list) => list.join(''));

const WORDS =
  'web-1 web-10 api API Running Error 10 2 -3 1.5 0 10Gi 512Ki 3M a b aa ab v1.2.10 v1.2.9 x=1 é 😀 a.b - _';
/** One word of what kubectl prints, or none. */
export const word: fc.Arbitrary<string> = some('', ...WORDS.split(' '));
const gap = some(' ', '  ', '   ', '\t', ',', ':');
const line = fc.array(fc.tuple(word, gap), { maxLength: 5 }).map((parts) => parts.flat().join(''));

/** Up to twelve lines with blanks, numbers and empty ones, with and without a newline at the end. */
export const lines: fc.Arbitrary<string> = fc
  .tuple(fc.array(line, { maxLength: 12 }), fc.boolean())
  .map(([list, ended]) => list.join('\n') + (ended && list.length > 0 ? '\n' : ''));

/** For tools whose real ones count bytes. */
export const asciiLines: fc.Arbitrary<string> = lines.map((text) => text.replace(/[^\x00-\x7f]+/g, 'e'));

const atom = some(
  ...'a b e 1 - . [0-9] [a-c] [^a] [[:alpha:]] [[:space:]] []x] [a-] \\w \\W \\s \\. web é x'.split(' '),
);
const after = (...repeats: string[]) => fc.tuple(atom, some('', '', '', ...repeats)).map((parts) => parts.join(''));

export const basicPattern: fc.Arbitrary<string> = joined(
  fc.oneof(
    after('*', '\\+', '\\?', '\\{1,2\\}', '\\{2\\}'),
    joined(atom).map((inner) => `\\(${inner}\\|a\\)`),
    some('\\<a', 'b\\>', '\\ba', '1\\b', '^', '$', '*a', '^*'),
  ),
);

export const extendedPattern: fc.Arbitrary<string> = joined(
  fc.oneof(
    after('*', '+', '?', '{1,2}', '{2}', '*?', '{,2}'),
    joined(atom).map((inner) => `(${inner}|ab)`),
    some('\\<a', 'b\\>', '\\ba', '(^a|b$)', 'a|b', '()', '^', '$'),
  ),
);
