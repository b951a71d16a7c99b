import { AppError, describeError, ERRORS } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';
import type { Json } from '../../kernel/vocabulary.ts';
import type { ManifestTool } from '../../operations/gateway.ts';
import { flagName } from './arguments.ts';
import { asObject, typesOf } from './coerce.ts';
import { renderTable } from './table.ts';
import type { CliIo } from './types.ts';

/** `k8s-mcp tools [name] [-o json]`. Returns the exit code. */
export async function runTools(argv: readonly string[], tools: readonly ManifestTool[], io: CliIo): Promise<number> {
  const json = isJson(argv);
  const name = argv.find((word, at) => !word.startsWith('-') && !/^(-o|--output)$/.test(argv[at - 1] ?? ''));
  if (name === undefined) {
    await io.out.write(json ? `${JSON.stringify(tools, null, 2)}\n` : renderTools(tools, io.columns));
    return 0;
  }
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool !== undefined) {
    await io.out.write(json ? `${JSON.stringify(tool, null, 2)}\n` : renderTool(tool));
    return 0;
  }
  const near = nearest(
    name,
    tools.map((candidate) => candidate.name),
  );
  const error = new AppError('unknown_tool', `No tool is called "${name.slice(0, 100)}".`, {
    remedy: 'k8s-mcp tools lists the tools that are there.',
    ...(near.length > 0 ? { candidates: near } : {}),
  });
  await io.err.write(`${describeError(error)}\n`);
  return ERRORS[error.code].exit;
}

function isJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, at) => /^(-o|--output)=json$/.test(word) || (word === 'json' && /^(-o|--output)$/.test(argv[at - 1] ?? '')),
  );
}

/** One line per tool. */
export function renderTools(tools: readonly ManifestTool[], columns: number | undefined): string {
  const rows = tools.map((tool) => [tool.name, tool.effect, tool.gate ?? '-', firstSentence(tool.description)]);
  return renderTable(['TOOL', 'EFFECT', 'GATE', 'DESCRIPTION'], rows, columns);
}

/** What a tool is for and what it takes. */
export function renderTool(tool: ManifestTool): string {
  const properties = asObject(tool.inputSchema['properties']);
  const required = tool.inputSchema['required'];
  const isRequired = (name: string) => Array.isArray(required) && required.includes(name);
  const names = Object.keys(properties).sort((a, b) => Number(isRequired(b)) - Number(isRequired(a)));
  const rows = names.map((name) => [
    `  ${flagName(name)}`,
    shape(properties[name]),
    isRequired(name) ? 'required' : '',
    describe(properties[name]),
  ]);
  const gate = tool.gate === undefined ? '' : `, needs the gate ${tool.gate}`;
  const usage = names.filter(isRequired).map((name) => ` ${flagName(name)} <${shape(properties[name])}>`);
  return [
    `${tool.name}: ${tool.title} (${tool.effect}${gate})`,
    tool.description,
    '',
    `Usage: k8s-mcp call ${tool.name}${usage.join('')} [arguments] [--json '{...}'] [-o text|json] [--yes]`,
    ...(rows.length === 0 ? [] : ['', 'Arguments:', renderTable(undefined, rows, undefined).trimEnd()]),
    '',
  ].join('\n');
}

function shape(schema: Json | undefined): string {
  const types = [...typesOf(schema)];
  return types.length === 0 ? 'any' : types.join('|');
}

function describe(schema: Json | undefined): string {
  const { description, enum: values, default: fallback } = asObject(schema);
  const parts = [
    typeof description === 'string' ? description : '',
    Array.isArray(values) ? `one of ${values.join(', ')}` : '',
    fallback === undefined ? '' : `default ${JSON.stringify(fallback)}`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function firstSentence(text: string): string {
  const line = text.split('\n')[0] ?? '';
  const end = line.search(/\.\s/);
  return end < 0 ? line : line.slice(0, end + 1);
}
