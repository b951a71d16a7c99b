import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Chunk {
  type: string;
  moduleIds?: string[];
}

/** The licence texts of the packages whose code is in the bundle, as their licences ask. */
export function notices(root: string, output: readonly Chunk[]): string {
  const packages = new Set<string>(['swagger-ui-dist']);
  for (const id of output.flatMap((file) => file.moduleIds ?? [])) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(id);
    if (found?.[1] !== undefined) packages.add(found[1]);
  }
  return [...packages]
    .sort()
    .map((name) => notice(join(root, 'node_modules', name), name))
    .join('\n');
}

function notice(folder: string, name: string): string {
  if (!existsSync(join(folder, 'package.json'))) return `${name}\n`;
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string;
    license?: string;
  };
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
  return `${name} ${version} (${license ?? 'see below'})\n\n${text}\n\n${'-'.repeat(80)}\n`;
}
