import { readFile } from 'node:fs/promises';
import { RE2JS } from 're2js';
import { parseDocument } from 'yaml';
import { AppError } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import type { BinarySpec } from './binaries/spec.ts';
import { prepareTool } from './command-line/lookup.ts';
import type { RegexRule, SecurityRules, ToolRules } from './security-rules.ts';
import { readPrefix } from './security-rules-prefix.ts';
import type { CliTool } from './types.ts';

type Specs = Readonly<Partial<Record<CliTool, BinarySpec>>>;

const SECTIONS = ['dangerous_commands', 'safe_patterns', 'regex_rules'] as const;
const RULE_FIELDS = ['pattern', 'description', 'error_message'] as const;
/** A rule file is some pages of text. */
const MAX_CHARS = 1_000_000;

/** The operator's rule file. Throws `invalid_argument` naming the file, the field and the problem: a rule that does not work is worse than none. */
export async function readSecurityRules(file: string, specs: Specs): Promise<SecurityRules> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw unusable(file, [{ field: 'security-config', problem: 'the file cannot be read' }], error);
  });
  return parseSecurityRules(text, file, specs);
}

interface Problem {
  field: string;
  problem: string;
}

export function parseSecurityRules(text: string, file: string, specs: Specs): SecurityRules {
  const problems: Problem[] = [];
  const document = readYaml(text, file);
  const sections = mappingOf(document, '(file)', SECTIONS, problems);
  const tools = Object.values(specs).map(({ name }) => name);
  const [dangerous, safe, regex] = SECTIONS.map((section) => {
    const given = sections[section];
    return given === undefined ? {} : mappingOf(given, section, tools, problems);
  });
  const rules = new Map<CliTool, ToolRules>();
  for (const spec of Object.values(specs)) {
    const table = prepareTool(spec);
    const prefixes = (given: unknown, field: string) =>
      listOf(given, field, problems).flatMap((item, at) => {
        const read = typeof item === 'string' ? readPrefix(item, table) : { problem: 'is to be a text' };
        if (!('problem' in read)) return [read];
        problems.push({ field: `${field}[${at}]`, problem: read.problem });
        return [];
      });
    rules.set(spec.name, {
      dangerous: prefixes(dangerous?.[spec.name], `dangerous_commands.${spec.name}`),
      safe: prefixes(safe?.[spec.name], `safe_patterns.${spec.name}`),
      regex: listOf(regex?.[spec.name], `regex_rules.${spec.name}`, problems).flatMap((item, at) =>
        readRegex(item, `regex_rules.${spec.name}[${at}]`, problems),
      ),
      letters: lettersOf(spec),
    });
  }
  if (problems.length > 0) throw unusable(file, problems);
  return rules;
}

function readYaml(text: string, file: string): unknown {
  if (text.length > MAX_CHARS) throw unusable(file, [{ field: '(file)', problem: 'is larger than 1 MB' }]);
  const document = parseDocument(text, { uniqueKeys: true, strict: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const at = error.linePos?.[0];
    const where = at === undefined ? '' : ` at line ${at.line}, column ${at.col}`;
    throw unusable(file, [{ field: '(file)', problem: `is not valid YAML${where}` }]);
  }
  try {
    // Rules repeat nothing: no aliases.
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    throw unusable(file, [{ field: '(file)', problem: 'uses YAML aliases' }], error);
  }
}

function mappingOf(
  value: unknown,
  field: string,
  known: readonly string[],
  problems: Problem[],
): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push({ field, problem: `is to be a mapping of ${known.join(', ')}` });
    return {};
  }
  for (const key of Object.keys(value).filter((key) => !known.includes(key))) {
    const meant = nearest(key, known)[0];
    const name = field === '(file)' ? key : `${field}.${key}`;
    problems.push({
      field: name,
      problem: meant === undefined ? `is not known: ${known.join(', ')}` : `is not known; ${meant}?`,
    });
  }
  return Object.fromEntries(Object.entries(value));
}

function listOf(value: unknown, field: string, problems: Problem[]): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  problems.push({ field, problem: 'is to be a list' });
  return [];
}

function readRegex(item: unknown, field: string, problems: Problem[]): RegexRule[] {
  const before = problems.length;
  const { pattern, description, error_message: errorMessage } = mappingOf(item, field, RULE_FIELDS, problems);
  for (const [name, value] of Object.entries({ description, error_message: errorMessage })) {
    if (value !== undefined && typeof value !== 'string')
      problems.push({ field: `${field}.${name}`, problem: 'is to be a text' });
  }
  if (typeof pattern !== 'string' || pattern === '') {
    problems.push({ field: `${field}.pattern`, problem: 'is to be a regular expression' });
    return [];
  }
  const compiled = compile(pattern);
  if (typeof compiled === 'string') problems.push({ field: `${field}.pattern`, problem: compiled });
  if (typeof compiled === 'string' || problems.length > before) return [];
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return [{ pattern: compiled, description: text(description), errorMessage: text(errorMessage) }];
}

/** RE2: linear time, whatever is matched. */
function compile(pattern: string): RE2JS | string {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const detail = error instanceof Error ? `: ${error.message}` : '';
    return `is no regular expression of RE2 (no look-around, no back-references)${detail}`;
  }
}

/** Flags that have a letter. */
function lettersOf({ globalFlags, commands }: BinarySpec): ReadonlyMap<string, string> {
  const flags = [...commands.flatMap(({ flags = [] }) => flags), ...globalFlags];
  return new Map(flags.flatMap(({ name, short }) => (short === undefined ? [] : [[name, short] as const])));
}

function unusable(file: string, problems: readonly Problem[], cause?: unknown): AppError {
  return new AppError('invalid_argument', `The security rules in ${file} cannot be used.`, {
    problems,
    remedy:
      'Correct the file, or start without K8S_MCP_SECURITY_CONFIG. Rules may only be narrower than what this server allows anyway.',
    ...(cause === undefined ? {} : { cause }),
  });
}
