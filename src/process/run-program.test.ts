import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProgramNotStarted, type ProgramRun, runProgram } from './run-program.ts';

const node = process.execPath;

function script(source: string, over: Partial<ProgramRun> = {}): ProgramRun {
  return {
    file: node,
    args: ['-e', source],
    env: {},
    timeoutMs: 20_000,
    maxStdoutBytes: 1000,
    maxStderrBytes: 1000,
    signal: new AbortController().signal,
    killGraceMs: 200,
    ...over,
  };
}

describe('runProgram', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'run-program-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('gives both outputs and the exit code', async () => {
    const result = await runProgram(script('console.log("out"); console.error("err"); process.exitCode = 3'));
    expect(result).toMatchObject({
      exitCode: 3,
      signal: null,
      stdout: 'out\n',
      stderr: 'err\n',
      stdoutTruncated: false,
      stderrTruncated: false,
      timedOut: false,
    });
  });

  it('hands over exactly the environment it was given', async () => {
    const result = await runProgram(
      script('console.log(Object.keys(process.env).sort().join())', { env: { ONLY: '1' } }),
    );
    expect(result.stdout).toBe('ONLY\n');
  });

  it('passes arguments as they are, with no shell between', async () => {
    const run = script('console.log(process.argv[1])');
    const result = await runProgram({ ...run, args: [...run.args, '$(id); `id` "*'] });
    expect(result.stdout).toBe('$(id); `id` "*\n');
  });

  it('writes the given text to stdin, and closes stdin when there is none', async () => {
    const echo = 'process.stdin.pipe(process.stdout); process.stdin.on("end", () => console.log("|end"))';
    expect((await runProgram(script(echo, { stdin: 'héllo' }))).stdout).toBe('héllo|end\n');
    expect((await runProgram(script(echo))).stdout).toBe('|end\n');
  });

  it('does not fail when the program never reads its stdin', async () => {
    const result = await runProgram(script('process.exit(0)', { stdin: 'x'.repeat(1_000_000) }));
    expect(result.exitCode).toBe(0);
  });

  it('keeps the first bytes of each output, drains the rest and never splits a character', async () => {
    const result = await runProgram(
      script('process.stdout.write("aé".repeat(100000)); process.stderr.write("e".repeat(11))', {
        maxStdoutBytes: 5,
        maxStderrBytes: 11,
      }),
    );
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: 'aéa',
      stdoutTruncated: true,
      stderr: 'e'.repeat(11),
      stderrTruncated: false,
    });
  });

  it('kills the whole process group at the time limit, also when SIGTERM is ignored', async () => {
    const pidFile = join(dir, 'pids');
    // An ignored signal stays ignored in what the shell starts.
    const source = `trap '' TERM; sleep 300 & echo $! > "${pidFile}"; echo begun; wait`;
    const result = await runProgram(script('', { file: '/bin/sh', args: ['-c', source], timeoutMs: 3000 }));
    expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL', timedOut: true, stdout: 'begun\n' });
    const pid = Number(await readFile(pidFile, 'utf8'));
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it('ends a grandchild that outlives the program and keeps its output open', async () => {
    const source = `
      const child = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
      console.log(child.pid); child.unref(); process.exit(0)`;
    const result = await runProgram(script(source));
    expect(result).toMatchObject({ exitCode: 0, timedOut: false });
    await expect.poll(() => isRunning(Number(result.stdout))).toBe(false);
  });

  it('rejects with the reason of the abort after the program has ended', async () => {
    const controller = new AbortController();
    const running = runProgram(script('setInterval(() => {}, 1000)', { signal: controller.signal }));
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await expect(runProgram(script('1', { signal: controller.signal }))).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('keeps what was printed when it is told that it is enough', async () => {
    const enough = new AbortController();
    let seen = 0;
    const result = await runProgram(
      script('setInterval(() => process.stdout.write("x".repeat(1000)), 1)', {
        enough: enough.signal,
        onStdout: (chunk) => {
          seen += chunk.length;
          if (seen > 5000) enough.abort();
        },
      }),
    );
    expect(result).toMatchObject({ stopped: true, timedOut: false, stdout: 'x'.repeat(1000), stdoutTruncated: true });
    expect(seen).toBeGreaterThan(5000);
    const before = await runProgram(script('setInterval(() => {}, 1000)', { enough: AbortSignal.abort() }));
    expect(before.stopped).toBe(true);
  });

  it('tells the number of the process and runs it in the folder it is given', async () => {
    let started = 0;
    const result = await runProgram(
      script('console.log(process.pid, process.cwd())', { cwd: dir, onStarted: (pid) => (started = pid) }),
    );
    expect(result.stdout).toBe(`${started} ${dir}\n`);
  });

  it('writes bytes to stdin as they are', async () => {
    const echo = 'process.stdin.on("data", (d) => process.stdout.write(d.toString("hex")))';
    expect((await runProgram(script(echo, { stdin: new Uint8Array([0, 255, 10]) }))).stdout).toBe('00ff0a');
  });

  it('kills what the program leaves in its group, also where that holds none of our pipes, when it runs alone', async () => {
    const source = `
      const child = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
      console.log(child.pid); child.unref(); process.exit(0)`;
    const result = await runProgram(script(source, { alone: true }));
    await expect.poll(() => isRunning(Number(result.stdout))).toBe(false);
  });

  it('says why a program could not be started, without its arguments', async () => {
    const missing = await runProgram(script('1', { file: join(dir, 'missing'), args: ['--token=hunter2'] })).catch(
      (e) => e,
    );
    expect(missing).toBeInstanceOf(ProgramNotStarted);
    expect(missing).toMatchObject({ reason: 'not_found' });
    expect(String(missing)).not.toContain('hunter2');
    await expect(runProgram(script('1', { file: dir }))).rejects.toMatchObject({ reason: 'not_executable' });
    await expect(runProgram(script('1', { file: 'nul\0byte' }))).rejects.toBeInstanceOf(ProgramNotStarted);
  });
});

/** A zombie nobody has reaped yet still answers kill(0), so its state is read where /proc exists. */
async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return !/\) Z /.test(status);
}
