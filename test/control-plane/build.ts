import { spawn } from 'node:child_process';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { executableIn } from './executables.ts';
import { withLock } from './lock.ts';
import type { Tool, WrapperModule } from './modules.ts';

const PROGRESS_EVERY_MS = 10_000;
/** How much of the compiler's output a failure shows. */
const SHOWN_OUTPUT_CHARS = 4_000;

/**
 * Builds programs of one module into `folder`, one after the other so that an interrupted build keeps what it has.
 * Safe against a second process doing the same: it waits, then finds the work done.
 */
export async function buildMissing(
  module: WrapperModule,
  tools: readonly Tool[],
  folder: string,
  report: (line: string) => void,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const build = async () => {
    for (const tool of tools) {
      if (executableIn(folder, tool) === undefined) await buildOne(module, tool, folder, report);
    }
  };
  await withLock(join(folder, '.lock'), build, () => report(`waiting for another build of ${module.name}`));
}

async function buildOne(
  module: WrapperModule,
  tool: Tool,
  folder: string,
  report: (line: string) => void,
): Promise<void> {
  const started = Date.now();
  const label = `${tool} ${module.release}`;
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  report(`building ${label} (once, kept in the cache folder)`);
  const ticker = setInterval(() => report(`building ${label} … ${seconds()}`), PROGRESS_EVERY_MS);
  const partial = join(folder, `.${tool}.${process.pid}`);
  try {
    await goBuild(module, tool, partial);
    renameSync(partial, join(folder, tool));
    report(`built ${label} in ${seconds()}`);
  } finally {
    clearInterval(ticker);
    rmSync(partial, { force: true });
  }
}

function goBuild(module: WrapperModule, tool: Tool, output: string): Promise<void> {
  const target = module.packages[tool] ?? '';
  const args = ['build', '-mod=readonly', '-trimpath', '-ldflags', module.ldflags, '-o', output, target];
  const child = spawn('go', args, {
    cwd: module.folder,
    // The installed Go builds it or nobody does, and a go.work of the machine's owner is none of our business.
    env: { ...process.env, GOTOOLCHAIN: 'local', GOWORK: 'off' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const keep = (chunk: string) => {
    said = (said + chunk).slice(-SHOWN_OUTPUT_CHARS);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`go build of ${tool} ended with ${signal ?? `exit code ${code}`}:\n${said}`));
    });
  });
}
