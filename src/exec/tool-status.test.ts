import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { ProgramRun, RunProgram } from '../process/run-program.ts';
import { helm } from './binaries/helm.ts';
import { kubectl } from './binaries/kubectl.ts';
import { type TestHost, testHost } from './child-testing.ts';
import { createToolStatus } from './tool-status.ts';

describe('createToolStatus', () => {
  let host: TestHost;
  let now = 0;
  const clock: Clock = { now: () => 0, monotonic: () => now, after: () => () => undefined };
  beforeEach(async () => {
    host = await testHost();
    now = 0;
  });
  afterEach(async () => {
    host.workspace.close();
    await host.clear();
  });
  const printing = (stdout: string, seen: ProgramRun[] = []): RunProgram => {
    return async (run) => {
      seen.push(run);
      const facts = { exitCode: 0, signal: null, stderr: 'warning', stdoutTruncated: false, stderrTruncated: false };
      return { ...facts, stdout, timedOut: stdout === 'slow', stopped: false, durationMs: 1 };
    };
  };
  const specs = { kubectl };

  it('asks the client alone, in an empty home, once in five minutes', async () => {
    const seen: ProgramRun[] = [];
    const status = createToolStatus({ ...host, specs, clock, run: printing('{"gitVersion": "v1.36.3"}', seen) });
    const expected = { kubectl: { available: true, description: kubectl.description, version: 'v1.36.3' } };
    expect(await Promise.all([status(), status()])).toEqual([expected, expected]);
    now = 299_000;
    await status();
    expect(seen.length).toBe(1);
    expect(seen[0]?.args).toEqual(['version', '--client=true', '--output=json']);
    expect(seen[0]?.env['HOME']).toContain(host.place);
    expect(Object.keys(seen[0]?.env ?? {})).not.toContain('KUBERNETES_SERVICE_HOST');
    now = 301_000;
    await status();
    expect(seen.length).toBe(2);
    expect(host.workspace.counts().open).toBe(0);
  });

  it('says how to get one that is missing, beside those that are there, and looks again', async () => {
    let installed = false;
    const programs = {
      find: async (tool: string) => {
        if (tool === 'helm' || installed) return '/opt/tool';
        throw new AppError('program_missing', 'kubectl is not installed.', { remedy: kubectl.install });
      },
      forget: () => undefined,
    };
    const run: RunProgram = async (asked) =>
      printing(asked.args.includes('--client=true') ? '{"gitVersion": "v1.36.3"}' : 'v3.21.4+g0')(asked);
    const status = createToolStatus({ ...host, programs, specs: { kubectl, helm }, clock, run });
    const first = await status();
    expect(first['helm']).toMatchObject({ available: true, version: expect.stringContaining('3.21.4') });
    expect(first['kubectl']).toMatchObject({ available: false, error: expect.stringContaining(kubectl.install) });
    installed = true;
    expect((await status())['kubectl']).toMatchObject({ available: true });
  });

  it('says that a program did not answer, or answered something else', async () => {
    const slow = createToolStatus({ ...host, specs, run: printing('slow') });
    expect((await slow())['kubectl']?.error).toContain('did not say its version within 10 s');
    const odd = createToolStatus({ ...host, specs, run: printing('') });
    expect((await odd())['kubectl']?.error).toContain('did not say its version: warning');
  });

  it('says that a program could not be started, and leaves nothing', async () => {
    const status = createToolStatus({ ...host, specs });
    expect((await status())['kubectl']).toMatchObject({
      available: false,
      error: expect.stringContaining('could not be started'),
    });
    expect(host.workspace.counts().open).toBe(0);
    expect((await readdir(host.place)).length).toBe(1);
  });
});
