import type { Setting } from '../../src/config/setting.ts';
import { TABLE } from '../../src/config/table.ts';
import { ERRORS } from '../../src/kernel/errors.ts';
import type { JsonObject } from '../../src/kernel/vocabulary.ts';
import type { ManifestTool } from '../../src/operations/gateway.ts';

const HEAD = '<!-- Written by `npm run gen`. Do not edit. -->\n\n';

/** The reference pages, from the manifest, the settings table and the error table. */
export function generateReference(tools: readonly ManifestTool[]): { tools: string; settings: string; errors: string } {
  return {
    tools: `${HEAD}# Tools\n\n${tools.map(toolSection).join('\n')}`,
    settings: `${HEAD}# Settings\n\n${settingsTable()}`,
    errors: `${HEAD}# Errors\n\n${errorsTable()}`,
  };
}

function toolSection(tool: ManifestTool): string {
  const gate = tool.gate === undefined ? '' : `, gate \`--enable-${tool.gate}\``;
  const required = tool.inputSchema['required'];
  const names = new Set(Array.isArray(required) ? required : []);
  const properties = Object.entries(tool.inputSchema['properties'] as Record<string, JsonObject>);
  const rows = properties.map(
    ([name, schema]) =>
      `| \`${name}\`${names.has(name) ? ' (required)' : ''} | ${typeOf(schema)} | ${cell(schema['description'])} |`,
  );
  return `## ${tool.name}\n\n${tool.title}. Toolset \`${tool.toolset}\`, effect ${tool.effect}${gate}.\n\n${tool.description}\n\n| argument | type | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function typeOf(schema: JsonObject): string {
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => `\`${String(value)}\``).join(' \\| ');
  const fallback = schema['default'] === undefined ? '' : ` = ${JSON.stringify(schema['default'])}`;
  return `${String(schema['type'] ?? 'any')}${fallback}`;
}

function cell(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll('|', '\\|') : '';
}

function settingsTable(): string {
  const settings: Setting<unknown>[] = Object.values(TABLE);
  const rows = settings
    .filter((setting) => setting.group !== 'Hidden')
    .map(
      (s) =>
        `| \`--${s.flag}\` | ${s.env.map((name) => `\`${name}\``).join(', ')} | ${s.fallback === undefined ? '' : `\`${String(s.fallback)}\``} | ${cell(s.help)} |`,
    );
  return `| flag | environment | default | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function errorsTable(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, e]) => `| \`${code}\` | ${e.status} | ${e.exit} | ${e.retryable ? 'yes' : 'no'} |`,
  );
  return `| code | HTTP | exit code | retry may help |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}
