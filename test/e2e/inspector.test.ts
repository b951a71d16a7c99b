/** The official MCP Inspector, as its users run it, against the product without a cluster. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { MANIFEST } from '../../src/app/face.ts';
import { scratchFolder, serve } from '../support/product.ts';

const root = join(import.meta.dirname, '..', '..');
const INSPECTOR = join(root, 'node_modules', '.bin', 'mcp-inspector');
/** The Inspector's exit code for a tool that answers with isError. */
const TOOL_ERROR = 5;
/** What a server without gates shows: tools that read, commands among them. */
const READS = MANIFEST.filter(({ effect, effectFollowsGates }) => effect === 'read' || effectFollowsGates).map(
  (tool) => tool.name,
);

interface Finished {
  code: number;
  /** Its output, parsed. */
  answer: { result?: { tools?: { name: string }[]; content?: { text: string }[]; isError?: boolean } };
}

function inspector(target: readonly string[], args: readonly string[]): Promise<Finished> {
  const home = scratchFolder();
  const env = { PATH: process.env['PATH'] ?? '', HOME: home };
  const argv = ['--cli', ...target, ...args, '--format', 'json', '-q'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [INSPECTOR, ...argv], { env, cwd: home }, (error, stdout) => {
      const code = error === null ? 0 : error.code;
      if (typeof code !== 'number') return reject(error);
      resolve({ code, answer: JSON.parse(stdout) as Finished['answer'] });
    });
  });
}

describe.each(['stdio', 'http', 'sse'])('the Inspector over %s', (transport) => {
  let target: string[];

  beforeAll(async () => {
    if (transport === 'stdio') {
      target = [process.execPath, join(root, 'src', 'main.ts')];
      return;
    }
    const { url } = await serve({});
    target = [new URL(transport === 'http' ? '/mcp' : '/sse', url).href, '--transport', transport];
  });

  test('lists the tools', async () => {
    const { code, answer } = await inspector(target, ['--method', 'tools/list']);
    expect({ code, tools: answer.result?.tools?.map((tool) => tool.name) }).toEqual({ code: 0, tools: READS });
  });

  test('calls one, whose error is an answer that says what to set', async () => {
    const { code, answer } = await inspector(target, ['--method', 'tools/call', '--tool-name', 'k8s-get-pods']);
    const [content] = answer.result?.content ?? [];
    expect({ code, isError: answer.result?.isError }).toEqual({ code: TOOL_ERROR, isError: true });
    expect(content?.text).toMatch(/^no_cluster: There is no cluster to talk to.*\nNext: Set KUBECONFIG/);
  });
});

test("the Inspector's check of schemas finds no fault, in both eras", async () => {
  const target = [
    process.execPath,
    join(root, 'src', 'main.ts'),
    '--enable-create',
    '--enable-update',
    '--enable-delete',
  ];
  for (const era of ['legacy', 'modern']) {
    const args = ['--method', 'tools/list', '--strict', '--protocol-era', era];
    const { code, answer } = await inspector(target, args);
    expect({ era, code, tools: answer.result?.tools?.length }).toEqual({ era, code: 0, tools: MANIFEST.length });
  }
});
