/** cat, tac, rev and nl: trivial ones. */
import { invalid, refuseFiles } from './errors.ts';
import { readCount, readOptions } from './options.ts';
import { eachLine } from './text.ts';
import { DONE, type RunStage } from './types.ts';

/** For those who are used to `| cat`. */
export function cat(args: readonly string[]): RunStage {
  const { options, operands } = readOptions('cat', args, { letters: 'nu', long: { number: 'n' } });
  refuseFiles('cat', operands);
  const numbers = options.some(({ name }) => name === 'n');
  return (input, out) => {
    let number = 0;
    if (!numbers) out.write(input);
    else
      eachLine(input, (line, ended) => {
        number += 1;
        out.write(`${String(number).padStart(6)}\t${line}${ended ? '\n' : ''}`);
        return true;
      });
    return DONE;
  };
}

/** The newline belongs to its line: a last line without one is joined with the line before it. */
export function tac(args: readonly string[]): RunStage {
  refuseFiles('tac', readOptions('tac', args, { letters: '', long: {} }).operands);
  return (input, out) => {
    const lines: string[] = [];
    eachLine(input, (line, ended) => {
      lines.push(ended ? `${line}\n` : line);
      return true;
    });
    for (const line of lines.reverse()) out.write(line);
    return DONE;
  };
}

export function rev(args: readonly string[]): RunStage {
  refuseFiles('rev', readOptions('rev', args, { letters: '', long: {} }).operands);
  return (input, out) => {
    eachLine(input, (line, ended) => {
      out.write([...line].reverse().join('') + (ended ? '\n' : ''));
      return true;
    });
    return DONE;
  };
}

const NL = {
  letters: 'b:w:s:v:n:i:',
  long: {
    'body-numbering:': 'b',
    'number-width:': 'w',
    'number-separator:': 's',
    'starting-line-number:': 'v',
    'number-format:': 'n',
    'line-increment:': 'i',
  },
};

export function nl(args: readonly string[]): RunStage {
  const { options, operands } = readOptions('nl', args, NL);
  refuseFiles('nl', operands);
  const value = (name: string, otherwise: string) =>
    options.filter((one) => one.name === name).at(-1)?.value ?? otherwise;
  const style = value('b', 't');
  if (!['a', 't', 'n'].includes(style)) throw invalid('nl', `-b ${style} is not available; use a, t or n.`);
  const [width, step] = [readCount('nl', '-w', value('w', '6')), readCount('nl', '-i', value('i', '1'))];
  if (width > 64) throw invalid('nl', '-w may be at most 64.');
  const first = readCount('nl', '-v', value('v', '1'));
  const format = value('n', 'rn');
  if (!['ln', 'rn', 'rz'].includes(format)) throw invalid('nl', `-n ${format} is none of ln, rn, rz.`);
  const separator = value('s', '\t');
  const shown = (number: number) => {
    const text = String(number);
    if (format === 'ln') return text.padEnd(width);
    return text.padStart(width, format === 'rz' ? '0' : ' ');
  };
  return (input, out) => {
    let number = first;
    eachLine(input, (line) => {
      const counts = style === 'a' || (style === 't' && line !== '');
      out.write(counts ? `${shown(number)}${separator}${line}\n` : `${' '.repeat(width + separator.length)}${line}\n`);
      if (counts) number += step;
      return true;
    });
    return DONE;
  };
}
