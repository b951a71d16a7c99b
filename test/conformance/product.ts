/** The product itself, started as a user would start it, without a cluster. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConformanceServer } from './serve.ts';

const START_LIMIT_MS = 90_000;
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const FIXTURES = fileURLToPath(new URL('./fixtures.ts', import.meta.url));

export async function startProduct({ fixtures }: { fixtures: boolean }): Promise<ConformanceServer> {
  const home = await mkdtemp(join(tmpdir(), 'k8s-mcp-conformance-'));
  const args = [MAIN, 'serve', '--port', '0', ...(fixtures ? ['--conformance-fixtures', FIXTURES] : [])];
  // Nothing of the caller's: no kubeconfig, no settings, no .env file.
  const env = { PATH: process.env['PATH'], HOME: home };
  const child = spawn(process.execPath, args, { cwd: home, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'close');
  const close = async () => {
    child.kill();
    await ended;
    await rm(home, { recursive: true, force: true });
  };
  try {
    return { url: `${await listeningUrl(child.stderr, ended)}/mcp`, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listeningUrl(stderr: NodeJS.ReadableStream, ended: Promise<unknown>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let said = '';
  stderr.setEncoding('utf8');
  stderr.on('data', (chunk: string) => {
    said += chunk;
    const url = /listening on (http:\S+)/.exec(said)?.[1];
    if (url !== undefined) resolve(url);
  });
  const fail = (why: string) => () => reject(new Error(`The server ${why}. It said:\n${said}`));
  void ended.then(fail('ended before it listened'));
  const timer = setTimeout(fail(`did not listen within ${START_LIMIT_MS} ms`), START_LIMIT_MS);
  return promise.finally(() => clearTimeout(timer));
}
