/** paste and column -t: lines put together, fields put in columns. */
import { invalid, refused, refuseFiles } from './errors.ts';
import { readOptions } from './options.ts';
import { linesOf } from './text.ts';
import { DONE, type RunStage } from './types.ts';

/** Most `-` operands of paste. */
const MAX_PASTE = 100;

const DELIMITERS: Readonly<Record<string, string>> = { n: '\n', t: '\t', '0': '' };

/** `paste -s -d,` joins all lines; `paste - -` joins two and two. */
export function paste(args: readonly string[]): RunStage {
  const { options, operands } = readOptions('paste', args, {
    letters: 'sd:',
    long: { serial: 's', 'delimiters:': 'd' },
    refused: { z: 'input here is lines.' },
  });
  refuseFiles('paste', operands);
  if (operands.length > MAX_PASTE) throw invalid('paste', `at most ${MAX_PASTE} columns.`);
  const given = options.filter(({ name }) => name === 'd').at(-1)?.value ?? '\t';
  const marks = [...given.matchAll(/\\(.)|[^\\]|\\$/gsu)].map(([text, escaped]) =>
    escaped === undefined ? text : (DELIMITERS[escaped] ?? escaped),
  );
  const mark = (index: number) => (marks.length === 0 ? '' : (marks[index % marks.length] ?? ''));
  const serial = options.some(({ name }) => name === 's');
  const width = Math.max(1, operands.length);
  return (input, out) => {
    const lines = linesOf(input);
    const join = (some: readonly string[]) => some.map((line, at) => (at === 0 ? line : mark(at - 1) + line)).join('');
    if (serial) out.write(`${join(lines)}\n${'\n'.repeat(width - 1)}`);
    else
      for (let at = 0; at < lines.length; at += width)
        out.write(`${join(Array.from({ length: width }, (_, column) => lines[at + column] ?? ''))}\n`);
    return DONE;
  };
}

/** `column -t`, with -s for what separates fields and -o for what is put between columns. Empty lines are left out. */
export function column(args: readonly string[]): RunStage {
  const { options, operands } = readOptions('column', args, {
    letters: 'ts:o:',
    long: { table: 't', 'separator:': 's', 'output-separator:': 'o' },
  });
  refuseFiles('column', operands);
  if (!options.some(({ name }) => name === 't')) throw refused('column', 'only column -t is available.');
  const value = (name: string) => options.filter((option) => option.name === name).at(-1)?.value;
  const separators = value('s');
  const between = value('o') ?? '  ';
  return (input, out) => {
    const rows = linesOf(input)
      .filter((line) => line.trim() !== '')
      .map((line) => split(line, separators));
    const widths: number[] = [];
    for (const row of rows)
      row.forEach((cell, index) => {
        widths[index] = Math.max(widths[index] ?? 0, [...cell].length);
      });
    const last = widths.length - 1;
    for (const row of rows) {
      const cells = widths.map((width, at) => (at === last ? (row[at] ?? '') : pad(row[at] ?? '', width)));
      out.write(`${cells.join(between)}\n`);
    }
    return DONE;
  };
}

/** Blanks in a row separate once; each of the characters of -s separates for itself. */
function split(line: string, separators: string | undefined): string[] {
  if (separators === undefined) return line.split(/[ \t]+/).filter((cell) => cell !== '');
  const cells: string[] = [''];
  for (const char of line) {
    if (separators.includes(char)) cells.push('');
    else cells[cells.length - 1] += char;
  }
  return cells;
}

const pad = (cell: string, width: number) => cell + ' '.repeat(Math.max(0, width - [...cell].length));
