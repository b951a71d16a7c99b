/** One configuration of the product, reached by MCP clients of both eras over stdio and over HTTP. */
import type { Client, ClientOptions } from '@modelcontextprotocol/client';
import { type Era, type RunOptions, serve, stdioClient } from './product.ts';

export const MCP_FACES = ['stdio 2025', 'stdio 2026', 'http 2025', 'http 2026'] as const;
export type McpFace = (typeof MCP_FACES)[number];

const ERAS: readonly Era[] = ['2025', '2026'];

/** Two stdio processes and one server with two clients. Open write gates need no token here: the server is on loopback and short-lived. */
export async function mcpFaces(
  { args = [], ...options }: RunOptions,
  clientOptions: ClientOptions = {},
): Promise<Record<McpFace, Client>> {
  const overHttp = async () => {
    const served = await serve({ ...options, args: [...args, '--allow-unauthenticated-writes'] });
    return Promise.all(
      ERAS.map(async (era) => [`http ${era}`, await served.client(era, { ...clientOptions })] as const),
    );
  };
  const overStdio = ERAS.map(
    async (era) => [`stdio ${era}`, await stdioClient(era, { ...options, args }, clientOptions)] as const,
  );
  const [http, ...stdio] = await Promise.all([overHttp(), ...overStdio]);
  return Object.fromEntries([...stdio, ...http]) as Record<McpFace, Client>;
}

/** What a person answers when the product asks. */
export type Person = 'accept' | 'decline' | 'untick';

/** Clients that can ask a person; `asked` collects the questions. */
export async function withPerson(
  options: RunOptions,
  person: () => Person,
): Promise<{ clients: Record<McpFace, Client>; asked: string[] }> {
  const asked: string[] = [];
  const clients = await mcpFaces(options, { capabilities: { elicitation: { form: {} } } });
  for (const client of Object.values(clients)) {
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params.message);
      const answer = person();
      return answer === 'decline'
        ? { action: 'decline' }
        : { action: 'accept', content: { confirm: answer === 'accept' } };
    });
  }
  return { clients, asked };
}
