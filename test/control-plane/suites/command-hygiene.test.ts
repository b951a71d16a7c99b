import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parentFolders } from '../../../src/process/run-folder.ts';
import { hasClis } from '../../support/clis.ts';
import { type CommandProduct, commandProduct } from '../../support/command-product.ts';

/** Processes whose home lies in the private folder of this server's run. */
function childrenOf(server: CommandProduct): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter(
    (pid) => environmentOf(pid).includes(`/${server.pid}-`) && environmentOf(pid).includes('k8s-mcp-'),
  );
}

function environmentOf(pid: string): string {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    return variables.find((variable) => variable.startsWith('HOME=')) ?? '';
  } catch {
    return '';
  }
}

/** The private folders of this server's run, there or not. */
function foldersOf(server: CommandProduct): string[] {
  return parentFolders({ runtimeDir: undefined })
    .filter(existsSync)
    .flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))
    .filter((path) => path.includes(`/${server.pid}-`));
}

function descriptors(server: CommandProduct): number {
  return readdirSync(`/proc/${server.pid}/fd`).length;
}

/** A watch that has begun, and that goes on until it is stopped. */
function watch(server: CommandProduct, signal: AbortSignal): Promise<number> {
  return fetch(`${server.url}/tools/kubectl`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ command: 'get pods --all-namespaces --watch', timeout: 60 }),
    signal,
  }).then(
    ({ status }) => status,
    () => 0,
  );
}

describe.skipIf(!hasClis() || !existsSync('/proc/self/environ'))('commands that do not end by themselves', () => {
  test('500 calls that are given up leave no process, folder or descriptor', async () => {
    const server = await commandProduct({ args: ['--command-concurrency=10'] });
    await server.run('kubectl', 'get pods');
    const before = descriptors(server);
    let givenUp = 0;
    for (let round = 0; round < 10; round++) {
      const statuses = await Promise.all(
        Array.from({ length: 50 }, (_, at) => {
          const controller = new AbortController();
          setTimeout(() => controller.abort(), 20 * at);
          return watch(server, controller.signal);
        }),
      );
      givenUp += statuses.filter((status) => status === 0).length;
    }
    expect(givenUp).toBeGreaterThan(450);
    await expect.poll(() => childrenOf(server), { timeout: 20_000 }).toEqual([]);
    await expect
      .poll(() => foldersOf(server).flatMap((run) => readdirSync(join(run, 'calls'))), { timeout: 20_000 })
      .toEqual([]);
    // Connections of this test's own fetch may still be open.
    await expect.poll(() => descriptors(server), { timeout: 20_000 }).toBeLessThan(before + 60);
    expect((await server.run('kubectl', 'get pods')).success).toBe(true);
  });

  test('a killed server leaves nothing that runs, and the next one removes its folder', async () => {
    const server = await commandProduct();
    const controller = new AbortController();
    const watching = watch(server, controller.signal);
    await expect.poll(() => childrenOf(server).length, { timeout: 20_000 }).toBeGreaterThan(0);
    const left = foldersOf(server);
    expect(left.length).toBe(1);
    await server.kill();
    await watching;
    const next = await commandProduct();
    await expect.poll(() => childrenOf(server), { timeout: 20_000 }).toEqual([]);
    await expect.poll(() => foldersOf(server), { timeout: 20_000 }).toEqual([]);
    expect((await next.run('kubectl', 'get pods')).success).toBe(true);
  });

  test('a server that is stopped removes everything itself', async () => {
    const server = await commandProduct();
    const watching = watch(server, new AbortController().signal);
    await expect.poll(() => childrenOf(server).length, { timeout: 20_000 }).toBeGreaterThan(0);
    await server.stop();
    await watching;
    expect(childrenOf(server)).toEqual([]);
    expect(foldersOf(server)).toEqual([]);
  });
});
