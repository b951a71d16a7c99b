/** The product as its users start it: a process of its own, driven through real clients. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  Client,
  type ClientOptions,
  SSEClientTransport,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const MAIN = join(root, 'src', 'main.ts');
/** A cold start with type stripping takes ten seconds on two cores that are fully used by others. */
const START_LIMIT_MS = 90_000;

export type Era = '2025' | '2026';

/** Version negotiation that pins each era, as the SDK client spells it. */
const ERAS: Record<Era, ClientOptions> = {
  '2025': { versionNegotiation: { mode: 'legacy' } },
  '2026': { versionNegotiation: { mode: { pin: '2026-07-28' } } },
};

export interface RunOptions {
  kubeconfig?: string;
  args?: readonly string[];
  env?: Record<string, string>;
}

const cleanups: (() => Promise<void> | void)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A folder of this test file, removed after it. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-mcp-test-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The environment of a product process: nothing of the tester's own kubeconfig or policy leaks in. */
function environment({ kubeconfig, env = {} }: RunOptions): Record<string, string> {
  const home = scratchFolder();
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    K8S_MCP_STATE_DIR: join(home, 'state'),
    K8S_MCP_LOG_DIR: join(home, 'logs'),
    ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
    ...env,
  };
}

export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs `k8s-mcp <args>` to its end. */
export function shell(args: readonly string[], options: RunOptions & { stdin?: string } = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...args, ...(options.args ?? [])], {
      env: environment(options),
      cwd: tmpdir(),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    // One that ends before it has read everything is no failure of the test.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.stdin ?? '');
    child.on('close', (code) => {
      const stderr = withoutClearing(Buffer.concat(err).toString());
      resolve({ code: code ?? -1, stdout: Buffer.concat(out).toString(), stderr });
    });
  });
}

/** Runs keep their folders in one place of the machine: whoever starts after a suite has killed a server of its own says that it cleared up. */
function withoutClearing(stderr: string): string {
  return stderr.replaceAll(/^\{"level":40,.*"msg":"cleared up after .*\n/gm, '');
}

/** An MCP client over stdio to a new process. */
export async function stdioClient(era: Era, options: RunOptions, clientOptions: ClientOptions = {}): Promise<Client> {
  const client = new Client({ name: 'e2e', version: '1' }, { ...ERAS[era], ...clientOptions });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [MAIN, ...(options.args ?? [])],
    env: environment(options),
    cwd: tmpdir(),
    stderr: 'ignore',
  });
  await client.connect(transport);
  cleanups.push(() => client.close());
  return client;
}

export interface ClientHow extends ClientOptions {
  sse?: boolean;
  headers?: Record<string, string>;
  /** In place of the platform's: to send other headers with each request. */
  fetch?: typeof fetch;
}

export interface Served {
  url: string;
  pid: number;
  /** What the process wrote to stderr so far. */
  log(): string;
  /** Folder of audit.log. */
  logDir: string;
  /** An MCP client to this server. */
  client(era: Era, how?: ClientHow): Promise<Client>;
  stop(): Promise<number>;
  /** As an out-of-memory killer does it. */
  kill(): Promise<void>;
}

/** `k8s-mcp serve` (or `start`, as npm start does) on a free port. */
export async function serve(options: RunOptions, command: 'serve' | 'start' = 'serve'): Promise<Served> {
  const env = environment(options);
  const child = spawn(process.execPath, [MAIN, command, '--port', '0', ...(options.args ?? [])], {
    env,
    cwd: env['HOME'],
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  const url = await listening(child, (line) => {
    log += `${line}\n`;
  });
  const stop = () => ended(child);
  cleanups.push(async () => void (await stop()));
  return {
    url,
    pid: child.pid ?? -1,
    log: () => log,
    logDir: env['K8S_MCP_LOG_DIR'] ?? '',
    stop,
    kill: async () => void (await ended(child, 'SIGKILL')),
    async client(era, { sse = false, headers = {}, fetch: ownFetch, ...clientOptions } = {}) {
      const client = new Client({ name: 'e2e', version: '1' }, { ...ERAS[era], ...clientOptions });
      const transportOptions = { requestInit: { headers }, ...(ownFetch === undefined ? {} : { fetch: ownFetch }) };
      await client.connect(
        sse
          ? new SSEClientTransport(new URL('/sse', url), transportOptions)
          : new StreamableHTTPClientTransport(new URL('/mcp', url), transportOptions),
      );
      cleanups.push(() => client.close());
      return client;
    },
  };
}

function listening(child: ChildProcess, onLine: (line: string) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    if (child.stderr === null) return reject(new Error('no stderr'));
    const timer = setTimeout(() => reject(new Error(`the server did not start: ${text}`)), START_LIMIT_MS);
    createInterface({ input: child.stderr }).on('line', (line) => {
      text += `${line}\n`;
      onLine(line);
      // The last line of what it says when it is up: tests look at the others.
      if (!line.includes('Stop with Ctrl-C.')) return;
      clearTimeout(timer);
      resolve(/is listening on (\S+)/.exec(text)?.[1] ?? '');
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)));
  });
}

function ended(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode ?? -1);
  const exited = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  child.kill(signal);
  return exited;
}

export interface ToolAnswer {
  text: string;
  isError: boolean;
}

/** Calls a tool and gives its text. */
export async function callTool(client: Client, name: string, args: Record<string, unknown> = {}): Promise<ToolAnswer> {
  const result = await client.callTool({ name, arguments: args });
  const content = result.content as { type: string; text?: string }[];
  return { text: content.map((part) => part.text ?? '').join('\n'), isError: result.isError === true };
}
