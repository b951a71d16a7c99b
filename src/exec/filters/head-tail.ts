/** head and tail: by lines and by bytes. */
import { invalid, refuseFiles } from './errors.ts';
import { type OptionTable, readCount, readOptions } from './options.ts';
import { fromBytes, toBytes } from './text.ts';
import { DONE, type RunStage } from './types.ts';

interface Amount {
  unit: 'lines' | 'bytes';
  count: number;
  /** `-` of head: all but the last; `+` of tail: from this one on. */
  sign: '' | '-' | '+';
}

const table = (refused: OptionTable['refused'] = {}): OptionTable => ({
  letters: 'n:c:q',
  long: { 'lines:': 'n', 'bytes:': 'c', quiet: 'q', silent: 'q' },
  refused: { ...refused, z: 'input here is lines.', v: 'there are no file names to show.' },
});

const FOLLOW = 'the pipe ends with the command; to follow, use the -f or -w of the tool in front.';
const HEAD = table();
const TAIL = table({ f: FOLLOW, F: FOLLOW, follow: FOLLOW, retry: FOLLOW, s: FOLLOW, pid: FOLLOW });

function readAmount(tool: 'head' | 'tail', args: readonly string[]): Amount {
  const words = args.map((arg, index) => old(tool, arg, index));
  const { options, operands } = readOptions(tool, words, tool === 'head' ? HEAD : TAIL);
  refuseFiles(tool, operands);
  const last = options.filter(({ name }) => name !== 'q').at(-1);
  if (last === undefined) return { unit: 'lines', count: 10, sign: '' };
  const sign = /^[-+]/.exec(last.value)?.[0] ?? '';
  const count = readCount(tool, `-${last.name}`, last.value.slice(sign.length));
  const special = tool === 'head' ? '-' : '+';
  return { unit: last.name === 'c' ? 'bytes' : 'lines', count, sign: sign === special ? special : '' };
}

/** `-5`, `-5c`, and for tail `+5`: the old way. */
function old(tool: 'head' | 'tail', arg: string, index: number): string {
  const parts = /^([-+])(\d+)([lcqk]?)$/.exec(arg);
  if (parts === null || index > 0 || (parts[1] === '+' && tool === 'head')) return arg;
  const sign = parts[1] === '+' ? '+' : '';
  if (parts[3] === 'k') throw invalid(tool, `write -c ${parts[2]}K instead of ${arg}.`);
  return `-${parts[3] === 'c' ? 'c' : 'n'}${sign}${parts[2]}`;
}

export function head(args: readonly string[]): RunStage {
  const { unit, count, sign } = readAmount('head', args);
  return (input, out) => {
    if (unit === 'bytes') {
      const bytes = toBytes(input);
      out.write(fromBytes(bytes.subarray(0, sign === '-' ? Math.max(0, bytes.length - count) : count)));
    } else out.write(input.slice(0, sign === '-' ? startOfLast(input, count) : endOfFirst(input, count)));
    return DONE;
  };
}

export function tail(args: readonly string[]): RunStage {
  const { unit, count, sign } = readAmount('tail', args);
  const skipped = Math.max(0, count - 1);
  return (input, out) => {
    if (unit === 'bytes') {
      const bytes = toBytes(input);
      out.write(fromBytes(bytes.subarray(sign === '+' ? skipped : Math.max(0, bytes.length - count))));
    } else out.write(input.slice(sign === '+' ? endOfFirst(input, skipped) : startOfLast(input, count)));
    return DONE;
  };
}

/** Where the first `count` lines end. */
function endOfFirst(text: string, count: number): number {
  let end = 0;
  for (let line = 0; line < count; line += 1) {
    const newline = text.indexOf('\n', end);
    if (newline === -1) return text.length;
    end = newline + 1;
  }
  return end;
}

/** Where the last `count` lines begin. */
function startOfLast(text: string, count: number): number {
  let start = text.length;
  for (let line = 0; line < count && start > 0; line += 1)
    start = start < 2 ? 0 : text.lastIndexOf('\n', start - 2) + 1;
  return start;
}
