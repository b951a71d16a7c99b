/** Wrong command lines and wrong files: each gets a clear answer, the right exit code, and no stack trace. No cluster. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kubeconfigFor, STACK } from '../support/bad-input.ts';
import { callTool, type Era, type Finished, scratchFolder, serve, shell, stdioClient } from '../support/product.ts';
import { scriptedApi } from '../support/scripted-api.ts';

const ERAS: readonly Era[] = ['2025', '2026'];

const folder = scratchFolder();
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const BROKEN = file('broken.yaml', 'apiVersion: v1\nkind: Config\nclusters:\n  - name: a\n   cluster: {}\n');
const SHORT_TOKEN = file('short-token', 'secret\n');
const GARBAGE = file('garbage.yaml', '\u0000\u0001 not: [a kubeconfig');

function expectRefusal({ code, stdout, stderr }: Finished, exit: number, says: readonly string[]): void {
  for (const part of says) expect(stderr).toContain(part);
  expect({ code, stdout, stack: STACK.exec(stderr)?.[0] }).toEqual({ code: exit, stdout: '', stack: undefined });
}

describe('the command line', () => {
  const lines: [string[], number, string[]][] = [
    [['--enable-creat'], 2, ['--enable-creat: unknown flag; did you mean --enable-create?']],
    [['-enable-lst'], 2, ['--enable-lst: unknown flag; did you mean --enable-list?']],
    [['serve', '--prot', '1'], 2, ['--prot: unknown flag; did you mean --port?']],
    [['serve', '--port', '70000'], 2, ['--port: "70000" is not a whole number from 0 to 65535']],
    [['serve', '--port', 'http', '--max-resources', '-1'], 2, ['--port: "http"', '--max-resources: "-1"']],
    [['--confirm', 'maybe', 'tools'], 2, ['--confirm: "maybe" is none of auto, human, never']],
    [['serve', '--kubeconfig'], 2, ['--kubeconfig: needs a value: --kubeconfig <path>']],
    [['serve', '--toolsets', 'resources,helm'], 2, ['There is no toolset helm.']],
    [['tools', '--toolsets', 'helm'], 2, ['There is no toolset helm.']],
    [['--toolsets', 'helm'], 2, ['There is no toolset helm.']],
    [['serv'], 2, ['There is no command "serv".', 'Candidates: serve']],
    [['frobnicate', '--port', '1'], 2, ['There is no command "frobnicate".', 'k8s-mcp --help']],
    [['serve', 'extra'], 2, ['serve takes no word "extra".']],
    [['doctor', '--rol'], 2, ['doctor takes no "--rol".']],
    [['call'], 2, ['Name the tool to call']],
    [['call', 'k8s-get-pod'], 2, ['unknown_tool', 'k8s-get-pods']],
    [['call', 'list_resources', '--kind', 'pods', '--limt=3'], 2, ['--limt: unknown argument; did you mean --limit?']],
    [['call', 'list_resources', '--json', '{"kind":'], 2, ['invalid_argument']],
    [['call', 'list_resources', '--json', '[1]'], 2, ['invalid_argument']],
    [['call', 'k8s-get-logs', '--pod_name', 'a', '--lines', 'many'], 2, ['lines']],
    [['call', 'delete_resource', '--kind', 'pods', '--name', 'x'], 3, ['gate_closed', '--enable-delete']],
    [['serve', '--auth-token-file', join(folder, 'nowhere')], 2, ['--auth-token-file: ENOENT']],
    [['serve', '--auth-token-file', SHORT_TOKEN], 2, ['must hold one token of 16 to 4096 characters']],
    [
      ['serve', '--host', '0.0.0.0', '--port', '0'],
      2,
      ['Binding 0.0.0.0 lets other machines call', '--auth-token-file'],
    ],
    [['serve', '--host', '::', '--port', '0'], 2, ['Binding :: lets other machines call']],
    [
      ['serve', '--host', 'no.such.host.invalid', '--port', '0', '--allow-unauthenticated'],
      2,
      ['no.such.host.invalid'],
    ],
  ];
  test.each(lines)('%j ends with %i', async (args, exit, says) => {
    expectRefusal(await shell(args), exit, says);
  });

  test('a wrong value in the environment is named by its variable', async () => {
    const env = { K8S_MCP_PORT: 'eighty', K8S_AUDIT_ENABLED: 'perhaps' };
    expectRefusal(await shell(['serve'], { env }), 2, ['K8S_MCP_PORT: "eighty"', 'K8S_AUDIT_ENABLED: "perhaps"']);
  });

  test('a port that is taken is said to be', async () => {
    const { port } = new URL((await serve({})).url);
    expectRefusal(await shell(['serve', '--port', port]), 2, [port]);
  });
});

describe('kubeconfigs', () => {
  const commands: [string, string[]][] = [
    ['call', ['call', 'k8s-get-pods']],
    ['serve', ['serve', '--port', '0']],
  ];

  test.each(commands)('%s: a file that is not there', async (_, args) => {
    const path = join(folder, 'missing');
    expectRefusal(await shell([...args, '--kubeconfig', path]), 6, [
      'kubeconfig_invalid',
      path,
      'does not exist',
      '--kubeconfig',
    ]);
  });

  test.each(commands)('%s: broken YAML, with line and column', async (_, args) => {
    expectRefusal(await shell(args, { kubeconfig: BROKEN }), 6, [`${BROKEN}, line 5, column 1: not valid YAML`]);
  });

  test.each(commands)('%s: a file that is no text, and a folder', async (_, args) => {
    expectRefusal(await shell(args, { kubeconfig: GARBAGE }), 6, ['kubeconfig_invalid', GARBAGE]);
    expectRefusal(await shell(args, { kubeconfig: folder }), 6, ['kubeconfig_invalid', folder]);
  });

  test('an unknown context names those there are', async () => {
    const kubeconfig = file('good.json', kubeconfigFor('http://127.0.0.1:1', 'home'));
    expectRefusal(await shell(['call', 'k8s-get-pods', '--context', 'hme'], { kubeconfig }), 2, [
      'unknown_context',
      'home',
    ]);
    expectRefusal(await shell(['call', 'k8s-get-pods'], { kubeconfig }), 6, ['cluster_unreachable', 'home']);
  });

  test('a server that is to be asked again later is waited for, though nothing else holds the process open', async () => {
    const asked = new Set<string | undefined>();
    const busy = await scriptedApi(
      ({ url }, response) => {
        const [status, later] = asked.has(url) ? [418, {}] : [429, { 'retry-after': '1' }];
        asked.add(url);
        response.writeHead(status, { ...later, connection: 'close' }).end();
      },
      { protocol: 'http' },
    );
    const kubeconfig = file('busy.json', kubeconfigFor(busy.url.href, 'busy'));
    expectRefusal(await shell(['call', 'k8s-get-pods'], { kubeconfig }), 1, ['418']);
    await busy.close();
  });

  test.each(ERAS)('stdio %s: a broken one leaves handshake and tools/list alone, and each call tells', async (era) => {
    const client = await stdioClient(era, { kubeconfig: BROKEN });
    expect((await client.listTools()).tools.length).toBeGreaterThan(8);
    const { isError, text } = await callTool(client, 'k8s-get-pods');
    expect({ isError, text }).toEqual({
      isError: true,
      text: expect.stringContaining('line 5, column 1: not valid YAML'),
    });
  });

  test.each(ERAS)(
    'stdio and HTTP %s: without any, handshake and tools/list work and a call says what to set',
    async (era) => {
      const served = await serve({});
      for (const client of [await stdioClient(era, {}), await served.client(era)]) {
        expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('k8s-get-pods');
        const { isError, text } = await callTool(client, 'k8s-get-pods');
        expect(isError).toBe(true);
        expect(text).toMatch(/^no_cluster: There is no cluster to talk to/);
        expect(text).toContain('Next: Set KUBECONFIG or pass --kubeconfig <file>');
      }
      expect(served.log()).toContain('No cluster is configured');
    },
  );
});
