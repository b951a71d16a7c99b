/** cut: fields and characters of each line. `-b` and `-c` both count characters, so that none is cut apart. */
import { invalid, refuseFiles, shorten } from './errors.ts';
import { type Option, readOptions } from './options.ts';
import { eachLine } from './text.ts';
import { DONE, type RunStage } from './types.ts';

const TABLE = {
  letters: 'b:c:d:f:sn',
  long: {
    'bytes:': 'b',
    'characters:': 'c',
    'delimiter:': 'd',
    'fields:': 'f',
    'only-delimited': 's',
    complement: 'complement',
    'output-delimiter:': 'output',
  },
  refused: { z: 'input here is lines.' },
};

interface Range {
  from: number;
  to: number;
}

export function cut(args: readonly string[]): RunStage {
  const { options, operands } = readOptions('cut', args, TABLE);
  refuseFiles('cut', operands);
  const lists = options.filter(({ name }) => 'bcf'.includes(name));
  const [list] = lists;
  if (list === undefined || lists.length > 1) throw invalid('cut', 'give one list of fields (-f) or characters (-c).');
  const ranges = readRanges(list.value);
  const value = (name: string) => options.filter((option) => option.name === name).at(-1)?.value;
  const isSet = (name: string) => options.some((option: Option) => option.name === name);
  const chosen = isSet('complement') ? complement(ranges) : ranges;
  if (list.name === 'f') return fields(chosen, value('d') ?? '\t', value('output'), isSet('s'));
  if (isSet('s') || isSet('d')) throw invalid('cut', '-d and -s go with -f only.');
  return (input, out) => {
    eachLine(input, (line) => {
      const characters = [...line];
      const pieces = chosen.map(({ from, to }) => characters.slice(from - 1, to).join(''));
      out.write(`${pieces.filter((piece) => piece !== '').join(value('output') ?? '')}\n`);
      return true;
    });
    return DONE;
  };
}

function fields(ranges: readonly Range[], delimiter: string, output = delimiter, onlyDelimited = false): RunStage {
  if ([...delimiter].length !== 1) throw invalid('cut', 'the delimiter must be a single character.');
  return (input, out) => {
    eachLine(input, (line) => {
      const all = line.split(delimiter);
      if (all.length > 1) out.write(`${ranges.flatMap(({ from, to }) => all.slice(from - 1, to)).join(output)}\n`);
      else if (!onlyDelimited) out.write(`${line}\n`);
      return true;
    });
    return DONE;
  };
}

/** `1,3-5,7-` in order and without overlaps; what touches stays apart, as --output-delimiter shows. */
function readRanges(list: string): Range[] {
  const ranges = list.split(/[, \t]/).map(readRange);
  ranges.sort((a, b) => a.from - b.from);
  const merged: Range[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last !== undefined && range.from <= last.to) last.to = Math.max(last.to, range.to);
    else merged.push(range);
  }
  return merged;
}

function readRange(text: string): Range {
  const parts = /^(\d*)(-?)(\d*)$/.exec(text);
  const [, first = '', dash = '', last = ''] = parts ?? [];
  if (parts === null || (first === '' && last === ''))
    throw invalid('cut', `'${shorten(text)}' is no list of numbers and ranges.`);
  const from = first === '' ? 1 : Number(first);
  const to = dash === '' ? from : last === '' ? Number.MAX_SAFE_INTEGER : Number(last);
  if (from === 0 || to === 0) throw invalid('cut', 'fields and characters are numbered from 1.');
  if (to < from) throw invalid('cut', `the range ${text} ends before it begins.`);
  return { from, to };
}

function complement(ranges: readonly Range[]): Range[] {
  const gaps: Range[] = [];
  let next = 1;
  for (const { from, to } of ranges) {
    if (from > next) gaps.push({ from: next, to: from - 1 });
    next = to + 1;
  }
  if (next < Number.MAX_SAFE_INTEGER) gaps.push({ from: next, to: Number.MAX_SAFE_INTEGER });
  return gaps;
}
