import { nearest } from '../kernel/nearest.ts';
import type { FlagSpec } from './binaries/spec.ts';
import type { CommandNode, ToolTable } from './command-line/lookup.ts';
import type { RulePrefix } from './security-rules-match.ts';
import type { ParsedFlag } from './types.ts';

type Unread = { problem: string };

/** A rule such as `delete ns --all` or `exec -it`. A word or flag that is a typo would forbid nothing: it is a problem. */
export function readPrefix(text: string, table: ToolTable): RulePrefix | Unread {
  const tokens = text.trim().split(/\s+/).filter(Boolean);
  if (tokens[0] === table.spec.name) tokens.shift();
  if (tokens.length === 0) return { problem: 'is empty' };
  const words: string[] = [];
  const flags: ParsedFlag[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    if (!token.startsWith('-')) {
      words.push(token);
      continue;
    }
    const read = readFlag(token, tokens[at + 1], table, nodeOf(words, table).node);
    if ('problem' in read) return read;
    flags.push(...read.flags);
    if (read.tookNext) at += 1;
  }
  const { node, rest } = nodeOf(words, table);
  const [first] = rest;
  if (first !== undefined && node.children.size > 0) {
    const meant = nearest(first, node.children.keys())[0];
    // Far from everything: a plugin, perhaps. It is never run, with the rule or without.
    if (meant !== undefined)
      return { problem: `${first} is no command of ${[table.spec.name, ...node.path].join(' ')}; ${meant}?` };
  }
  return {
    text,
    path: [...node.path, ...(node.path.length === 0 ? rest : [])],
    words: node.path.length === 0 ? [] : rest,
    flags,
  };
}

function nodeOf(words: readonly string[], { root }: ToolTable): { node: CommandNode; rest: string[] } {
  let node = root;
  let used = 0;
  for (const word of words) {
    const child = node.children.get(word);
    if (child === undefined) break;
    node = child;
    used += 1;
  }
  return { node, rest: words.slice(used) };
}

interface ReadFlags {
  flags: ParsedFlag[];
  tookNext: boolean;
}

function readFlag(token: string, next: string | undefined, table: ToolTable, node: CommandNode): ReadFlags | Unread {
  if (token.startsWith('--')) {
    const at = token.indexOf('=');
    const written = at < 0 ? token.slice(2) : token.slice(2, at);
    const name = table.spec.underscoresAreDashes ? written.replaceAll('_', '-') : written;
    const spec = node.flags.long.get(name) ?? table.anywhere.long.get(name);
    if (spec === undefined) return unknown(token, `--${nearest(name, table.anywhere.long.keys())[0] ?? ''}`);
    return withValue([], spec, at < 0 ? undefined : token.slice(at + 1), next);
  }
  return readLetters(token, next, table, node);
}

/** `-it`, `-nweb`, `-n web`. */
function readLetters(token: string, next: string | undefined, table: ToolTable, node: CommandNode): ReadFlags | Unread {
  const flags: ParsedFlag[] = [];
  for (let at = 1; at < token.length; at++) {
    const letter = token[at] ?? '';
    const spec = node.flags.short.get(letter) ?? table.anywhere.short.get(letter);
    if (spec === undefined) return unknown(`-${letter}`, undefined);
    const rest = token.slice(at + 1).replace(/^=/, '');
    if (spec.arity === 'value') return withValue(flags, spec, rest === '' ? undefined : rest, next);
    flags.push({ name: spec.name, value: undefined });
  }
  return { flags, tookNext: false };
}

function withValue(
  before: ParsedFlag[],
  spec: FlagSpec,
  value: string | undefined,
  next: string | undefined,
): ReadFlags {
  const takes = value === undefined && spec.arity === 'value' && next !== undefined && !next.startsWith('-');
  return { flags: [...before, { name: spec.name, value: takes ? next : value }], tookNext: takes };
}

function unknown(written: string, meant: string | undefined): Unread {
  const hint = meant === undefined || meant === '--' ? '' : `; ${meant}?`;
  return { problem: `the flag ${written} is not known${hint}` };
}
