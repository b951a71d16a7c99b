import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CallAudit, createAudit } from './audit.ts';
import { newCallId } from './call-id.ts';
import { createLogger } from './logger.ts';
import { createRotatingFile } from './rotating-file.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'k8s-mcp-telemetry-'));
});
afterEach(async () => {
  await chmod(dir, 0o700);
  await rm(dir, { recursive: true });
});

const call: CallAudit = {
  id: '0f'.repeat(16),
  principal: { id: 'local', transport: 'stdio', authenticated: false },
  tool: 'create_resource',
  arguments: {},
  decision: 'allowed',
  outcome: 'ok',
  durationMs: 3,
};

function memory() {
  const lines: string[] = [];
  return { lines, sink: { write: (line: string) => void lines.push(line), close: async () => {} } };
}

const records = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('audit', () => {
  it('writes one JSON line a call, owner-only, and flushes on close', async () => {
    const path = join(dir, 'logs', 'audit.log');
    const audit = createAudit({ enabled: true, path, now: () => 0 });
    audit.call({
      ...call,
      cluster: 'main',
      code: 'gate_closed',
      decision: 'refused',
      outcome: 'failed',
      arguments: { namespace: 'a' },
    });
    await audit.close();
    const [record] = records((await readFile(path, 'utf8')).trim().split('\n'));
    expect(record).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      type: 'call',
      principal: 'local',
      authenticated: false,
      transport: 'stdio',
      tool: 'create_resource',
      arguments: { namespace: 'a' },
      cluster: 'main',
      code: 'gate_closed',
      decision: 'refused',
      outcome: 'failed',
      durationMs: 3,
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('keeps manifests as names and fingerprints, and no secret', () => {
    const { lines, sink } = memory();
    const audit = createAudit({ enabled: true, sink });
    const yaml = 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: "shop"\ndata:\n  p: aHVudGVyMjI=\n';
    const json = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { p: 'hunter22' } };
    const args = {
      manifest: `${yaml}---\nkind: Pod\nmetadata: {name: x}\n`,
      object: json,
      text: JSON.stringify(json),
      token: 'hunter22',
      kubeconfig: 'hunter22',
      note: 'hunter22'.repeat(100),
      limit: 5,
    };
    audit.call({ ...call, arguments: args });
    expect(lines.join('')).not.toMatch(/hunter22|aHVudGVy/);
    expect(records(lines)[0]?.['arguments']).toEqual({
      manifest: expect.stringMatching(/^Secret shop\/db, Pod \(unnamed\) sha256:[0-9a-f]{16}$/),
      object: expect.stringMatching(/^ConfigMap c sha256:[0-9a-f]{16}$/),
      text: expect.stringMatching(/^ConfigMap c sha256:[0-9a-f]{16}$/),
      token: '<withheld>',
      kubeconfig: '<withheld>',
      note: expect.stringMatching(/^<800 characters sha256:[0-9a-f]{16}>$/),
      limit: 5,
    });
  });

  it('keeps no word of a patch, which says neither kind nor that its data are secret', () => {
    const { lines, sink } = memory();
    const audit = createAudit({ enabled: true, sink });
    const patches = [
      'data:\n  p: aHVudGVyMjI=\n',
      'stringData: {p: hunter22}',
      '- op: replace\n  path: /data/p\n  value: aHVudGVyMjI=\n',
    ];
    for (const patch of patches) {
      for (const name of ['manifest', 'patch', 'yaml']) audit.call({ ...call, arguments: { [name]: patch } });
    }
    audit.call({ ...call, arguments: { resource: patches[0], kind: 'pods' } });
    expect(lines.join('')).not.toMatch(/hunter22|aHVudGVy/);
    expect(records(lines).at(-1)?.['arguments']).toEqual({
      resource: expect.stringMatching(/^<24 characters sha256:[0-9a-f]{16}>$/),
      kind: 'pods',
    });
  });

  it('limits refusals and says how many it left out', () => {
    const { lines, sink } = memory();
    let at = 0;
    const audit = createAudit({ enabled: true, sink, now: () => at });
    const refusal = { kind: 'host', reason: 'r', method: 'GET', path: '/', remote: '127.0.0.1', suppressed: 0 };
    for (let i = 0; i < 1000; i++) audit.refusal(refusal);
    expect(lines.length).toBe(20);
    at = 1000;
    audit.refusal({ ...refusal, suppressed: 5 });
    expect(records(lines).at(-1)).toMatchObject({ type: 'refusal', kind: 'host', suppressed: 985 });
  });

  it('lets calls go on when the disk fails, says so once, and does nothing when it is off', async () => {
    const errors: unknown[] = [];
    const audit = createAudit({ enabled: true, path: join(dir, 'file', 'audit.log'), onError: (e) => errors.push(e) });
    await createFileAt(join(dir, 'file'));
    for (let i = 0; i < 5; i++) audit.call(call);
    await audit.close();
    audit.call(call);
    await audit.close();
    expect(errors.length).toBe(1);
    const off = createAudit({ enabled: false, path: join(dir, 'off.log') });
    off.call(call);
    await off.close();
    expect(await readdir(dir)).toEqual(['file']);
  });
});

async function createFileAt(path: string): Promise<void> {
  const sink = createRotatingFile({ path });
  sink.write('x\n');
  await sink.close();
}

describe('rotating file', () => {
  it('sets a full file aside, keeps the newest few, and loses no line on the way', async () => {
    const path = join(dir, 'a.log');
    const sink = createRotatingFile({ path, maxBytes: 20, keep: 2 });
    for (let i = 0; i < 4; i++) {
      sink.write(`line ${i} ${'x'.repeat(8)}\n`);
      await sink.close();
    }
    expect((await readdir(dir)).sort()).toEqual(['a.log', 'a.log.1', 'a.log.2']);
    expect(await readFile(path, 'utf8')).toBe('line 3 xxxxxxxx\n');
    expect(await readFile(`${path}.2`, 'utf8')).toBe('line 1 xxxxxxxx\n');
  });

  it('begins a new file on a new day', async () => {
    const path = join(dir, 'a.log');
    let at = Date.now();
    const sink = createRotatingFile({ path, daily: true, now: () => at });
    sink.write('today\n');
    await sink.close();
    at += 86_400_000;
    sink.write('tomorrow\n');
    await sink.close();
    expect(await readFile(path, 'utf8')).toBe('tomorrow\n');
    expect(await readFile(`${path}.1`, 'utf8')).toBe('today\n');
  });

  it('appends to what is there', async () => {
    const path = join(dir, 'sub', 'a.log');
    await mkdir(join(dir, 'sub'));
    await createFileAt(path);
    await createFileAt(path);
    expect(await readFile(path, 'utf8')).toBe('x\nx\n');
  });
});

describe('logger', () => {
  it('writes to stderr and files by level, without sensitive fields, and scrubs texts', async () => {
    const { lines, sink } = memory();
    const log = await createLogger({
      level: 'info',
      logDir: dir,
      stderr: sink,
      scrub: (text) => text.replaceAll('hunter22', '[gone]'),
    });
    log.debug('hidden');
    log.info({ path: '/x', headers: { authorization: 'Bearer hunter', 'x-kubeconfig': 'abc' } }, 'served hunter22');
    log.warn('careful');
    log.error(new Error('failed with hunter22', { cause: new Error('inner hunter22') }));
    await log.close();
    expect(records(lines).map((r) => r['msg'])).toEqual(['served [gone]', 'careful', 'failed with [gone]']);
    expect(lines.join('')).not.toMatch(/hunter/);
    expect(records(lines)[0]).toMatchObject({ headers: { authorization: '<withheld>', 'x-kubeconfig': '<withheld>' } });
    expect((await readFile(join(dir, 'k8s-mcp.log'), 'utf8')).trim().split('\n').length).toBe(3);
    expect(records((await readFile(join(dir, 'error.log'), 'utf8')).trim().split('\n'))[0]).toMatchObject({
      err: { message: 'failed with [gone]', cause: { message: 'inner [gone]' } },
    });
  });

  it('says nothing when silent, and takes anything', async () => {
    const { lines, sink } = memory();
    const silent = await createLogger({ level: 'silent', stderr: sink });
    silent.error(new Error('x'));
    expect(lines).toEqual([]);
    const log = await createLogger({ level: 'warn', debug: true, stderr: sink });
    for (const odd of [undefined, null, 5, 5n, [], { a: { b: {} } }]) log.debug(odd, 'odd');
    expect(lines.length).toBe(6);
  });
});

it('gives each call an id of its own', () => {
  expect(new Set([newCallId(), newCallId(), newCallId()]).size).toBe(3);
});
