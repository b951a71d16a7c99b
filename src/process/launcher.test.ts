import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findLauncher, type Launcher, launchProgram } from './launcher.ts';
import { identify } from './process-identity.ts';
import { ProgramNotStarted, type ProgramRun } from './run-program.ts';

const LIMITS = { cpuSeconds: 60, fileBytes: 1000, dataBytes: 4_000_000_000, openFiles: 512 };
const SEARCH = { path: '/usr/bin:/bin', extraDirs: [] };
const there = process.platform === 'linux' && existsSync('/usr/bin/setpriv') && existsSync('/usr/bin/prlimit');

function run(over: Partial<ProgramRun>): ProgramRun {
  return {
    file: process.execPath,
    args: [],
    env: {},
    timeoutMs: 20_000,
    maxStdoutBytes: 10_000,
    maxStderrBytes: 10_000,
    signal: new AbortController().signal,
    ...over,
  };
}

describe('launchProgram', () => {
  it('starts the program itself where there is no launcher', async () => {
    const result = await launchProgram({}, LIMITS, run({ args: ['-p', '1 + 1'] }));
    expect(result).toMatchObject({ exitCode: 0, stdout: '2\n' });
  });

  it('takes no program for a launcher that does not do what is asked of it', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'launcher-'));
    for (const name of ['setpriv', 'prlimit']) {
      await writeFile(join(dir, name), '#!/bin/sh\necho "unknown option" >&2\nexit 1\n');
      await chmod(join(dir, name), 0o755);
    }
    expect(await findLauncher({ path: dir, extraDirs: [] })).toEqual({});
    expect(await findLauncher({ path: '/nonexistent', extraDirs: [] })).toEqual({});
    await rm(dir, { recursive: true });
  });
});

describe.skipIf(!there)('launchProgram with util-linux', () => {
  let launcher: Launcher;
  beforeAll(async () => {
    launcher = await findLauncher(SEARCH);
  });

  it('finds both programs', () => {
    expect(launcher).toEqual({ setpriv: '/usr/bin/setpriv', prlimit: '/usr/bin/prlimit' });
  });

  it('holds the program to its limits, its arguments untouched', async () => {
    const source = 'console.log(require("fs").readFileSync("/proc/self/limits", "utf8"), process.argv[1])';
    const { stdout } = await launchProgram(launcher, LIMITS, run({ args: ['-e', source, '--', '$(id) --core=1'] }));
    expect(stdout).toMatch(/Max cpu time +60 /);
    expect(stdout).toMatch(/Max file size +1000 /);
    expect(stdout).toMatch(/Max data size +4000000000 /);
    expect(stdout).toMatch(/Max core file size +0 /);
    expect(stdout).toMatch(/Max open files +512 /);
    expect(stdout).toContain('$(id) --core=1');
  });

  it('says that a program could not be started as without a launcher', async () => {
    const missing = launchProgram(launcher, LIMITS, run({ file: '/nonexistent/tool' }));
    await expect(missing).rejects.toBeInstanceOf(ProgramNotStarted);
    await expect(missing).rejects.toMatchObject({
      reason: 'not_found',
      message: expect.stringContaining('/nonexistent/tool'),
    });
    await expect(launchProgram(launcher, LIMITS, run({ file: '/etc/passwd' }))).rejects.toMatchObject({
      reason: 'not_executable',
    });
  });

  it('lets a program end by itself with the same codes', async () => {
    const result = await launchProgram(launcher, LIMITS, run({ args: ['-e', 'process.exit(127)'] }));
    expect(result).toMatchObject({ exitCode: 127 });
  });

  it('ends the program when its server is killed, before anything is swept', async () => {
    const server = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { findLauncher, launchProgram } from ${JSON.stringify(new URL('./launcher.ts', import.meta.url).href)};
       const launcher = await findLauncher({ path: '/usr/bin', extraDirs: [] });
       let child;
       launchProgram(launcher, ${JSON.stringify(LIMITS)}, {
         file: process.execPath, args: ['-e', 'console.log(1); setInterval(() => {}, 1000)'], env: {}, timeoutMs: 60_000,
         maxStdoutBytes: 1, maxStderrBytes: 1, signal: new AbortController().signal,
         onStarted: (pid) => { child = pid; }, onStdout: () => console.log(child),
       });
`,
    ]);
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const child = Number(line.toString());
    expect(identify(child)).toBeDefined();
    server.kill('SIGKILL');
    await expect.poll(() => identify(child)).toBeUndefined();
  });
});
