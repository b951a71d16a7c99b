import type { BinarySpec } from '../binaries/spec.ts';
import type { CliTool, CommandInput, CommandLines, FilterStage, ParsedCommand, ParsedFlag } from '../types.ts';
import { checkCommandWords, findCommand } from './find-command.ts';
import { judge } from './judge.ts';
import { type CommandNode, prepareTool, type ToolTable } from './lookup.ts';
import { type ReadWords, readWords } from './read-words.ts';
import { mistake } from './refusals.ts';
import { tokenize } from './tokenize.ts';

/** What may follow the command in a pipe; each costs a pass over the output. */
const MAX_FILTERS = 16;

/** Reads the words of one filter (`['grep', '-v', 'x']`); throws AppError. */
export type ParseFilter = (words: readonly string[]) => FilterStage;

/** Command lines of the given tools. Their tables are prepared here, once. */
export function createCommandLines(
  specs: Readonly<Partial<Record<CliTool, BinarySpec>>>,
  parseFilter: ParseFilter,
): CommandLines {
  const tools = new Map<CliTool, ToolTable>();
  for (const spec of Object.values(specs)) tools.set(spec.name, prepareTool(spec));
  return {
    parse(input) {
      const tool = tools.get(input.tool);
      if (tool === undefined) throw mistake(`the tool ${input.tool} is not known.`, undefined, [...tools.keys()]);
      const [words = [], ...stages] = tokenize(input.command);
      if (stages.length > MAX_FILTERS) throw mistake(`more than ${MAX_FILTERS} filters.`);
      const command = parseWords(tool, withoutToolName(tool, tools, words), input);
      return { ...command, filters: stages.map(parseFilter) };
    },
  };
}

function withoutToolName(tool: ToolTable, tools: ReadonlyMap<string, ToolTable>, words: readonly string[]) {
  const [first, ...rest] = words;
  if (first === tool.spec.name) return rest;
  if (first !== undefined && tools.has(first)) {
    throw mistake(`this is the tool ${tool.spec.name}, and the command is one of ${first}.`, `Use the tool ${first}.`);
  }
  return words;
}

function parseWords(tool: ToolTable, words: readonly string[], input: CommandInput): ParsedCommand {
  const found = findCommand(tool, words);
  const read = readWords(tool, found.node, words);
  checkCommandWords(found, read.positionals);
  if (asksForHelp(read)) return helpCommand(tool, found.node);
  const { spec } = found.node;
  if (spec === undefined) throw incomplete(tool, found.node);
  const positionals = read.positionals.slice(found.indexes.length).map(({ text }) => text);
  return judge(tool.spec, spec, found.node, { ...read, positionals }, input);
}

function asksForHelp({ flags }: ReadWords): boolean {
  const last = flags.findLast(({ spec }) => spec.name === 'help');
  return last !== undefined && last.value !== 'false';
}

/** Prints text, whatever else was written: nothing else is handed on. */
function helpCommand({ spec }: ToolTable, { path }: CommandNode): ParsedCommand {
  const flags: readonly ParsedFlag[] = [{ name: 'help', value: undefined }];
  return {
    tool: spec.name,
    path,
    flags,
    positionals: [],
    trailing: undefined,
    argv: [...path, '--help'],
    effect: 'local',
    gates: [],
    context: undefined,
    namespace: undefined,
    allNamespaces: false,
    follows: false,
    readsStdin: false,
    files: [],
    hosts: [],
    filters: [],
  };
}

function incomplete({ spec }: ToolTable, { path, children }: CommandNode) {
  const command = [spec.name, ...path].join(' ');
  const known = [...children].filter(([, child]) => child.spec?.refused === undefined).map(([word]) => word);
  return mistake(`\`${command}\` needs a command after it.`, `Write one of: ${known.join(', ')}.`);
}
