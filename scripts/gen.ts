/** Rewrites what is derived from the tool files: `npm run gen`; `--check` fails when a file is stale. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { detectorTable, relationTable } from './gen/graph-tables.ts';
import { generateManifest } from './gen/manifest.ts';
import { generateReference } from './gen/reference.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const toolsets = join(root, 'src', 'toolsets');

/** Tool files: every `src/toolsets/<toolset>/<tool>.ts` that exports `operation`. */
async function toolFiles(): Promise<string[]> {
  const files = readdirSync(toolsets, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .sort();
  const texts = files.map((file) => ({ file, text: readFileSync(join(toolsets, file), 'utf8') }));
  return texts.filter(({ text }) => text.includes('export const operation')).map(({ file }) => file);
}

function write(path: string, text: string, check: boolean): boolean {
  let old = '';
  try {
    old = readFileSync(path, 'utf8');
  } catch {
    // A file that is not there yet is stale.
  }
  if (old === text) return false;
  if (!check) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  process.stdout.write(`${check ? 'stale' : 'wrote'}: ${relative(root, path)}\n`);
  return true;
}

const check = process.argv.includes('--check');
const files = await toolFiles();
const generated = await generateManifest(toolsets, files);
const outputs: [string, string][] = [
  ['src/generated/manifest.json', generated.manifest],
  ['src/generated/operations.ts', generated.loaders],
  ['docs/reference/tools.md', generateReference(JSON.parse(generated.manifest)).tools],
  ['docs/reference/settings.md', generateReference(JSON.parse(generated.manifest)).settings],
  ['docs/reference/errors.md', generateReference(JSON.parse(generated.manifest)).errors],
  ['docs/reference/relations.md', relationTable()],
  ['docs/reference/detectors.md', detectorTable()],
];
const stale = outputs.map(([path, text]) => write(join(root, path), text, check)).filter(Boolean).length;
if (check && stale > 0) {
  process.stdout.write('Run `npm run gen` and commit what it writes.\n');
  process.exit(1);
}
