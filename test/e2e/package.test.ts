import { execFileSync, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder } from '../support/product.ts';

const root = join(import.meta.dirname, '..', '..');

/** Packs the release as `npm pack` does, and unpacks it where npx would. */
describe('the release package', () => {
  let folder: string;
  let files: string[];

  beforeAll(() => {
    const scratch = scratchFolder();
    execFileSync(process.execPath, [join(root, 'scripts', 'build.ts')], { cwd: root });
    // The build has just run, and npm's own prepack would only run it again.
    const pack = spawnSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', scratch], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(pack.status, pack.stderr).toBe(0);
    folder = join(scratch, 'node_modules', 'k8s-mcp');
    mkdirSync(folder, { recursive: true });
    execFileSync('tar', ['-xzf', join(scratch, pack.stdout.trim()), '-C', folder, '--strip-components=1']);
    files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((f) =>
      statSync(join(folder, f)).isFile(),
    );
  }, 120_000);

  const run = (args: string[], input = '') =>
    spawnSync(process.execPath, [join(folder, 'dist', 'main.js'), ...args], {
      encoding: 'utf8',
      input,
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: scratchFolder() },
    });

  test('needs no other package and runs no install script', () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    expect(manifest.dependencies).toBeUndefined();
    expect(manifest.bin).toEqual({ 'k8s-mcp': 'dist/main.js' });
    expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
  });

  test('holds the bundle, the docs page, notices and nothing of the tests or the machine it was built on', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'dist/main.js',
        'dist/filter-worker.js',
        'dist/assets/swagger-ui-bundle.js',
        'LICENSE',
        'README.md',
      ]),
    );
    expect(files.filter((file) => /(^|\/)(test|src|bench|scripts|node_modules)\//.test(file))).toEqual([]);
    const code = files.filter((file) => file.endsWith('.js')).map((file) => readFileSync(join(folder, file), 'utf8'));
    expect(code.filter((text) => text.includes(root))).toEqual([]);
  });

  test('its text filters run in a process of their own, jq with them', async () => {
    const worker = fork(join(folder, 'dist', 'filter-worker.js'), { env: {}, execArgv: [], serialization: 'advanced' });
    const stages = [
      { name: 'jq', args: ['-r', '.items[].name, ($ENV | length)'] },
      { name: 'grep', args: ['-v', 'b'] },
    ];
    worker.send({ stages, input: '{"items":[{"name":"a"},{"name":"b"}]}', maxOutputChars: 100 });
    const [answer] = await once(worker, 'message');
    worker.disconnect();
    await once(worker, 'exit');
    expect(answer).toEqual({ outcome: { output: 'a\n0\n', exitCode: 0, truncated: false } });
  });

  test('says its version and commit', () => {
    expect(run(['--version']).stdout).toMatch(/^k8s-mcp \d+\.\d+\.\d+ \(commit [0-9a-f]{7,}, \d{4}-\d\d-\d\d\)\n$/);
  });

  test('answers the handshake and tools/list over stdio without a cluster', () => {
    const initialize = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    };
    const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
    const { stdout } = run([], `${JSON.stringify(initialize)}\n${JSON.stringify(list)}\n`);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ id }) => id)).toEqual([1, 2]);
    expect(answers[1].result.tools.map((tool: { name: string }) => tool.name)).toContain('list_resources');
  });

  test('a call without a cluster says what to set', () => {
    const { status, stderr } = run(['call', 'k8s-get-pods']);
    expect(status).toBe(6);
    expect(stderr).toMatch(/^no_cluster: /);
    expect(stderr).toContain('KUBECONFIG');
  });
});
