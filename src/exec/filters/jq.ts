/** jq itself (1.7), as WebAssembly: without files, environment or modules. */
import { invalid, refused, refuseFiles, shorten } from './errors.ts';
import type { RunStage } from './types.ts';

const FILES = 'filters read only what the pipe brings.';

const SWITCHES: Readonly<Record<string, string>> = {
  '--null-input': '-n',
  '--raw-input': '-R',
  '--slurp': '-s',
  '--compact-output': '-c',
  '--raw-output': '-r',
  '--join-output': '-j',
  '--ascii-output': '-a',
  '--sort-keys': '-S',
  '--exit-status': '-e',
  '--monochrome-output': '-M',
  '--tab': '--tab',
  '--stream': '--stream',
  '--unbuffered': '-M',
};

const LETTERS = 'nRscrjaSeM';

const REFUSED: Readonly<Record<string, string>> = {
  '-f': 'the program cannot come from a file; write it out.',
  '--from-file': 'the program cannot come from a file; write it out.',
  '--slurpfile': FILES,
  '--rawfile': FILES,
  '--argfile': FILES,
  '-L': 'there are no modules.',
  '-C': 'there is no terminal to colour for.',
  '--color-output': 'there is no terminal to colour for.',
  '--seq': 'the separator would be lost.',
  '--args': 'give values by --arg.',
  '--jsonargs': 'give values by --argjson.',
  '--raw-output0': 'output here is lines.',
};

const ACCEPTED =
  'Accepted: -n -R -s -c -r -j -a -S -e -M --tab --indent N --stream --arg NAME VALUE --argjson NAME JSON, then the program as one quoted word.';

export function jq(args: readonly string[]): RunStage {
  const argv = readArguments(args);
  return (input, out, engines) => engines.jq(argv, input, out);
}

/** The words as jq gets them: what it would read is known to be accepted. */
export function readArguments(args: readonly string[]): string[] {
  const flags: string[] = ['-M'];
  const operands: string[] = [];
  const rest = [...args];
  const value = (option: string): string => {
    const next = rest.shift();
    if (next === undefined) throw invalid('jq', `${option} needs a value.`, ACCEPTED);
    return next;
  };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith('-') || word === '-') operands.push(word);
    else if (word === '--arg' || word === '--argjson') flags.push(word, value(word), value(word));
    else if (word === '--indent') flags.push(word, indent(value(word)));
    else flags.push(...readSwitches(word));
  }
  const [program, ...files] = operands;
  if (program === undefined)
    throw invalid('jq', 'a program is missing.', "For instance jq -r '.items[].metadata.name'.");
  refuseFiles('jq', files.concat(program === '-' ? ['-'] : []));
  return [...flags, program];
}

function indent(text: string): string {
  if (!/^[0-7]$/.test(text)) throw invalid('jq', '--indent takes a number from 0 to 7.');
  return text;
}

function readSwitches(word: string): string[] {
  const known = Object.hasOwn(SWITCHES, word) ? SWITCHES[word] : undefined;
  if (known !== undefined) return [known];
  const words = word.startsWith('--') ? [word] : [...word.slice(1)].map((letter) => `-${letter}`);
  for (const one of words) {
    const reason = Object.hasOwn(REFUSED, one) ? REFUSED[one] : undefined;
    if (reason !== undefined) throw refused('jq', `${one} is not available: ${reason}`, ACCEPTED);
    if (one.length !== 2 || !LETTERS.includes(one.slice(1)))
      throw invalid('jq', `unknown option ${shorten(one)}.`, ACCEPTED);
  }
  return words;
}
