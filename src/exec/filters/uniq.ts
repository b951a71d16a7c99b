/** uniq: lines that repeat the one before. */
import { invalid, refuseFiles } from './errors.ts';
import { readCount, readOptions } from './options.ts';
import { linesOf } from './text.ts';
import { DONE, type RunStage } from './types.ts';

const TABLE = {
  letters: 'cdDuif:s:w:',
  long: {
    count: 'c',
    repeated: 'd',
    'all-repeated': 'D',
    unique: 'u',
    'ignore-case': 'i',
    'skip-fields:': 'f',
    'skip-chars:': 's',
    'check-chars:': 'w',
  },
  refused: { z: 'input here is lines.', group: 'use -c or -D.' },
};

export function uniq(args: readonly string[]): RunStage {
  const { options, operands } = readOptions('uniq', args, TABLE);
  refuseFiles('uniq', operands);
  const has = (name: string) => options.some((option) => option.name === name);
  const number = (name: string, otherwise: number) => {
    const last = options.filter((option) => option.name === name).at(-1);
    return last === undefined ? otherwise : readCount('uniq', `-${name}`, last.value);
  };
  if (has('c') && has('D')) throw invalid('uniq', '-c and -D do not go together.');
  const [fields, skip, width] = [number('f', 0), number('s', 0), number('w', Number.MAX_SAFE_INTEGER)];
  const keyOf = (line: string) => {
    const rest = [...withoutFields(line, fields)].slice(skip, skip + width).join('');
    return has('i') ? rest.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) : rest;
  };
  const isPlain = fields === 0 && skip === 0 && !has('w') && !has('i');
  const wanted = (size: number) => !(size === 1 ? has('d') || has('D') : has('u'));
  return (input, out) => {
    for (const group of groups(linesOf(input), isPlain ? (line) => line : keyOf)) {
      if (!wanted(group.size)) continue;
      const text = `${has('c') ? `${String(group.size).padStart(7)} ` : ''}${group.first}\n`;
      out.write(has('D') ? group.lines.map((line) => `${line}\n`).join('') : text);
    }
    return DONE;
  };
}

interface Group {
  first: string;
  size: number;
  lines: string[];
}

function* groups(lines: readonly string[], keyOf: (line: string) => string): Generator<Group> {
  let current: Group | undefined;
  let key = '';
  for (const line of lines) {
    const next = keyOf(line);
    if (current !== undefined && next === key) {
      current.size += 1;
      current.lines.push(line);
      continue;
    }
    if (current !== undefined) yield current;
    current = { first: line, size: 1, lines: [line] };
    key = next;
  }
  if (current !== undefined) yield current;
}

function withoutFields(line: string, count: number): string {
  let at = 0;
  for (let field = 0; field < count && at < line.length; field += 1) {
    while (at < line.length && isBlank(line, at)) at += 1;
    while (at < line.length && !isBlank(line, at)) at += 1;
  }
  return line.slice(at);
}

const isBlank = (line: string, at: number) => line[at] === ' ' || line[at] === '\t';
