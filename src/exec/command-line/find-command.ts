import type { FlagSpec } from '../binaries/spec.ts';
import type { CommandNode, FlagTable, ToolTable } from './lookup.ts';
import { mistake, neverRun, shown, unknownName } from './refusals.ts';

/** A command of the tool, and which words named it. */
export interface FoundCommand {
  node: CommandNode;
  indexes: readonly number[];
}

/** Finds the sub-command among flags, as the tools do: `-n web get pods`, `rollout --context=a status`. */
export function findCommand(tool: ToolTable, words: readonly string[]): FoundCommand {
  let node = tool.root;
  const indexes: number[] = [];
  for (let at = 0; at < words.length && node.spec?.refused === undefined; at++) {
    const word = words[at] ?? '';
    if (word === '--') break;
    if (word.startsWith('-') && word.length > 1) {
      if (takesNextWord(tool, node, word)) at += 1;
      continue;
    }
    const child = node.children.get(word);
    if (child === undefined) {
      if (acceptsWords(node)) break;
      throw unknownCommand(tool, node, word);
    }
    node = child;
    indexes.push(at);
    if (node.children.size === 0) break;
  }
  const refused = node.spec?.refused;
  if (refused !== undefined) throw neverRun(`\`${[tool.spec.name, ...node.path].join(' ')}\``, refused);
  return { node, indexes };
}

function acceptsWords({ spec, children }: CommandNode): boolean {
  return spec !== undefined && (children.size === 0 || (spec.positionals ?? 'text') !== 'none');
}

function unknownCommand(tool: ToolTable, node: CommandNode, word: string) {
  const known = [...node.children].filter(([, child]) => child.spec?.refused === undefined).map(([name]) => name);
  const command = [tool.spec.name, ...node.path].join(' ');
  if (node === tool.root && /^[A-Za-z_][A-Za-z0-9_]*=/.test(word)) {
    return mistake('variables cannot be set in front of a command.', `Begin with a command of ${command}.`);
  }
  return unknownName(`${command}: the command`, word, known, `Write one of: ${known.join(', ')}. Plugins are not run.`);
}

/** Where the command is not known yet, a flag that nobody knows is taken to have its value in the next word, as cobra does. */
function takesNextWord(tool: ToolTable, node: CommandNode, word: string): boolean {
  const find = (pick: (table: FlagTable) => FlagSpec | undefined) => pick(node.flags) ?? pick(tool.anywhere);
  if (word.startsWith('--')) {
    if (word.includes('=')) return false;
    const written = word.slice(2);
    const name = tool.spec.underscoresAreDashes ? written.replaceAll('_', '-') : written;
    return (find(({ long }) => long.get(name))?.arity ?? 'value') === 'value';
  }
  for (let at = 1; at < word.length; at++) {
    if (word[at] === '=') return false;
    const arity = find(({ short }) => short.get(word[at] ?? ''))?.arity ?? 'value';
    if (arity === 'value') return at === word.length - 1;
  }
  return false;
}

/** The words that named the command have to be ones that the tool takes for positionals, or it would run something else. */
export function checkCommandWords(found: FoundCommand, positionals: readonly { text: string; index: number }[]): void {
  found.indexes.forEach((index, nth) => {
    if (positionals[nth]?.index === index) return;
    const word = found.node.path[nth] ?? '';
    throw mistake(
      `it is not clear whether "${shown(word)}" is a command or a flag's value.`,
      'Begin with the command; flags after it.',
    );
  });
}
