import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChildRegister, readChildren } from './child-register.ts';
import { executableOf, identify, mayRun, processNamespace } from './process-identity.ts';
import { openRunFolder, parentFolders } from './run-folder.ts';
import { sweepDeadRuns } from './sweep.ts';

/** A server in a process of its own: it opens its folder, starts a program that starts another, writes the first down, and waits. */
const SERVER = `
  import { spawn } from 'node:child_process';
  import { createChildRegister } from ${JSON.stringify(new URL('./child-register.ts', import.meta.url).href)};
  import { openRunFolder } from ${JSON.stringify(new URL('./run-folder.ts', import.meta.url).href)};
  const { path } = openRunFolder({ only: process.argv[1] });
  const register = createChildRegister(path);
  const program = 'const c = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);' +
    'console.log(c.pid); setInterval(() => {}, 1000)';
  const env = process.argv[2] === 'home' ? { HOME: path + '/calls/1/home' } : {};
  const child = spawn(process.execPath, ['-e', program], { detached: true, stdio: ['ignore', 'pipe', 'ignore'], env });
  if (process.argv[3] === 'recorded') register.add(child.pid, process.execPath);
  child.stdout.once('data', (data) => console.log(JSON.stringify({ path, child: child.pid, grandchild: Number(data) })));
  setInterval(() => {}, 1000);
`;

interface Other {
  path: string;
  child: number;
  grandchild: number;
  kill(): Promise<void>;
}

async function otherServer(
  place: string,
  home: 'home' | 'no-home',
  recorded: 'recorded' | 'not-recorded',
): Promise<Other> {
  const server = spawn(process.execPath, ['--input-type=module', '-e', SERVER, place, home, recorded]);
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  const facts = JSON.parse(line.toString()) as Omit<Other, 'kill'>;
  return {
    ...facts,
    async kill() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const closed = once(server, 'exit');
      server.kill('SIGKILL');
      await closed;
    },
  };
}

const runs = (pid: number) => identify(pid) !== undefined;
const withProc = describe.skipIf(identify(process.pid) === undefined);

withProc('sweepDeadRuns', () => {
  let place: string;
  const others: Other[] = [];
  const start = async (...how: ['home' | 'no-home', 'recorded' | 'not-recorded']) => {
    const other = await otherServer(place, ...how);
    others.push(other);
    return other;
  };
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), 'sweep-'));
  });
  afterEach(async () => {
    for (const other of others.splice(0)) {
      await other.kill();
      for (const pid of [other.child, other.grandchild]) if (runs(pid)) process.kill(pid, 'SIGKILL');
    }
    await rm(place, { recursive: true, force: true });
  });

  it('ends the whole group of a recorded program and removes the folder, once its server was killed', async () => {
    const dead = await start('no-home', 'recorded');
    await dead.kill();
    expect(runs(dead.child)).toBe(true);
    expect(await sweepDeadRuns({ only: place })).toEqual({ runs: 1, killed: 1 });
    await expect.poll(() => runs(dead.child) || runs(dead.grandchild)).toBe(false);
    expect(existsSync(dead.path)).toBe(false);
  });

  it('finds programs that nobody had written down by their home', async () => {
    const dead = await start('home', 'not-recorded');
    await dead.kill();
    expect(await sweepDeadRuns({ only: place })).toEqual({ runs: 1, killed: 2 });
    await expect.poll(() => runs(dead.child) || runs(dead.grandchild)).toBe(false);
  });

  it('leaves a server that lives alone, whoever sweeps beside it and however often', async () => {
    const living = await start('home', 'recorded');
    const dead = await start('home', 'recorded');
    await dead.kill();
    const own = openRunFolder({ only: place });
    const swept = await Promise.all([1, 2, 3].map(() => sweepDeadRuns({ only: place })));
    expect(Math.max(...swept.map(({ runs }) => runs))).toBe(1);
    await expect.poll(() => runs(dead.child)).toBe(false);
    expect(runs(living.child)).toBe(true);
    expect(existsSync(living.path)).toBe(true);
    expect(existsSync(own.path)).toBe(true);
    expect(existsSync(dead.path)).toBe(false);
    own.close();
  });

  it('kills nobody whose start time or executable is another', async () => {
    const dead = await start('no-home', 'recorded');
    await dead.kill();
    const children = join(dead.path, 'children');
    const [name = ''] = readdirSync(children);
    await writeFile(join(children, name), '/usr/bin/something-else');
    await writeFile(join(children, `${process.pid}-${identify(process.pid)?.start}`), process.execPath);
    await writeFile(join(children, `${dead.grandchild}-1`), process.execPath);
    await writeFile(join(children, '1-1'), process.execPath);
    expect(await sweepDeadRuns({ only: place })).toEqual({ runs: 1, killed: 0 });
    expect(runs(dead.child)).toBe(true);
  });

  it('passes over records that are links, too large, or not named as ours', async () => {
    const dead = await start('no-home', 'recorded');
    await dead.kill();
    const children = join(dead.path, 'children');
    const [name = ''] = readdirSync(children);
    const outside = join(place, 'record');
    await writeFile(outside, process.execPath);
    await rm(join(children, name));
    await symlink(outside, join(children, name));
    expect(readChildren(dead.path)).toEqual([]);
    await rm(join(children, name));
    await writeFile(join(children, name), `${process.execPath}\n${'x'.repeat(100_000)}`);
    await writeFile(join(children, 'x'), process.execPath);
    await mkdir(join(children, '7-7'));
    expect(readChildren(dead.path)).toEqual([]);
  });

  it('removes links in a dead run, never what they lead to, and touches nothing that is not a run', async () => {
    const dead = await start('no-home', 'not-recorded');
    await dead.kill();
    const treasure = join(place, 'treasure');
    await mkdir(treasure);
    await writeFile(join(treasure, 'file'), '');
    await symlink(treasure, join(dead.path, 'link'));
    const [parent = ''] = parentFolders({ only: place });
    await symlink(treasure, join(parent, `99999999-1-${processNamespace()}-${'0'.repeat(24)}`));
    await mkdir(join(parent, 'something'));
    await writeFile(join(parent, `99999998-1-${processNamespace()}-${'0'.repeat(24)}`), '');
    expect(await sweepDeadRuns({ only: place })).toMatchObject({ runs: 1 });
    expect(existsSync(join(treasure, 'file'))).toBe(true);
    expect(readdirSync(parent).length).toBe(3);
  });

  it('waits a day before it takes a run of another process namespace for dead', async () => {
    const [parent = ''] = parentFolders({ only: place });
    await mkdir(parent, { mode: 0o700 });
    const foreign = join(parent, `1-1-4242-${'0'.repeat(24)}`);
    await mkdir(foreign);
    expect(await sweepDeadRuns({ only: place })).toEqual({ runs: 0, killed: 0 });
    const yesterday = new Date(Date.now() - 25 * 3600_000);
    await utimes(foreign, yesterday, yesterday);
    expect(await sweepDeadRuns({ only: place })).toEqual({ runs: 1, killed: 0 });
    expect(existsSync(foreign)).toBe(false);
  });
});

describe('openRunFolder', () => {
  let place: string;
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), 'run-folder-'));
  });
  afterEach(() => rm(place, { recursive: true, force: true }));

  it('makes a private folder that is gone after close', async () => {
    const folder = openRunFolder({ only: place });
    expect((await lstat(folder.path)).mode & 0o777).toBe(0o700);
    folder.close();
    expect(existsSync(folder.path)).toBe(false);
  });

  it('closes a parent folder that was open to others', async () => {
    const [parent = ''] = parentFolders({ only: place });
    await mkdir(parent);
    await chmod(parent, 0o777);
    openRunFolder({ only: place }).close();
    expect((await lstat(parent)).mode & 0o777).toBe(0o700);
  });

  it('never uses a parent that is a link', async () => {
    const [parent = ''] = parentFolders({ only: place });
    await mkdir(join(place, 'elsewhere'));
    await symlink(join(place, 'elsewhere'), parent);
    expect(() => openRunFolder({ only: place })).toThrow('no place for private folders');
  });
});

withProc('process identity', () => {
  it('knows a process whose name holds brackets and spaces', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'identity-'));
    const odd = join(dir, 'a) R (b');
    await symlink(process.execPath, odd);
    const child = spawn(odd, ['-e', 'console.log(1); setInterval(() => {}, 1000)'], { detached: true });
    try {
      await once(child.stdout, 'data');
      expect(identify(child.pid ?? 0)).toEqual({ start: expect.stringMatching(/^\d+$/), group: child.pid });
      expect(executableOf(child.pid ?? 0)).toBe(executableOf(process.pid));
      expect(mayRun(child.pid ?? 0)).toBe(true);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
      await rm(dir, { recursive: true });
    }
    expect(identify(child.pid ?? 0)).toBeUndefined();
    expect(mayRun(child.pid ?? 0)).toBe(false);
  });

  it('strikes a child out of the register when it has ended', async () => {
    const place = await mkdtemp(join(tmpdir(), 'register-'));
    const register = createChildRegister(place);
    const strike = register.add(process.pid, '/usr/bin/own');
    expect(register.pids()).toEqual([process.pid]);
    expect(readChildren(place)).toMatchObject([
      { pid: process.pid, executables: ['/usr/bin/own', executableOf(process.pid)] },
    ]);
    strike();
    expect(register.pids()).toEqual([]);
    expect(readChildren(place)).toEqual([]);
    await rm(place, { recursive: true });
  });
});
