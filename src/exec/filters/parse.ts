/** The stages that may stand behind a pipe. */
import type { FilterStage } from '../types.ts';
import { awk } from './awk.ts';
import { column, paste } from './columns.ts';
import { cut } from './cut.ts';
import { invalid, refused, shorten } from './errors.ts';
import { egrep, fgrep, grep } from './grep.ts';
import { head, tail } from './head-tail.ts';
import { jq } from './jq.ts';
import { sed } from './sed.ts';
import { cat, nl, rev, tac } from './small.ts';
import { sort } from './sort.ts';
import { tr } from './tr.ts';
import type { ParseStage, RunStage } from './types.ts';
import { uniq } from './uniq.ts';
import { wc } from './wc.ts';

const FILTERS: Readonly<Record<string, ParseStage>> = {
  grep,
  egrep,
  fgrep,
  head,
  tail,
  sort,
  uniq,
  wc,
  cut,
  tr,
  sed,
  awk,
  gawk: awk,
  mawk: awk,
  jq,
  column,
  paste,
  nl,
  rev,
  tac,
  cat,
};

const PROGRAMS = 'it starts programs.';

/** Why some are not there, for those who will ask. */
const REFUSED: Readonly<Record<string, string>> = {
  xargs: `${PROGRAMS} Give the names to a second command.`,
  parallel: PROGRAMS,
  sh: PROGRAMS,
  bash: PROGRAMS,
  env: PROGRAMS,
  timeout: 'give the argument timeout instead.',
  tee: 'it writes files.',
  dd: 'it writes files.',
  yq: 'ask the tool for JSON (-o json) and use jq.',
  python: PROGRAMS,
  python3: PROGRAMS,
  perl: PROGRAMS,
  less: 'there is no terminal; the answer is cut to its budget, and head or tail show a part.',
  more: 'there is no terminal; the answer is cut to its budget, and head or tail show a part.',
  base64: 'it would undo the redaction of Secrets.',
  kubectl: 'a pipe leads to text filters only. Run it as a command of its own; give it text by stdin.',
  helm: 'a pipe leads to text filters only. Run it as a command of its own; give it text by stdin.',
};

/** Longest word of a stage, and most words. */
const MAX_WORD = 20_000;
const MAX_WORDS = 1_000;

const SHOWN = 'grep, head, tail, sort, uniq, wc, cut, tr, sed, awk, jq, column, paste, nl, rev, tac, cat';

/** Judges one stage of a pipe: its name first. Throws `command_refused` or `invalid_argument`. */
export function parseFilter(words: readonly string[]): FilterStage {
  const [name, ...args] = words;
  if (name === undefined || name === '') throw invalid('pipe', 'a filter is missing after |.', `Filters: ${SHOWN}.`);
  if (args.length > MAX_WORDS || args.some((arg) => arg.length > MAX_WORD))
    throw invalid(shorten(name), 'too many or too long words.');
  if (args.some((arg) => arg.includes('\0'))) throw invalid(shorten(name), 'a word holds a NUL character.');
  prepareStage(name, args);
  return { name, args };
}

/** The stage ready to run; the worker does again what `parseFilter` did. */
export function prepareStage(name: string, args: readonly string[]): RunStage {
  const filter = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
  if (filter !== undefined) return filter(args);
  const reason = Object.hasOwn(REFUSED, name) ? ` ${REFUSED[name] ?? ''}` : '';
  throw refused('pipe', `'${shorten(name)}' is not available behind a pipe.${reason}`, `Filters: ${SHOWN}.`);
}
