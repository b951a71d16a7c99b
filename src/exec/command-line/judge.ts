import type { BinarySpec, CommandSpec, Draft } from '../binaries/spec.ts';
import { unpackedName } from '../files/unpacked-name.ts';
import type { CommandInput, ParsedCommand, ParsedFlag } from '../types.ts';
import { checkChart } from './chart.ts';
import { consequences } from './consequences.ts';
import { checkFlagValues, type Found } from './flag-values.ts';
import type { CommandNode } from './lookup.ts';
import { MentionedFiles } from './mentioned-files.ts';
import type { ReadFlag, ReadWords } from './read-words.ts';
import { mistake, neverRun, shown } from './refusals.ts';
import { chooseScope, type Scope } from './scope.ts';

/** The words of a command without those that name it. */
export type Words = Omit<ReadWords, 'positionals'> & { positionals: readonly string[] };

/** Holds a command to its data, and says what it does. */
export function judge(
  tool: BinarySpec,
  spec: CommandSpec,
  node: CommandNode,
  words: Words,
  input: CommandInput,
): ParsedCommand {
  const found: Found = { files: new MentionedFiles(input), hosts: new Set() };
  checkFlagValues(words.flags, found);
  const positionals = checkPositionals(tool, spec, words, input, found);
  const scope = chooseScope(node.flags, words.flags, input);
  const draft = makeDraft(node, scope.flags, words);
  const problem = spec.check?.(draft);
  if (typeof problem === 'string') throw mistake(problem);
  if (problem !== undefined) throw neverRun(`This form of \`${[tool.name, ...node.path].join(' ')}\``, problem.refused);
  checkStdinIsRead(input, found);
  return {
    tool: tool.name,
    path: node.path,
    flags: draft.flags,
    positionals: words.positionals,
    trailing: draft.trailing,
    argv: [
      ...node.path,
      ...(tool.always ?? []),
      ...rebuild(scope, spec.adds?.(draft) ?? [], positionals, draft.trailing),
    ],
    ...consequences(spec, draft, words.flags),
    context: scope.context,
    namespace: scope.namespace,
    allNamespaces: scope.allNamespaces,
    readsStdin: found.files.stdin,
    files: found.files.names,
    hosts: [...found.hosts],
    filters: [],
  };
}

/** The positionals as the child gets them: archives among `files` are folders there. */
function checkPositionals(
  { name }: BinarySpec,
  spec: CommandSpec,
  words: Words,
  { files = {} }: CommandInput,
  found: Found,
): readonly string[] {
  const { positionals, trailing } = words;
  const command = [name, ...spec.words].join(' ');
  const rule = spec.positionals ?? 'text';
  if (rule === 'none' && positionals[0] !== undefined) {
    throw mistake(`\`${command}\` takes no "${shown(positionals[0])}".`, `See \`${command} --help\`.`);
  }
  if (trailing !== undefined && trailing.length > 0 && spec.trailing === undefined) {
    throw mistake(`\`${command}\` takes nothing after \`--\`.`, 'Write its words before it, or leave `--` out.');
  }
  const fromRepository = words.flags.some((flag) => flag.spec.role === 'repository');
  return positionals.map((text, at) => {
    const is = typeof rule !== 'object' ? rule : [at, at - positionals.length].includes(rule.at) ? rule.is : 'text';
    if (is === 'chart') checkChart(text, found, fromRepository);
    else if (is === 'file') found.files.one(text, { what: 'The command', folders: false, stdin: true });
    else if (is === 'manifests') found.files.one(text, { what: 'The command', folders: true, stdin: true });
    else if (is === 'folder') found.files.one(text, { what: 'The command', folders: true, stdin: false });
    // pflag takes `-` for a word; to tools it is stdin, or a name that no object has.
    else if (text === '-')
      throw mistake(`\`${command}\` does not take "-".`, 'For stdin write -f - where there is -f.');
    const isFolder = is === 'chart' || is === 'folder' || is === 'manifests';
    return isFolder && Object.hasOwn(files, text.replace(/^(?:\.\/)+/, '')) ? unpackedName(text) : text;
  });
}

/** What is given and not read was meant for something. */
function checkStdinIsRead(input: CommandInput, found: Found): void {
  if (found.files.stdin || input.stdin === undefined || input.stdin === '') return;
  throw mistake('`stdin` is given, and the command does not read it.', 'Add `-f -`, or leave `stdin` out.');
}

function makeDraft(node: CommandNode, read: readonly ReadFlag[], { positionals, trailing }: Words): Draft {
  const flags: readonly ParsedFlag[] = read.map(({ spec, value }) => ({ name: spec.name, value }));
  return {
    path: node.path,
    flags,
    positionals,
    trailing: trailing === undefined || trailing.length === 0 ? undefined : trailing,
    flag(name) {
      const last = flags.findLast((flag) => flag.name === name);
      return last === undefined ? undefined : (last.value ?? '');
    },
  };
}

/** Every flag in one word of its own, ours last as the last one counts, before everything that a caller chose freely. */
function rebuild(
  { flags }: Scope,
  added: readonly string[],
  positionals: readonly string[],
  trailing: readonly string[] | undefined,
): readonly string[] {
  const words = flags.map(({ spec, value }) => {
    if (value !== undefined) return `--${spec.name}=${value}`;
    return spec.arity === 'switch' ? `--${spec.name}=true` : `--${spec.name}`;
  });
  return [...words, ...added, ...positionals, ...(trailing === undefined ? [] : ['--', ...trailing])];
}
