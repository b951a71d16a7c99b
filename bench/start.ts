import type { Contender } from './rivals.ts';
import { StdioClient } from './stdio-client.ts';
import { median, type Sample } from './table.ts';
import { type ListedTool, toolTokens } from './tokens.ts';

const ROUNDS = 15;

/** Spawn to the answer of tools/list, as a host waits for it; rounds go through the contenders in turn. */
export async function measureStart(all: readonly Contender[], env: NodeJS.ProcessEnv): Promise<Sample[]> {
  const times = new Map<string, number[]>(all.map(({ name }) => [name, []]));
  const tools = new Map<string, ListedTool[]>();
  const everything = new Map<string, ListedTool[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, command, args } of all) {
      const started = performance.now();
      const client = new StdioClient(command, args, env);
      await client.open();
      const listed = (await client.request('tools/list', {})) as { tools: ListedTool[] };
      // The first round fills file and compile caches for everybody.
      if (round > 0) times.get(name)?.push(performance.now() - started);
      tools.set(name, listed.tools);
      await client.close();
    }
  }
  for (const { name, command, writeArgs } of all) everything.set(name, await listTools(command, writeArgs, env));
  return all.flatMap(({ name }) => {
    const whole = everything.get(name) ?? [];
    const listed = tools.get(name) ?? [];
    const tokens = toolTokens(listed);
    return [
      { measure: 'start to tools/list, stdio', unit: 'ms', contender: name, value: median(times.get(name) ?? []) },
      {
        measure: 'schema tokens, read-only default',
        unit: `tokens (${listed.length} tools)`,
        contender: name,
        value: tokens,
      },
      {
        measure: 'schema tokens, all tools',
        unit: `tokens (${whole.length} tools)`,
        contender: name,
        value: toolTokens(whole),
      },
    ];
  });
}

async function listTools(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<ListedTool[]> {
  const client = new StdioClient(command, args, env);
  await client.open();
  const { tools } = (await client.request('tools/list', {})) as { tools: ListedTool[] };
  await client.close();
  return tools;
}
