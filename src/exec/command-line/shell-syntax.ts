/** Characters that a shell would act on. There is none here, so they are refused with what to do instead, never taken literally. */

interface ShellSyntax {
  text: string;
  what: string;
  remedy: string;
}

const LITERAL = 'put the word in single quotes where the character is meant literally';

/** Outside of quotes, longest first. */
const UNQUOTED: readonly ShellSyntax[] = [
  { text: '||', what: '`||` (one command or another)', remedy: 'Send one command per call and look at its exit_code.' },
  { text: '|&', what: '`|&` (a pipe of both outputs)', remedy: 'Use `|`; errors come separately in `error`.' },
  { text: '&&', what: '`&&` (two commands)', remedy: `Send one command per call, or ${LITERAL}.` },
  { text: '&>', what: '`&>` (redirection)', remedy: 'Leave it out: output and errors are in the answer.' },
  { text: '&', what: '`&`', remedy: `Nothing runs in the background: leave it out, or ${LITERAL}.` },
  { text: ';', what: '`;` (two commands)', remedy: `Send one command per call, or ${LITERAL}.` },
  {
    text: '<<',
    what: '`<<` (here-document)',
    remedy: 'Give the text in the argument `stdin` and name it by `-f -`.',
  },
  {
    text: '<(',
    what: '`<(` (process substitution)',
    remedy: 'Give the text in `files` and name it, or in `stdin` with `-f -`.',
  },
  {
    text: '<',
    what: '`<` (redirection)',
    remedy: `Give the text in the argument \`stdin\` with \`-f -\`, or ${LITERAL}.`,
  },
  {
    text: '>',
    what: '`>` (redirection)',
    remedy: `Leave it out: output and errors are both in the answer, no file is written; or ${LITERAL}.`,
  },
  {
    text: '`',
    what: 'a backtick (command substitution)',
    remedy: `Run the inner command by itself first, or ${LITERAL}.`,
  },
  {
    text: '$(',
    what: '`$(` (command substitution)',
    remedy: `Run the inner command by itself first, or ${LITERAL}.`,
  },
  { text: "$'", what: "`$'` (ANSI-C quotes)", remedy: 'Use plain quotes; a line break may stand in them as it is.' },
  { text: '$"', what: '`$"` (translated quotes)', remedy: 'Use plain quotes.' },
];

const SINGLE = 'Use single quotes: in them everything is literal.';

/** In double quotes. */
const IN_DOUBLE_QUOTES: readonly ShellSyntax[] = [
  { text: '$(', what: '`$(` (command substitution) in double quotes', remedy: SINGLE },
  { text: '`', what: 'a backtick (command substitution) in double quotes', remedy: SINGLE },
];

/** The shell syntax that begins at `index`, if any. */
export function shellSyntaxAt(
  text: string,
  index: number,
  place: 'unquoted' | 'double quotes',
): ShellSyntax | undefined {
  const known = place === 'unquoted' ? UNQUOTED : IN_DOUBLE_QUOTES;
  return known.find((syntax) => text.startsWith(syntax.text, index));
}
