import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** `k8s-mcp serve` from dist/, driven over REST. */
export interface Served {
  pid: number;
  /** POST /tools/<tool>; throws unless it answers 200. */
  call(tool: string, args: Record<string, unknown>): Promise<string>;
  /** The same over MCP, in one session: what a model reads. */
  ask(tool: string, args: Record<string, unknown>): Promise<string>;
  /** GET of a page that answers JSON. */
  page(path: string): Promise<unknown>;
  /** Resident memory now, and the most since `forgetPeak`, MB. */
  memory(): { now: number; peak: number };
  forgetPeak(): void;
  stop(): void;
}

export interface ServeOptions {
  root: string;
  kubeconfig: string;
  args?: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** Flags of Node. */
  node?: readonly string[];
}

export async function serve({ root, kubeconfig, args = [], env = {}, node = [] }: ServeOptions): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-mcp-bench-'));
  const child = spawn(
    process.execPath,
    [...node, join(root, 'dist', 'main.js'), 'serve', '--port', '0', '--kubeconfig', kubeconfig, ...args],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, K8S_MCP_LOG_DIR: join(folder, 'logs'), ...env },
    },
  );
  const url = await listening(child.stderr);
  const agent = new Agent({ keepAlive: true });
  const text = async (path: string, body?: string) => (await send(new URL(path, url), { agent, body })).text;
  let session: Promise<McpSession> | undefined;
  return {
    pid: child.pid ?? -1,
    call: (tool, input) => text(`/tools/${tool}`, JSON.stringify(input)),
    async ask(tool, input) {
      session ??= openSession(new URL('/mcp', url), agent);
      return (await session)('tools/call', { name: tool, arguments: input });
    },
    page: async (path) => JSON.parse(await text(path)) as unknown,
    memory: () => ({ now: statusOf(child.pid, 'VmRSS'), peak: statusOf(child.pid, 'VmHWM') }),
    // proc(5): 5 resets the peak.
    forgetPeak: () => writeFileSync(`/proc/${child.pid}/clear_refs`, '5'),
    stop() {
      agent.destroy();
      child.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
      child.kill('SIGTERM');
    },
  };
}

function statusOf(pid: number | undefined, field: string): number {
  const kilobytes = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1000;
}

interface Sent {
  agent: Agent;
  /** A GET without one. */
  body?: string | undefined;
  headers?: Record<string, string>;
}

/** As little of a client as there can be: what it costs is in our numbers, not in the plain tool's. */
function send(url: URL, { agent, body, headers: more }: Sent): Promise<{ text: string; headers: IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    const ofBody =
      body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const headers = { ...ofBody, ...more };
    const sent = request(url, { method: body === undefined ? 'GET' : 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve({ text, headers: response.headers });
        else reject(new Error(`${url.pathname} answers ${response.statusCode}: ${text.slice(0, 500)}`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A request of a session, and its answer as it came. */
type McpSession = (method: string, params: unknown) => Promise<string>;

async function openSession(url: URL, agent: Agent): Promise<McpSession> {
  const protocolVersion = '2025-06-18';
  const accept = 'application/json, text/event-stream';
  const message = (method: string, params: unknown) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const clientInfo = { name: 'bench', version: '1' };
  const body = message('initialize', { protocolVersion, capabilities: {}, clientInfo });
  const opened = await send(url, { agent, body, headers: { accept } });
  const session = String(opened.headers['mcp-session-id']);
  const headers = { accept, 'mcp-session-id': session, 'mcp-protocol-version': protocolVersion };
  return async (method, params) => {
    const { text } = await send(url, { agent, body: message(method, params), headers });
    if (!text.includes('"result"') || text.includes('"isError":true'))
      throw new Error(`${method}: ${text.slice(0, 500)}`);
    return text;
  };
}

function listening(stderr: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const lines = createInterface({ input: stderr });
    lines.on('line', (line) => {
      said += `${line}\n`;
      const url = /is listening on (\S+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
    lines.on('close', () => reject(new Error(`the server ended before it listened: ${said.slice(0, 500)}`)));
  });
}
