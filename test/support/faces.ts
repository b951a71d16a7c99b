/** One call through every face of the product, told in the same words: an answer's text, or a refusal's code and message. */
import { callTool, type Era, type RunOptions, type Served, serve, shell, stdioClient } from './product.ts';

export type Told = { ok: true; text: string } | { ok: false; text: string };

export interface Face {
  name: string;
  call(tool: string, args: Record<string, unknown>): Promise<Told>;
}

export const TOKEN = 'a-token-for-these-tests-only';

/** Every face of one configuration: MCP in both eras over stdio and HTTP, SSE, REST two ways, and the shell. */
export async function allFaces(options: RunOptions, tokenFile: string): Promise<Face[]> {
  const served = await serve({ ...options, args: [...(options.args ?? []), '--auth-token-file', tokenFile] });
  const headers = { authorization: `Bearer ${TOKEN}` };
  const eras: Era[] = ['2025', '2026'];
  const mcp = async (name: string, client: Awaited<ReturnType<typeof stdioClient>>): Promise<Face> => ({
    name,
    async call(tool, args) {
      const { text, isError } = await callTool(client, tool, args);
      return { ok: !isError, text };
    },
  });
  return [
    ...(await Promise.all(eras.map(async (era) => mcp(`stdio ${era}`, await stdioClient(era, options))))),
    ...(await Promise.all(eras.map(async (era) => mcp(`http ${era}`, await served.client(era, { headers }))))),
    await mcp('sse', await served.client('2025', { sse: true, headers })),
    restFace(served),
    shellFace(options),
  ];
}

function restFace({ url }: Served): Face {
  return {
    name: 'rest',
    async call(tool, args) {
      const answer = await fetch(`${url}/tools/${tool}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/plain', authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify(args),
      });
      if (answer.ok) return { ok: true, text: await answer.text() };
      return { ok: false, text: problemText((await answer.json()) as Problem) };
    },
  };
}

interface Problem {
  code: string;
  detail: string;
}

/** The first line is what all faces share; MCP and the shell print the rest of the error beneath it. */
function problemText({ code, detail }: Problem): string {
  return `${code}: ${detail}`;
}

function shellFace(options: RunOptions): Face {
  return {
    name: 'shell',
    async call(tool, args) {
      const { code, stdout, stderr } = await shell(['call', tool, '--json', JSON.stringify(args)], options);
      return code === 0 ? { ok: true, text: stdout } : { ok: false, text: withoutLog(stderr) };
    },
  };
}

/** The shell writes its log and its error to the same stream: that it cleared up after a server that another test killed, for instance. */
function withoutLog(stderr: string): string {
  return stderr.replaceAll(/^\{"level":.*\n/gm, '');
}

/** What may differ between two calls a moment apart: ages, times, a plan's token, and on a busy machine that detection is behind. */
export function steady(text: string): string {
  return text
    .replaceAll(/\b\d+(?:d|h|m|s)(?:\d+[hms])?\b/g, '<age>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/confirm=\S+/g, 'confirm=<token>')
    .replaceAll('; what is wrong is told as of <age> ago', '')
    .trimEnd();
}
