import { BENCH_NAMESPACE } from './cluster.ts';
import type { Contender } from './rivals.ts';
import { StdioClient } from './stdio-client.ts';
import { median, type Sample } from './table.ts';
import { textTokens } from './tokens.ts';

const ROUNDS = 25;

interface ToolResult {
  content: { type: string; text?: string }[];
  isError?: boolean;
}

/** Listing pods of one namespace and of all, warm, through a connected stdio client. */
export async function measurePods(all: readonly Contender[], env: NodeJS.ProcessEnv): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const contender of all) {
    const client = new StdioClient(contender.command, contender.args, env);
    await client.open();
    samples.push(...(await attempt(client, contender, 'pods of one namespace', BENCH_NAMESPACE)));
    samples.push(...(await attempt(client, contender, 'all pods', undefined)));
    await client.close();
  }
  return samples;
}

/** A contender that cannot do it is told so and has no number. */
async function attempt(...task: Parameters<typeof measure>): Promise<Sample[]> {
  try {
    return await measure(...task);
  } catch (error) {
    const [, { name }, what] = task;
    if (name === 'k8s-mcp') throw error;
    process.stderr.write(`bench: ${name} fails at "${what}": ${String(error).slice(0, 200)}\n`);
    return [];
  }
}

async function measure(
  client: StdioClient,
  contender: Contender,
  what: string,
  namespace: string | undefined,
): Promise<Sample[]> {
  const times: number[] = [];
  let text = '';
  for (let round = 0; round <= ROUNDS; round++) {
    const started = performance.now();
    const result = (await client.request('tools/call', contender.listPods(namespace))) as ToolResult;
    if (round > 0) times.push(performance.now() - started);
    text = result.content.map((part) => part.text ?? '').join('\n');
    if (result.isError === true) throw new Error(`${contender.name}: ${text.slice(0, 300)}`);
  }
  const contenderName = contender.name;
  return [
    { measure: `${what}, p50`, unit: 'ms', contender: contenderName, value: median(times) },
    { measure: `${what}, tokens`, unit: 'tokens', contender: contenderName, value: textTokens(text) },
  ];
}
