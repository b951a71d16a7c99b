import { AppError } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';
import type { Json, JsonObject } from '../../kernel/vocabulary.ts';
import type { ManifestTool } from '../../operations/gateway.ts';
import { asObject, coerce, typesOf } from './coerce.ts';

export interface ParsedCall {
  tool: ManifestTool;
  /** From the flags. They win over `json`. */
  arguments: JsonObject;
  /** The text of `--json`; `-` stands for stdin. */
  json: string | undefined;
  output: 'text' | 'json';
  /** Carry out a change without asking. */
  yes: boolean;
  help: boolean;
}

/** Shorts that kubectl users type. The tool's own argument of that meaning is found by its long name. */
const SHORTS: Record<string, string> = { n: 'namespace', l: 'labelSelector', o: 'output', y: 'yes', h: 'help' };
const OWN = ['json', 'output', 'yes', 'help'] as const;
type Own = (typeof OWN)[number];

interface Problem {
  field: string;
  problem: string;
}

/** `<tool> --arg value --json '{...}' -o json` against the schemas of the tools. Throws with every problem at once. */
export function parseCall(argv: readonly string[], tools: readonly ManifestTool[]): ParsedCall {
  const tool = findTool(argv[0], tools);
  const properties = asObject(tool.inputSchema['properties']);
  const { values, own, problems } = readWords(argv.slice(1), properties);
  const args: JsonObject = {};
  for (const [name, texts] of values) {
    const coerced = coerce(properties[name], texts);
    if (coerced.ok) args[name] = coerced.value;
    else problems.push({ field: name, problem: coerced.problem });
  }
  const output = own.get('output') ?? 'text';
  if (output !== 'text' && output !== 'json') problems.push({ field: '--output', problem: 'must be text or json' });
  if (problems.length > 0) {
    throw new AppError('invalid_argument', `The arguments for ${tool.name} are not usable.`, {
      problems,
      remedy: `k8s-mcp tools ${tool.name} shows what it takes.`,
    });
  }
  return {
    tool,
    arguments: args,
    json: own.get('json'),
    output: output === 'json' ? 'json' : 'text',
    yes: own.has('yes'),
    help: own.has('help'),
  };
}

/** The tool's input: `--json` with the flags over it. */
export function mergeInput(call: ParsedCall, json: string | undefined): JsonObject {
  if (json === undefined) return call.arguments;
  let parsed: Json;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw new AppError('invalid_argument', 'The text of --json is not JSON.', {
      remedy: `Write --json '{"name": "value"}'.`,
    });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new AppError('invalid_argument', 'The text of --json must be one JSON object.');
  }
  return { ...parsed, ...call.arguments };
}

function findTool(name: string | undefined, tools: readonly ManifestTool[]): ManifestTool {
  const remedy = 'k8s-mcp tools lists the tools that are there.';
  if (name === undefined || name.startsWith('-')) {
    throw new AppError('invalid_argument', 'Name the tool to call: k8s-mcp call <tool> [--argument value].', {
      remedy,
    });
  }
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool !== undefined) return tool;
  const near = nearest(
    name,
    tools.map((candidate) => candidate.name),
  );
  throw new AppError('unknown_tool', `No tool is called "${name.slice(0, 100)}".`, {
    remedy,
    ...(near.length > 0 ? { candidates: near } : {}),
  });
}

function readWords(words: readonly string[], properties: JsonObject) {
  const values = new Map<string, string[]>();
  const own = new Map<Own, string>();
  const problems: Problem[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const flag = /^--?([a-zA-Z][^=]*)(?:=(.*))?$/s.exec(word);
    if (flag === null) {
      const instead = word.startsWith('{') ? `--json '${word.length > 40 ? '{...}' : word}'` : '--name value';
      problems.push({ field: word.slice(0, 60), problem: `is no argument: write ${instead}` });
      continue;
    }
    const [, typed = '', inline] = flag;
    const found = resolveFlag(typed, word.startsWith('--'), properties);
    if (found === undefined) {
      problems.push(unknown(typed, properties));
      continue;
    }
    const next = words[at + 1];
    const value = inline ?? (found.isSwitch ? switchValue(next) : valueWord(next));
    if (inline === undefined && value !== undefined && value === next) at++;
    const text = value === undefined && found.isSwitch ? String(!found.negated) : value;
    if (text === undefined)
      problems.push({ field: `--${typed}`, problem: 'needs a value (--name=value for one that begins with --)' });
    else if (found.own !== undefined) own.set(found.own, text);
    else values.set(found.name, [...(values.get(found.name) ?? []), text]);
  }
  return { values, own, problems };
}

interface Flag {
  name: string;
  own: Own | undefined;
  isSwitch: boolean;
  negated: boolean;
}

/** The tool's arguments come before the shell's own, so that a tool's `output` stays reachable; `-o` is always the shell's. */
function resolveFlag(typed: string, isLong: boolean, properties: JsonObject): Flag | undefined {
  const long = typed.length === 1 && !isLong ? SHORTS[typed] : typed;
  if (long === undefined) return undefined;
  const own = OWN.find((name) => name === long);
  const isShortOwn = own !== undefined && long !== typed;
  const property = isShortOwn ? undefined : findProperty(long, properties);
  if (property !== undefined) {
    return { name: property, own: undefined, isSwitch: isBoolean(properties[property]), negated: false };
  }
  if (own !== undefined) return { name: own, own, isSwitch: own === 'yes' || own === 'help', negated: false };
  const positive = long.startsWith('no-') ? findProperty(long.slice(3), properties) : undefined;
  if (positive === undefined || !isBoolean(properties[positive])) return undefined;
  return { name: positive, own: undefined, isSwitch: true, negated: true };
}

/** `label-selector`, `labelSelector` and `label_selector` are one name; an exact spelling wins. */
function findProperty(typed: string, properties: JsonObject): string | undefined {
  if (Object.hasOwn(properties, typed)) return typed;
  const wanted = plain(typed);
  return Object.keys(properties).find((name) => plain(name) === wanted);
}

function plain(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}

function isBoolean(schema: Json | undefined): boolean {
  const types = typesOf(schema);
  return types.size === 1 && types.has('boolean');
}

function switchValue(next: string | undefined): string | undefined {
  return next === 'true' || next === 'false' ? next : undefined;
}

function valueWord(next: string | undefined): string | undefined {
  return next?.startsWith('--') ? undefined : next;
}

/** How an argument is typed in a shell: `labelSelector` -> `--label-selector`. */
export function flagName(property: string): string {
  return `--${property
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase()}`;
}

function unknown(typed: string, properties: JsonObject): Problem {
  const names = [...Object.keys(properties), ...OWN].map(flagName);
  const near = nearest(`--${typed}`, names, 2);
  const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '';
  return { field: `--${typed.slice(0, 60)}`, problem: `unknown argument${hint}` };
}
