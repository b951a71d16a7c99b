/** Somebody without a cluster: `npm start`, `--sandbox` and `k8s-mcp sandbox`, each as a process of its own. */
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { callTool, type Era, scratchFolder, serve, shell, stdioClient } from '../support/product.ts';

const BROKEN = join(import.meta.dirname, '..', 'support', 'tls', 'ca.pem');

/** One user's home: what several processes share. */
const home = () => {
  const folder = scratchFolder();
  return { HOME: folder, K8S_MCP_STATE_DIR: join(folder, 'state'), K8S_MCP_LOG_DIR: join(folder, 'logs') };
};

const started = (log: string, name: string) => new RegExp(`^ *${name} +(.*)$`, 'm').exec(log)?.[1];

describe('start without any kubeconfig', () => {
  test('runs on the sandbox, says so, what to type next, and serves all that it lists', async () => {
    const served = await serve({ env: home() }, 'start');
    const log = () => served.log();
    await expect.poll(log).toContain('Stop with Ctrl-C.');
    expect(log()).toContain('there is no kubeconfig, so this starts the sandbox');
    expect(started(log(), 'cluster')).toMatch(/^the sandbox: https:\/\/127\.0\.0\.1:\d+, world shop: \d+ nodes, /);
    expect(started(log(), 'kubectl')).toMatch(/^kubectl --kubeconfig \S+kubeconfig get pods -A$/);
    expect(started(log(), 'gates')).toBe('open: create, update, delete');
    const token = started(log(), 'token')?.split(' ')[0];
    const ask = (name: string, input: object) =>
      fetch(`${served.url}/tools/${name}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(input),
      }).then(async (answer) => ({ status: answer.status, text: JSON.stringify(await answer.json()) }));
    const pods = await ask('k8s-get-pods', { namespace: 'all' });
    expect(pods.status).toBe(200);
    expect(pods.text).toContain('coredns');
    // The line that it tells people to type.
    expect(log()).toContain(`-H 'Authorization: Bearer ${token}' -H 'content-type: application/json'`);
    expect(await served.stop()).toBe(0);
  });

  test('an incident is played, seen through the product and healed with the commands that each of them names next', async () => {
    const env = home();
    const served = await serve({ env }, 'start');
    const ask = (...words: string[]) => shell(['sandbox', ...words], { env }).then(({ stdout }) => stdout);
    await expect.poll(() => served.log()).toContain('npm run sandbox -- incidents ');
    const listed = await ask('incidents');
    expect(listed).toMatch(/^ {2}bad-image {2,}recommendations is released with an image tag that does not exist$/m);
    expect(listed).toContain('npm run sandbox -- break NAME plays one');
    const broken = await ask('break', 'bad-image');
    expect(broken).toMatch(/^bad-image: .*ImagePullBackOff/);
    expect(broken).toMatch(
      /^ {2}look {2}kubectl --kubeconfig \S+ get pods -n shop -l app\.kubernetes\.io\/name=recommendations$/m,
    );
    expect(broken).toMatch(/^ {2}heal {2}npm run sandbox -- heal bad-image$/m);
    expect(await ask('incidents')).toMatch(/^\* bad-image /m);
    await ask('advance', '1m');
    const token = started(served.log(), 'token')?.split(' ')[0];
    const pods = () =>
      fetch(`${served.url}/tools/k8s-get-pods`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ namespace: 'shop' }),
      }).then((answer) => answer.text());
    await expect.poll(pods).toMatch(/"recommendations-[^}]*"status":"ImagePullBackOff"/);
    expect(await ask('heal')).toMatch(/^bad-image: healed/);
    await ask('advance', '1m');
    await expect.poll(pods).not.toContain('ImagePullBackOff');
    expect(await ask('heal')).toBe('Nothing was broken.\n');
    const wrong = await shell(['sandbox', 'break', 'bad-imge'], { env });
    expect({ code: wrong.code === 0, stderr: wrong.stderr }).toEqual({
      code: false,
      stderr: expect.stringContaining('There is no incident bad-imge. Did you mean bad-image?'),
    });
  });

  test('a second server of the same user works on the sandbox of the first', async () => {
    const env = home();
    const first = await serve({ env }, 'start');
    const second = await serve({ env }, 'start');
    await expect.poll(() => second.log()).toContain('Stop with Ctrl-C.');
    const address = /https:\/\/127\.0\.0\.1:\d+/;
    expect(address.exec(second.log())?.[0]).toBe(address.exec(first.log())?.[0]);
    expect(started(second.log(), 'cluster')).toContain('another server or terminal started it');
    await second.stop();
    expect((await shell(['sandbox', 'status'], { env })).stdout).toContain('world shop');
    await first.stop();
    const gone = await shell(['sandbox', 'status'], { env });
    expect({ code: gone.code, stderr: gone.stderr }).toEqual({
      code: 6,
      stderr: expect.stringContaining('no_cluster: No sandbox runs'),
    });
  });

  test('a kubeconfig that does not load is an error, never the sandbox', async () => {
    const { code, stderr } = await shell(['start', '--port', '0'], { kubeconfig: BROKEN, env: home() });
    expect(code).toBe(6);
    expect(stderr).toContain('kubeconfig_invalid');
    expect(stderr).not.toContain('sandbox');
  });

  test('serve starts none: it says how to', async () => {
    const served = await serve({ env: home() });
    await expect.poll(() => served.log()).toContain('start with --sandbox for one of our own to try things on');
  });
});

describe.each<Era>(['2025', '2026'])('--sandbox over stdio, %s', (era) => {
  test('reads and writes, and the sandbox ends with the server', async () => {
    const env = home();
    const client = await stdioClient(era, { env, args: ['--sandbox', '--confirm=never'] });
    const scaled = await callTool(client, 'create_resource', {
      manifest: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: note, namespace: default }\ndata: { a: b }',
    });
    expect(scaled).toEqual({ isError: false, text: expect.stringContaining('context: sandbox') });
    const found = await callTool(client, 'get_resource', { kind: 'configmap', name: 'note', namespace: 'default' });
    expect(found.text).toContain('a: b');
    const viewer = await callTool(client, 'create_resource', {
      context: 'sandbox-viewer',
      manifest: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: other, namespace: default }',
    });
    expect(viewer).toEqual({ isError: true, text: expect.stringMatching(/^(context_denied|gate_closed)/) });
    await client.close();
    await expect
      .poll(async () => (await shell(['sandbox', 'status'], { env })).code, { timeout: 20_000, interval: 500 })
      .toBe(6);
  });
});

describe('k8s-mcp sandbox', () => {
  test('a second start says where the first one is', async () => {
    const env = home();
    const first = await serve({ env }, 'start');
    const second = await shell(['sandbox'], { env });
    expect(second.code).not.toBe(0);
    const url = /https:\/\/127\.0\.0\.1:\d+/.exec(first.log())?.[0];
    expect(second.stderr).toContain(`A sandbox runs already: ${url}`);
    expect(second.stderr).toContain('npm run sandbox -- stop');
  });

  test('a port in use is said so, with the way out', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    try {
      const { code, stderr } = await shell(['sandbox', 'run', '--world', 'bare', '--port', `${port}`], { env: home() });
      expect(code).not.toBe(0);
      expect(stderr).toContain(`Port ${port} is in use.`);
      expect(stderr).toContain('--port');
    } finally {
      taken.close();
    }
  });

  test.each([
    [['sandbox', 'breka'], 'sandbox has no command "breka"', 'break'],
    [['sandbox', '--world', 'moon'], '--world must be one of shop, bare, scale', '--help'],
    [['sandbox', '--port', '70000'], '--port must be a whole number up to 65535, not "70000"', '--help'],
    [['sandbox', 'advance', 'soon'], 'DURATION must be a number with its unit', '5m'],
    [['sandbox', '--wrold', 'shop'], '--wrold', '--help'],
  ])('%j is refused with the way out', async (args, problem, remedy) => {
    const { code, stderr } = await shell(args, { env: home() });
    expect(code).toBe(2);
    expect(stderr).toContain(problem);
    expect(stderr).toContain(remedy);
    expect(stderr).not.toContain('    at ');
  });

  test('--help teaches', async () => {
    const { code, stdout } = await shell(['sandbox', '--help'], { env: home() });
    expect(code).toBe(0);
    for (const word of ['incidents', 'break NAME', 'heal', 'advance 5m', '--world', 'kubectl --kubeconfig'])
      expect(stdout).toContain(word);
  });
});
