/**
 * awk that reads the pipe, computes and prints: fields, patterns, variables, arrays, conditions, loops, printf and the
 * functions of text and numbers. Left out, and refused: getline, system, pipes and files, functions of one's own, RS.
 */
import { AppError } from '../../kernel/errors.ts';
import { readProgram } from './awk/parse.ts';
import { runProgram } from './awk/run.ts';
import { unescapeString } from './awk/tokens.ts';
import { Field } from './awk/values.ts';
import { invalid, refused, refuseFiles } from './errors.ts';
import { readOptions } from './options.ts';
import { OutputFull } from './text.ts';
import type { RunStage } from './types.ts';

const FILE = 'the program cannot come from a file; write it out.';

const TABLE = {
  letters: 'F:v:',
  long: { 'field-separator:': 'F', 'assign:': 'v' },
  refused: {
    f: FILE,
    file: FILE,
    i: 'nothing can be included.',
    include: 'nothing can be included.',
    l: 'nothing can be loaded.',
    load: 'nothing can be loaded.',
    E: FILE,
    exec: FILE,
    W: 'options of mawk are not available.',
    d: 'it would write a file.',
    o: 'it would write a file.',
    p: 'it would write a file.',
  },
};

export function awk(args: readonly string[]): RunStage {
  const { options, operands } = readOptions('awk', args, TABLE);
  const [text, ...files] = operands;
  if (text === undefined) throw invalid('awk', 'a program is missing.', "For instance awk '{print $1}'.");
  refuseFiles('awk', files);
  const program = readProgram(text);
  const assignments = options.map(({ name, value }) =>
    name === 'F' ? (['FS', separator(value)] as const) : assignment(value),
  );
  return (input, out) => {
    try {
      return { exitCode: runProgram(program, assignments, input, out), error: '' };
    } catch (error) {
      if (error instanceof OutputFull || error instanceof AppError || !(error instanceof Error)) throw error;
      return { exitCode: 2, error: `awk: ${error.message}` };
    }
  };
}

/** `-Ft` is a tab, as POSIX has it. */
function separator(value: string): string {
  return value === 't' ? '\t' : unescapeString(value);
}

function assignment(text: string): readonly [string, Field] {
  const parts = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(text);
  if (parts === null) throw invalid('awk', '-v needs name=value.');
  const [, name = '', value = ''] = parts;
  if (['RS', 'NF', 'NR', 'FNR', 'ENVIRON', 'ARGV', 'ARGC'].includes(name))
    throw refused('awk', `${name} cannot be set.`);
  return [name, new Field(unescapeString(value))];
}
