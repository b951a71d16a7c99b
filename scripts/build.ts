/**
 * `npm run build`: the release bundle in dist/: the server, the worker of its text filters, and the sandbox. Code is split at the
 * dynamic imports, so that stdio starts fast.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RolldownOutput, rolldown } from 'rolldown';
import { DATA_PARTS } from '../sandbox/data-folder.ts';
import { notices } from './build/notices.ts';

const root = join(fileURLToPath(import.meta.url), '..', '..');
const dist = join(root, 'dist');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

function commit(): string {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : 'unknown';
}

rmSync(dist, { recursive: true, force: true });
const build = { version, commit: commit(), date: new Date().toISOString().slice(0, 10) };

/** One program of the release and the chunks that it alone loads. */
async function write(
  source: string,
  name: string,
  define: Record<string, string> = {},
): Promise<RolldownOutput['output']> {
  const bundle = await rolldown({
    input: join(root, source),
    platform: 'node',
    transform: { define: { K8S_MCP_BUILD: JSON.stringify(build), ...define } },
  });
  const { output } = await bundle.write({
    dir: dist,
    format: 'esm',
    entryFileNames: `${name}.js`,
    chunkFileNames: 'chunks/[name]-[hash].js',
    minify: true,
    // A chunk with a single character beyond Latin-1 is kept in two bytes for each: 2 MB of serve's memory.
    charset: 'ascii',
  });
  await bundle.close();
  return output;
}

// Bundles that share no chunk: what another needs too would else be taken out of main.js, and slow its start.
const output = [
  ...(await write(join('src', 'main.ts'), 'main')),
  // jq-wasm is CommonJS and asks for its folder, where it then looks for nothing.
  ...(await write(join('src', 'exec', 'filters', 'worker.ts'), 'filter-worker', { __dirname: '""', __filename: '""' })),
  ...(await write(join('sandbox', 'main.ts'), 'sandbox')),
];
chmodSync(join(dist, 'main.js'), 0o755);

for (const part of DATA_PARTS) {
  const folder = join(root, 'sandbox', part, 'data');
  mkdirSync(join(dist, 'sandbox-data', part), { recursive: true });
  for (const file of readdirSync(folder).filter((name) => name.includes('.json')))
    copyFileSync(join(folder, file), join(dist, 'sandbox-data', part, file));
}

const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
mkdirSync(join(dist, 'assets'), { recursive: true });
for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js'])
  copyFileSync(join(swagger, file), join(dist, 'assets', file));
writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), notices(root, output));

const bytes = output.reduce((sum, file) => sum + (file.type === 'chunk' ? file.code.length : 0), 0);
process.stdout.write(
  `built dist/: ${output.length} files, ${(bytes / 1024).toFixed(0)} KiB of code, commit ${build.commit}\n`,
);
