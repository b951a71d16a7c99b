/** Every way in which a caller's kubeconfig can come with a call: header or field, over each transport. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Client } from '@modelcontextprotocol/client';
import { commandOptions } from './command-product.ts';
import type { Told } from './faces.ts';
import { callTool, type RunOptions, type Served, shell, stdioClient } from './product.ts';

export interface CallerFace {
  name: string;
  carries: 'header' | 'field';
  call(tool: string, args: Record<string, unknown>, kubeconfig?: string): Promise<Told>;
}

type Carries = CallerFace['carries'];

/** REST: POST /tools/<name>, as text. */
export function restFace(
  { url }: Pick<Served, 'url'>,
  carries: Carries,
  headers: Record<string, string> = {},
): CallerFace {
  return {
    name: `REST, ${carries}`,
    carries,
    async call(tool, args, kubeconfig) {
      const answer = await post(`${url}/tools/${tool}`, withField(args, carries, kubeconfig), {
        accept: 'text/plain',
        ...headers,
        ...withHeader(carries, kubeconfig),
      });
      const text = await answer.text();
      return answer.ok ? { ok: true, text } : { ok: false, text: problemText(JSON.parse(text) as ProblemBody) };
    },
  };
}

/** POST /tools/call; the field stands among the arguments, or beside them. */
export function envelopeFace({ url }: Served, carries: Carries, beside = false): CallerFace {
  return {
    name: `/tools/call, ${carries}${beside ? ' beside the arguments' : ''}`,
    carries,
    async call(tool, args, kubeconfig) {
      const body = beside
        ? { ...withField({}, carries, kubeconfig), name: tool, arguments: args }
        : { name: tool, arguments: withField(args, carries, kubeconfig) };
      const answer = await post(`${url}/tools/call`, body, withHeader(carries, kubeconfig));
      const told = (await answer.json()) as Envelope;
      if (told.error === undefined) return { ok: told.success, text: told.text ?? '' };
      const { message, details } = told.error;
      return { ok: false, text: problemText({ ...details, detail: message }) };
    },
  };
}

interface Envelope {
  success: boolean;
  text?: string;
  error?: { message: string; details: Omit<ProblemBody, 'detail'> };
}

interface ProblemBody {
  code: string;
  detail: string;
  problems?: { field: string; problem: string }[];
}

/** As MCP and the shell print it, without the advice. */
function problemText({ code, detail, problems = [] }: ProblemBody): string {
  return [`${code}: ${detail}`, ...problems.map(({ field, problem }) => `- ${field}: ${problem}`)].join('\n');
}

/** An MCP client of which every request carries the header of the call that it was made for. */
export async function mcpHeaderFaces(served: Served): Promise<CallerFace[]> {
  const current = new AsyncLocalStorage<string | undefined>();
  const withOwnHeader: typeof fetch = (input, init = {}) => {
    const kubeconfig = current.getStore();
    const headers = new Headers(init.headers);
    if (kubeconfig !== undefined) headers.set('x-kubeconfig', kubeconfig);
    return fetch(input, { ...init, headers });
  };
  const face = (name: string, client: Client): CallerFace => ({
    name,
    carries: 'header',
    call: (tool, args, kubeconfig) => current.run(kubeconfig, () => told(client, tool, args)),
  });
  return [
    face('Streamable HTTP 2025, header', await served.client('2025', { fetch: withOwnHeader })),
    face('Streamable HTTP 2026, header', await served.client('2026', { fetch: withOwnHeader })),
    face('SSE, header of the POST', await served.client('2025', { sse: true, fetch: withOwnHeader })),
  ];
}

/** MCP with the field among the arguments. */
export async function mcpFieldFaces(served: Served, options: RunOptions): Promise<CallerFace[]> {
  const face = (name: string, client: Client): CallerFace => ({
    name,
    carries: 'field',
    call: (tool, args, kubeconfig) => told(client, tool, withField(args, 'field', kubeconfig)),
  });
  const own = commandOptions(options);
  return [
    face('Streamable HTTP 2025, field', await served.client('2025')),
    face('Streamable HTTP 2026, field', await served.client('2026')),
    face('SSE, field', await served.client('2025', { sse: true })),
    face('stdio 2025, field', await stdioClient('2025', own)),
    face('stdio 2026, field', await stdioClient('2026', own)),
  ];
}

/** The field on stdin: on a command line it would be seen by every user of the machine. */
export function shellFace(options: RunOptions): CallerFace {
  const { args: flags = [], ...own } = commandOptions(options);
  return {
    name: 'shell, field',
    carries: 'field',
    async call(tool, args, kubeconfig) {
      const stdin = JSON.stringify(withField(args, 'field', kubeconfig));
      const { code, stdout, stderr } = await shell([...flags, 'call', tool, '--json', '-'], { ...own, stdin });
      return code === 0 ? { ok: true, text: stdout } : { ok: false, text: stderr };
    },
  };
}

async function told(client: Client, tool: string, args: Record<string, unknown>): Promise<Told> {
  const { text, isError } = await callTool(client, tool, args);
  return { ok: !isError, text };
}

function post(url: string, body: object, headers: Record<string, string>): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

function withField(args: Record<string, unknown>, carries: Carries, kubeconfig: string | undefined) {
  return carries === 'field' && kubeconfig !== undefined ? { ...args, kubeconfig } : args;
}

function withHeader(carries: Carries, kubeconfig: string | undefined): Record<string, string> {
  return carries === 'header' && kubeconfig !== undefined ? { 'x-kubeconfig': kubeconfig } : {};
}
