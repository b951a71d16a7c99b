import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';

/** How a client reaches an API: PEM texts. */
export interface Access {
  url: string;
  ca: string;
  cert: string;
  key: string;
}

/** An API server of ours, as a process of its own. */
export interface RunningServer {
  access: Access;
  /** The file of its kubeconfig, there while it runs. */
  kubeconfig: string;
  /** From its spawn until it said that it is up, ms. */
  startMs: number;
  /** Resident memory now, and the most so far, MB. */
  memory(): { now: number; peak: number };
  /** CPU that it has used, ms. */
  cpuMs(): number;
  stop(): Promise<void>;
}

interface Kubeconfig {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { user: { 'client-certificate-data'?: string; 'client-key-data'?: string } }[];
}

/** `k8s-mcp sandbox` from dist/. */
export function startSandbox(root: string, args: readonly string[]): Promise<RunningServer> {
  return startServer((folder) => [join(root, 'dist', 'sandbox.js'), 'run', '--folder', folder, ...args]);
}

/** A program of Node that writes a kubeconfig into the folder, and then says on stdout that it is up. */
export async function startServer(program: (folder: string) => readonly string[]): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-mcp-bench-sandbox-'));
  const started = performance.now();
  const child = spawn(process.execPath, program(folder), { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = await firstLine(child);
  const startMs = performance.now() - started;
  if (!said.includes('is up')) throw new Error(`the server did not start: ${said.slice(0, 500)}`);
  child.stderr?.pipe(process.stderr);
  const { pid = -1 } = child;
  const kubeconfig = join(folder, 'kubeconfig');
  return {
    kubeconfig,
    access: accessOf(kubeconfig),
    startMs,
    memory: () => ({ now: megabytes(pid, 'VmRSS'), peak: megabytes(pid, 'VmHWM') }),
    cpuMs: () => cpuOf(pid),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Of stdout, where it says that it is up; what it says on stderr, when it ends before. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-2000);
    });
    child.once('exit', () => resolve(errors));
    if (child.stdout !== null) createInterface({ input: child.stdout }).once('line', resolve);
  });
}

/** What the kubeconfig says of its first user with a certificate. */
export function accessOf(kubeconfig: string): Access {
  // Written by the server that it is for.
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const cluster = clusters[0]?.cluster;
  const user = users.find((each) => each.user['client-key-data'] !== undefined)?.user;
  if (cluster === undefined || user === undefined) throw new Error('the kubeconfig has no user to sign in as');
  const pem = (data = '') => Buffer.from(data, 'base64').toString();
  return {
    url: cluster.server,
    ca: pem(cluster['certificate-authority-data']),
    cert: pem(user['client-certificate-data']),
    key: pem(user['client-key-data']),
  };
}

function megabytes(pid: number, field: string): number {
  const kilobytes = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1000;
}

/** proc(5): utime and stime are fields 14 and 15, in hundredths of a second; the second field may hold spaces. */
export function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** What `task` of the client program measures, in a process of its own. */
export async function runClient<Result>(access: Access, task: object, program = 'sandbox-client.ts'): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-mcp-bench-client-'));
  const file = join(folder, 'task.json');
  writeFileSync(file, JSON.stringify({ access, task }), { mode: 0o600 });
  try {
    const child = spawn(process.execPath, [join(import.meta.dirname, program), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`the client of the sandbox ended with ${code}`);
    return JSON.parse(Buffer.concat(chunks).toString()) as Result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
