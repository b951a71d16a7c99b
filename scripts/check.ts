/** `npm run check`: everything that can be told without running the product. All steps run; all failures are shown. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '..', '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const node = process.execPath;

const STEPS: [string, string, string[]][] = [
  ['generated files are current', node, ['scripts/gen.ts', '--check']],
  ['types', bin('tsc'), ['-p', '.']],
  ['format and lint', bin('biome'), ['check', '--error-on-warnings', '.']],
  [
    'module fences',
    node,
    [bin('depcruise'), '--config', '.dependency-cruiser.mjs', '--output-type', 'err-long', 'src', 'sandbox'],
  ],
  ['dead code', bin('knip'), []],
  ['architecture', bin('vitest'), ['run', '--project', 'contract', 'architecture']],
];

const wanted = process.argv.slice(2);
const failed: string[] = [];
for (const [name, command, args] of STEPS) {
  if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
  const started = Date.now();
  process.stdout.write(`check: ${name} ... `);
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)\n`);
  if (status !== 0) {
    failed.push(name);
    process.stdout.write(`${stdout}${stderr}\n`);
  }
}
process.stdout.write(failed.length === 0 ? 'check: all good\n' : `check: failed: ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
