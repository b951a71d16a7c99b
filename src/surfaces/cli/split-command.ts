/** A flag of the program itself, from the configuration table. */
export interface ProgramFlag {
  flag: string;
  isSwitch: boolean;
}

export interface SplitCommand {
  /** The first word that is one of the commands. */
  command: string | undefined;
  /** For the configuration parser: the program's flags, and before a command all else. */
  program: string[];
  /** For the command. */
  rest: string[];
}

/** Flags that tools take too: after the command they belong to the tool. */
const TOOLS_OWN = new Set(['namespace', 'context', 'confirm']);

/** Parts `k8s-mcp [program flags] <command> [...]`; the program's flags may also stand after the command. */
export function splitCommand(
  argv: readonly string[],
  flags: readonly ProgramFlag[],
  commands: ReadonlySet<string>,
): SplitCommand {
  const known = new Map(flags.map((entry) => [entry.flag, entry.isSwitch]));
  let command: string | undefined;
  const program: string[] = [];
  const rest: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    const flag = /^--?([a-zA-Z][\w-]*)/.exec(word)?.[1];
    if (flag === undefined) {
      if (command === undefined && commands.has(word)) command = word;
      else (command === undefined ? program : rest).push(word);
      continue;
    }
    const isSwitch = known.get(flag) ?? known.get(flag.replace(/^no-/, ''));
    const isProgram = command === undefined || (isSwitch !== undefined && !TOOLS_OWN.has(flag));
    const into = isProgram ? program : rest;
    into.push(word);
    const takesValue = isProgram && isSwitch === false && !word.includes('=');
    if (takesValue && at + 1 < argv.length) into.push(argv[++at] ?? '');
  }
  return { command, program, rest };
}
