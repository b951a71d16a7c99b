import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpStatus } from './api.ts';
import { type DaemonPlan, startDaemon } from './daemon.ts';
import { instanceFolder, listInstances, stopInstance, sweepAbandoned, writeState } from './instance.ts';
import { identify, isRunning, type ProcessIdentity, terminate } from './processes.ts';

const SERVER = `
  const [port, marker] = process.argv.slice(1);
  const { existsSync, writeFileSync } = require('node:fs');
  if (marker !== 'none' && !existsSync(marker)) {
    writeFileSync(marker, '');
    console.error('listen tcp 127.0.0.1:' + port + ': bind: address already in use');
    process.exit(1);
  }
  require('node:http').createServer((_, response) => response.end()).listen(Number(port), '127.0.0.1');
`;

describe('a daemon', () => {
  let folder: string;
  let started: ProcessIdentity[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'k8s-mcp-daemon-'));
    started = [];
  });
  afterEach(async () => {
    for (const process of started) await terminate(process);
    rmSync(folder, { recursive: true });
  });

  const plan = (script: string, marker = 'none'): DaemonPlan => ({
    name: 'thing',
    binary: process.execPath,
    logFile: join(folder, 'thing.log'),
    memoryLimit: '64MiB',
    portCount: 1,
    args: ([port]) => ['-e', script, String(port), marker],
    ready: async ([port]) => (await httpStatus(port!, '/')) === 200,
  });
  const start = (what: DaemonPlan) => startDaemon(what, (process) => started.push(process));

  it('is ready when it serves, and gone when it was ended', async () => {
    const daemon = await start(plan(SERVER));
    expect(isRunning(daemon.process)).toBe(true);
    await terminate(daemon.process);
    expect(isRunning(daemon.process)).toBe(false);
  });

  it('is given another port when it lost the first', async () => {
    const marker = join(folder, 'first-attempt');
    const daemon = await start(plan(SERVER, marker));
    expect(existsSync(marker)).toBe(true);
    expect(started).toHaveLength(2);
    expect(await httpStatus(daemon.ports[0]!, '/')).toBe(200);
  });

  it('that ends while starting is an error that shows the end of its log', async () => {
    await expect(start(plan('console.error("no such flag"); process.exit(2)'))).rejects.toThrow(
      /^thing ended while starting; the end of .*thing\.log:\nno such flag$/,
    );
  });

  it('is ended by force when it does not heed SIGTERM', async () => {
    const daemon = await start(plan(`process.on('SIGTERM', () => {});${SERVER}`));
    await terminate(daemon.process, 50);
    expect(isRunning(daemon.process)).toBe(false);
  });
});

describe('instances', () => {
  let folder: string;
  const before = process.env['K8S_MCP_CACHE_DIR'];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'k8s-mcp-instances-'));
    process.env['K8S_MCP_CACHE_DIR'] = folder;
  });
  afterEach(() => {
    if (before === undefined) delete process.env['K8S_MCP_CACHE_DIR'];
    else process.env['K8S_MCP_CACHE_DIR'] = before;
    rmSync(folder, { recursive: true });
  });

  const me = identify(process.pid)!;
  const somebodyElse = { pid: process.pid, startedAt: 'another life of this process id' };
  const record = (name: string, extra: { owner?: ProcessIdentity; processes?: ProcessIdentity[] }) =>
    writeState(instanceFolder(name), {
      name,
      kubeconfig: '/k',
      kubectl: '/b',
      ready: true,
      ...extra,
      processes: (extra.processes ?? []).map((process) => ({ component: 'etcd', ...process })),
    });

  it('of dead test runs are swept away, others stay', async () => {
    record('by-hand', {});
    record('live-run', { owner: me });
    record('dead-run', { owner: somebodyElse });
    await sweepAbandoned();
    expect(listInstances().map(({ name }) => name)).toEqual(['by-hand', 'live-run']);
  });

  it('whose processes are gone are shown as not running, and stopping them kills nobody who got their id', async () => {
    record('stale', { processes: [somebodyElse] });
    expect(listInstances().map(({ running }) => running)).toEqual([false]);
    await stopInstance(instanceFolder('stale'));
    expect(listInstances()).toEqual([]);
  });

  it('have names that cannot leave their folder', () => {
    expect(() => instanceFolder('../x')).toThrow('"../x" is no instance name');
  });
});
