import type { ChildProcess } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findProgram } from '../../../src/process/find-program.ts';
import { clis, hasClis } from '../../support/clis.ts';
import { type CommandProduct, commandOptions, commandProduct, type RestAnswer } from '../../support/command-product.ts';
import { hasTestUsers } from '../../support/control-plane.ts';
import { NOTHING, runFolders, watchLeftovers } from '../../support/leftovers.ts';
import { descendants, isAlive, memory, processesWith, programOf, settled } from '../../support/process-watch.ts';
import { callTool, scratchFolder, stdioClient } from '../../support/product.ts';

/** Of what every cluster has: it prints at once. Without a limit of its own it would end after a while. */
const WATCH = { command: 'get namespaces -w', timeout: 300 };
const EVERYTHING = 'get --raw /openapi/v2';

/** Starts commands that go on, and waits until they run. */
async function startWatches(product: CommandProduct, count: number, more: Record<string, unknown> = {}) {
  // Looks for the programs that start others, which are started themselves for that.
  await product.run('kubectl', 'version --client');
  const cancel = new AbortController();
  const before = descendants(product.pid).length;
  const ended = Array.from({ length: count }, () =>
    product.call('kubectl', { ...WATCH, ...more }, { signal: cancel.signal }).then(
      (answer) => answer,
      () => undefined,
    ),
  );
  const children = await settled(
    () => descendants(product.pid),
    // Before they run what is meant to, they are not bound to the life of their server either.
    (pids) => pids.filter((pid) => programOf(pid) === 'kubectl').length >= count,
  );
  expect(children).toHaveLength(before + count);
  return { children, ended: Promise.all(ended), cancel: () => cancel.abort() };
}

// At once: one of them waits for ten seconds, which is what running calls are given to end by themselves.
describe.skipIf(!hasTestUsers() || !hasClis()).concurrent('servers that end while commands run', () => {
  /** Outlives its server, as programs do where there is no setpriv. */
  let stubborn: Record<string, string>;

  beforeAll(async () => {
    const setpriv = await findProgram('setpriv', { path: process.env['PATH'], extraDirs: [] });
    const script = join(scratchFolder(), 'kubectl');
    const cleared = setpriv === undefined ? '' : `'${setpriv}' --pdeathsig clear `;
    writeFileSync(script, `#!/bin/sh\nexec ${cleared}'${clis().kubectl}' "$@"\n`);
    chmodSync(script, 0o755);
    stubborn = { K8S_MCP_KUBECTL_PATH: script };
  });

  test('killed: programs and folders are there until the next start, which clears up after the dead and not after the living', async () => {
    const [living, dying] = await Promise.all([commandProduct({ env: stubborn }), commandProduct({ env: stubborn })]);
    const [alive, dead] = await Promise.all([
      startWatches(living, 2),
      startWatches(dying, 3, { files: { 'secret.txt': 'a file of a caller' } }),
    ]);
    const [run] = runFolders(dying.pid);
    expect(runFolders(dying.pid)).toHaveLength(1);
    expect(runFolders(living.pid)).toHaveLength(1);
    // A program has its own environment a moment after it is there.
    const orphans = await settled(
      () => processesWith(run ?? 'none'),
      (pids) => pids.length === 3,
    );
    expect(orphans).toHaveLength(3);
    await dying.kill();
    await dead.ended;
    const next = await commandProduct();
    expect(
      await settled(
        () => orphans.filter(isAlive),
        (pids) => pids.length === 0,
      ),
    ).toEqual([]);
    expect(await foldersLeft(dying.pid)).toEqual([]);
    expect(alive.children.filter(isAlive)).toEqual(alive.children);
    expect(runFolders(living.pid)).toHaveLength(1);
    alive.cancel();
    await alive.ended;
    expect(await living.run('kubectl', 'auth whoami')).toMatchObject({ success: true });
    await Promise.all([next.stop(), living.stop()]);
    expect(runFolders(living.pid)).toEqual([]);
  });

  test('killed where there is setpriv: the programs end with it', async () => {
    const product = await commandProduct();
    const { children, ended } = await startWatches(product, 3);
    await product.kill();
    await ended;
    expect(
      await settled(
        () => children.filter(isAlive),
        (pids) => pids.length === 0,
      ),
    ).toEqual([]);
    await (await commandProduct()).stop();
    expect(await foldersLeft(product.pid)).toEqual([]);
  });

  test('told to end: what runs is ended, the folders are gone, and the exit code is 0', async () => {
    const product = await commandProduct({ env: stubborn });
    const { children, ended } = await startWatches(product, 3);
    expect(await product.stop()).toBe(0);
    await ended;
    expect(children.filter(isAlive)).toEqual([]);
    expect(runFolders(product.pid)).toEqual([]);
  });

  test('stdio: when its host goes, so does everything', async () => {
    const client = await stdioClient('2025', commandOptions());
    const server = (client.transport as unknown as { _process: ChildProcess })._process;
    const pid = server.pid ?? -1;
    const started = Promise.withResolvers<void>();
    const call = client.callTool({ name: 'kubectl', arguments: WATCH }, { onprogress: () => started.resolve() });
    call.catch(() => undefined);
    await started.promise;
    const children = descendants(pid);
    expect(children).toHaveLength(1);
    // As its pipes end with a host. The client's own close would kill a server that is slow to end, which leaves its folder.
    server.stdin?.destroy();
    server.stdout?.destroy();
    expect(
      await settled(
        () => [pid, ...children].filter(isAlive),
        (pids) => pids.length === 0,
      ),
    ).toEqual([]);
    expect(runFolders(pid)).toEqual([]);
  });
});

describe.skipIf(!hasTestUsers() || !hasClis())('limits of commands', () => {
  test('a full queue answers 429 with Retry-After, and takes calls again when there is room', async () => {
    const product = await commandProduct({ args: ['--command-concurrency', '1'] });
    await product.run('kubectl', 'version --client');
    const cancel = new AbortController();
    const calls = Array.from({ length: 9 }, () => product.call('kubectl', WATCH, { signal: cancel.signal }));
    const settledCalls = Promise.allSettled(calls);
    const refused = await firstOf(calls, 4);
    for (const { status, headers, body } of refused) {
      expect({ status, body }).toMatchObject({
        status: 429,
        body: { code: 'too_many_requests', retryable: true, detail: '1 calls are running and 4 wait.' },
      });
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
    // The other tools are not held up, and MCP says it too.
    expect(await product.call('k8s-get-pods', { namespace: 'default' })).toMatchObject({ status: 200 });
    const client = await product.client('2026');
    const overMcp = await callTool(client, 'kubectl', { command: 'auth whoami' });
    expect(overMcp).toEqual({
      isError: true,
      text: expect.stringMatching(/^too_many_requests: .*\nRetry after 1 s\./),
    });
    const envelope = await fetch(`${product.url}/tools/call`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: 'x', name: 'kubectl', arguments: { command: 'auth whoami' } }),
    });
    expect(envelope.status).toBe(503);
    expect(await envelope.json()).toMatchObject({
      error: { code: 'SERVICE_UNAVAILABLE', details: { retry_after_seconds: 1 } },
    });
    cancel.abort();
    const ends = await settledCalls;
    expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(5);
    // The server learns of the five that left in its own time: as any caller, this one comes again as long as it is told to.
    const next = await settled(
      () => product.run('kubectl', 'auth whoami'),
      ({ status }) => status !== 429,
    );
    expect(next).toMatchObject({ success: true });
    await product.stop();
  });

  describe('of one server', () => {
    let product: CommandProduct;
    beforeAll(async () => {
      product = await commandProduct({ args: ['--max-output', '5000'] });
    });
    afterAll(async () => void (await product.stop()));

    test('what runs into its time limit has printed what it has, ends with 124 and leaves nothing', async () => {
      // A tool has to come up and to ask within them, on a busy machine too.
      const [shorter, limit] = [8, 10];
      const limited = await commandProduct({ env: { K8S_MCP_TIMEOUT: `${limit}` } });
      await limited.run('kubectl', 'get namespaces');
      const leftovers = watchLeftovers(limited.pid, Number(new URL(limited.url).port));
      const [asked, bounded, filtered] = await Promise.all([
        limited.run('kubectl', 'get namespaces -w', { timeout: shorter }),
        limited.run('kubectl', 'get namespaces -w', { timeout: 600 }),
        limited.run('kubectl', 'get namespaces -w | grep -c ^default', { timeout: shorter }),
      ]);
      for (const [seconds, answer] of [
        [shorter, asked],
        [limit, bounded],
      ] as const) {
        expect(answer).toMatchObject({
          status: 200,
          output: expect.stringMatching(/^NAME +STATUS +AGE\n/),
          hint: expect.stringContaining(`after ${seconds} s`),
        });
      }
      expect(filtered).toMatchObject({ status: 200, output: '1\n' });
      expect(
        await settled(leftovers, (seen) => seen.children.length + seen.folders.length + seen.guardConnections === 0),
      ).toMatchObject({ children: [], folders: [], guardConnections: NOTHING.guardConnections });
      await limited.stop();
    });

    test('a flood of output is cut, said to be, and seen whole by filters', async () => {
      const whole = await product.run('kubectl', `${EVERYTHING} | wc -c`);
      const size = Number(whole.output.trim());
      expect(size).toBeGreaterThan(1_000_000);
      const cut = await product.run('kubectl', EVERYTHING);
      expect(cut).toMatchObject({
        success: true,
        truncated: true,
        changed: expect.arrayContaining(['cut after 5000 characters']),
      });
      expect(cut.output).toHaveLength(5000);
      expect(cut.hint).toContain('grep');
      const before = memory(product.pid).rss;
      const floods = await Promise.all(Array.from({ length: 24 }, () => product.run('kubectl', EVERYTHING)));
      expect(floods.filter(({ truncated, output }) => truncated !== true || output.length !== 5000)).toEqual([]);
      console.info(`24 floods of ${Math.round(size / 1e5) / 10} MB: RSS ${before} -> ${memory(product.pid).rss} MiB`);
      expect(memory(product.pid).peak).toBeLessThan(500);
    });
  });

  test('50 at once are all answered, within bounds of memory', async () => {
    const product = await commandProduct();
    await product.run('kubectl', 'get pods -A');
    const before = memory(product.pid);
    const began = performance.now();
    const commands: readonly [tool: 'kubectl' | 'helm', command: string][] = [
      ['kubectl', 'get pods -A'],
      ['kubectl', 'get pods -A -o json | jq length'],
      ['kubectl', 'get namespaces -o yaml'],
      ['helm', 'list -A'],
      ['kubectl', 'api-resources'],
    ];
    const calls = Array.from({ length: 50 }, (_, index) => commands[index % commands.length] ?? ['kubectl', 'version']);
    const answers = await Promise.all(
      calls.map(([tool, command]) => product.run(tool as 'kubectl', command as string)),
    );
    const seconds = (performance.now() - began) / 1000;
    const { rss, peak } = memory(product.pid);
    console.info(
      `50 commands at once: ${seconds.toFixed(1)} s; RSS ${before.rss} MiB before, ${rss} after, ${peak} at most`,
    );
    expect(answers.filter(({ success }) => success !== true)).toEqual([]);
    expect(peak).toBeLessThan(400);
    await product.stop();
  });
});

/** What is there of a dead server's folders. A server of another suite may have begun to clear up after it, and not be done. */
function foldersLeft(pid: number): Promise<string[]> {
  return settled(
    () => runFolders(pid),
    (folders) => folders.length === 0,
  );
}

/** The first so many that are answered. */
function firstOf(calls: readonly Promise<RestAnswer>[], count: number): Promise<RestAnswer[]> {
  const first: RestAnswer[] = [];
  return new Promise((resolve) => {
    for (const call of calls) {
      call.then(
        (answer) => {
          first.push(answer);
          if (first.length === count) resolve(first);
        },
        () => undefined,
      );
    }
  });
}
