import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { TOOLSETS } from '../../src/app/rules.ts';
import type { JsonObject } from '../../src/kernel/vocabulary.ts';
import type { ManifestTool } from '../../src/operations/gateway.ts';
import type { Operation } from '../../src/operations/types.ts';

/** The manifest and the table of lazy imports, from the tool files (paths relative to `folder`). */
export async function generateManifest(
  folder: string,
  files: readonly string[],
): Promise<{ manifest: string; loaders: string }> {
  const entries = await Promise.all(
    files.map(async (file) => {
      const module: { operation: Operation } = await import(pathToFileURL(join(folder, file)).href);
      checkPlace(file, module.operation);
      return { file, operation: module.operation };
    }),
  );
  entries.sort((a, b) => order(a.operation) - order(b.operation) || (a.operation.name < b.operation.name ? -1 : 1));
  const tools = entries.map(({ operation }) => toManifest(operation));
  return { manifest: `${JSON.stringify(tools, null, 1)}\n`, loaders: loaders(entries) };
}

function order(operation: Operation): number {
  return TOOLSETS.indexOf(operation.toolset);
}

function checkPlace(file: string, { name, toolset }: Operation): void {
  const wanted = `${toolset}/${name.replaceAll('_', '-')}.ts`;
  if (file !== wanted)
    throw new Error(`The tool ${name} of toolset ${toolset} belongs in src/toolsets/${wanted}, not ${file}.`);
}

function toManifest(operation: Operation): ManifestTool {
  const { name, title, toolset, description, effect, gate } = operation;
  return {
    name,
    title,
    toolset,
    description,
    effect,
    ...(gate === undefined ? {} : { gate }),
    ...(operation.effectFollowsGates === true ? { effectFollowsGates: true as const } : {}),
    annotations: {
      readOnlyHint: effect === 'read',
      destructiveHint: effect === 'destructive' || (effect === 'write' && operation.additive !== true),
      idempotentHint: effect === 'read' || operation.idempotent === true,
      openWorldHint: true,
    },
    inputSchema: slim(z.toJSONSchema(operation.advertised, { io: 'input' }) as JsonObject),
  };
}

const SAFE = Number.MAX_SAFE_INTEGER;

/** The same schema without what costs tokens and tells a model nothing: `$schema`, that keys are strings, and the bounds of safe integers. */
function slim(schema: JsonObject): JsonObject {
  const kept = Object.entries(schema).filter(
    ([key, value]) =>
      key !== '$schema' &&
      key !== 'propertyNames' &&
      !((key === 'maximum' || key === 'minimum') && Math.abs(Number(value)) === SAFE),
  );
  return Object.fromEntries(
    kept.map(([key, value]) => [
      key,
      typeof value === 'object' && value !== null && !Array.isArray(value) ? slim(value) : value,
    ]),
  );
}

function loaders(entries: readonly { file: string; operation: Operation }[]): string {
  const rows = entries.map(
    ({ file, operation }) => `  '${operation.name}': async () => (await import('../toolsets/${file}')).operation,`,
  );
  return `// Written by \`npm run gen\` from the files in src/toolsets. Do not edit.
import type { Operation } from '../operations/types.ts';

export const LOADERS: Readonly<Record<string, () => Promise<Operation>>> = {
${rows.join('\n')}
};
`;
}
