import type { BinarySpec, CommandSpec, FlagSpec } from '../binaries/spec.ts';

/** The flags that one command takes, its own before the tool's global ones. */
export interface FlagTable {
  long: ReadonlyMap<string, FlagSpec>;
  short: ReadonlyMap<string, FlagSpec>;
}

/** A word of the command line, and what may follow it. */
export interface CommandNode {
  /** From the root, by first names. */
  path: readonly string[];
  /** By name and by alias. */
  children: ReadonlyMap<string, CommandNode>;
  /** undefined for the root and for words that only lead to others. */
  spec: CommandSpec | undefined;
  flags: FlagTable;
}

/** A tool's data, prepared once so that a command line is read without searching. */
export interface ToolTable {
  spec: BinarySpec;
  root: CommandNode;
  /** Every flag of every command, for words before the command is known. Only how they take their values counts. */
  anywhere: FlagTable;
}

interface DraftNode {
  path: readonly string[];
  children: Map<string, DraftNode>;
  spec: CommandSpec | undefined;
  flags: FlagTable;
}

/** Every command of ours has it, unless it gives the letter another meaning. */
const HELP: FlagSpec = { name: 'help', short: 'h', arity: 'switch' };

export function prepareTool(spec: BinarySpec): ToolTable {
  const common: FlagTable = table([HELP, ...spec.globalFlags]);
  const root: DraftNode = { path: [], children: new Map(), spec: undefined, flags: common };
  for (const command of spec.commands) insert(root, command, common);
  const flags = [...spec.commands.flatMap((command) => command.flags ?? []), ...spec.globalFlags, HELP];
  return { spec, root, anywhere: table(flags) };
}

function table(flags: readonly FlagSpec[], base?: FlagTable): FlagTable {
  const long = new Map(base?.long);
  const short = new Map(base?.short);
  for (const flag of flags) {
    long.set(flag.name, flag);
    if (flag.short !== undefined) short.set(flag.short, flag);
  }
  return { long, short };
}

function insert(root: DraftNode, command: CommandSpec, common: FlagTable): void {
  let node = root;
  for (const word of command.words) {
    let child = node.children.get(word);
    if (child === undefined) {
      child = { path: [...node.path, word], children: new Map(), spec: undefined, flags: common };
      node.children.set(word, child);
    }
    node = child;
  }
  if (node.spec !== undefined) throw new Error(`the command ${command.words.join(' ')} is there twice`);
  node.spec = command;
  node.flags = table(command.flags ?? [], common);
  addAliases(root, command, node);
}

function addAliases(root: DraftNode, { words, aliases = [] }: CommandSpec, node: DraftNode): void {
  const parent = words.slice(0, -1).reduce<DraftNode | undefined>((at, word) => at?.children.get(word), root);
  for (const alias of aliases) parent?.children.set(alias, node);
}
