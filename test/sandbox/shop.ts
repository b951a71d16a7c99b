/** The default world for a suite, in this process, and the real tools on it. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, inject } from 'vitest';
import { createSandbox, type Sandbox } from '../../sandbox/create-sandbox.ts';
import { SHOP } from '../../sandbox/shop/shop.ts';

/** How a command ended. */
export interface Ended {
  /** 137 when it was killed: it ran too long, or `until` was seen. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Whose context: the administrator's when absent. */
  context?: string;
  stdin?: string;
  env?: Readonly<Record<string, string>>;
  /** Ends the command, which would go on, as soon as this is in its output. */
  until?: string | RegExp;
  /** Called once the first output has come: what is to be seen by one that watches. */
  meanwhile?: () => unknown;
}

export interface Shop {
  sandbox: Sandbox;
  /** A folder of this suite, in which the tools are run. */
  folder: string;
  kubeconfig: string;
  /** Writes a file into that folder. */
  file(name: string, text: string): string;
  /** Runs kubectl and gives back how it ended. */
  run(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Runs kubectl, which must succeed, and gives back what it printed. */
  kubectl(args: readonly string[], options?: RunOptions): Promise<string>;
  helm(args: readonly string[]): Promise<Ended>;
  /** Time goes by: what happens meanwhile happens at once. */
  advance(seconds: number): void;
}

const LIMIT_MS = 60_000;
const KILLED = 137;

/** Whether this run has kubectl: `describe.skipIf(!hasKubectl())`. */
export const hasKubectl = () => Boolean(inject('controlPlane'));
/** Whether this run has helm. */
export const hasHelm = () => Boolean(inject('clis'));

/** Starts the shop; it ends with the test file. */
export async function startShop(): Promise<Shop> {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-mcp-shop-'));
  const sandbox = createSandbox({ world: SHOP });
  const { url } = await sandbox.listen(0);
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, sandbox.kubeconfig(url), { mode: 0o600 });
  afterAll(async () => {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const env = { HOME: folder, KUBECONFIG: kubeconfig, PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  const start = (program: string, args: readonly string[], options: RunOptions = {}) =>
    runTool(program, args, folder, { ...options, env: { ...env, ...options.env } });
  const run: Shop['run'] = (args, options = {}) => {
    const context = options.context === undefined ? [] : [`--context=${options.context}`];
    return start(inject('controlPlane')?.kubectl ?? 'kubectl', [...context, ...args], options);
  };
  return {
    sandbox,
    folder,
    kubeconfig,
    run,
    file(name, text) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      if (name.endsWith('.sh')) chmodSync(path, 0o700);
      return path;
    },
    async kubectl(args, options) {
      const { code, stdout, stderr } = await run(args, options);
      if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
      return stdout;
    },
    helm: (args) => start(inject('clis')?.helm ?? 'helm', args),
    advance: (seconds) => sandbox.clock.advance(seconds * 1000),
  };
}

function runTool(program: string, args: readonly string[], cwd: string, options: RunOptions): Promise<Ended> {
  const { env = {}, stdin = '', until, meanwhile } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: 'pipe' });
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    const ended: Ended = { code: KILLED, stdout: '', stderr: '' };
    let first = true;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      ended.stdout += text;
      if (first) meanwhile?.();
      first = false;
      if (until !== undefined && seen(ended.stdout, until)) child.kill('SIGKILL');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      ended.stderr += text;
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(limit);
      resolve({ ...ended, code: code ?? KILLED });
    });
  });
}

const seen = (text: string, what: string | RegExp) =>
  typeof what === 'string' ? text.includes(what) : what.test(text);

/** The rows of a table of kubectl, by the names of its columns, which stand above them. */
export function rows(table: string): Record<string, string>[] {
  const [head = '', ...lines] = table.trimEnd().split('\n');
  const columns = [...head.matchAll(/\S+(?: \S+)*/g)].map(({ 0: name, index }) => ({ name, index }));
  return lines.map((line) =>
    Object.fromEntries(columns.map(({ name, index }, at) => [name, line.slice(index, columns[at + 1]?.index).trim()])),
  );
}

/** How old something is, as kubectl prints it. */
export const AGE = /^(\d+[smhdy])+$/;
