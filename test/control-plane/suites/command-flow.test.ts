import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '@modelcontextprotocol/client';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasClis } from '../../support/clis.ts';
import { type CommandProduct, commandProduct, toolPaths } from '../../support/command-product.ts';
import { controlPlane, freshNamespace, hasTestUsers, kubectl } from '../../support/control-plane.ts';
import { allFaces, type Face, TOKEN, type Told } from '../../support/faces.ts';
import { MCP_FACES, type McpFace, mcpFaces } from '../../support/mcp-faces.ts';
import { type Finished, scratchFolder, shell } from '../../support/product.ts';

const MANIFEST = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: told }\ndata: { color: red }\n';

describe.skipIf(!hasTestUsers() || !hasClis())('a command through every face', () => {
  let namespace: string;
  let product: CommandProduct;
  let faces: Face[];

  beforeAll(async () => {
    namespace = await freshNamespace('flow');
    await kubectl(['create', 'configmap', 'settings', '--from-literal=color=blue', '-n', namespace]);
    await kubectl(['run', 'single', '--image=example.test/one:1', '-n', namespace]);
    await kubectl(['wait', '--for=condition=Ready', 'pod/single', '-n', namespace, '--timeout=120s']);
    const tokenFile = join(scratchFolder(), 'token');
    writeFileSync(tokenFile, TOKEN);
    [faces, product] = await Promise.all([
      allFaces({ kubeconfig: controlPlane().kubeconfig, env: toolPaths() }, tokenFile),
      commandProduct(),
    ]);
  });

  const cli = (command: string, ...flags: string[]): Promise<Finished> =>
    shell(['call', 'kubectl', '--command', command, '--namespace', namespace, ...flags], {
      kubeconfig: controlPlane().kubeconfig,
      env: toolPaths(),
    });

  /** The same call to every face; what all of them answer. */
  async function told(args: Record<string, unknown>): Promise<Told> {
    const answers = await Promise.all(
      faces.map(async ({ call }) => {
        const { ok, text } = await call('kubectl', { namespace, ...args });
        return { ok, text: text.trimEnd() };
      }),
    );
    const [first = { ok: false, text: 'no face' }, ...others] = answers;
    for (const [index, other] of others.entries()) expect(other, faces[index + 1]?.name).toEqual(first);
    return first;
  }

  test('that succeeds gives what it printed', async () => {
    expect(await told({ command: 'get configmap settings -o jsonpath={.data}' })).toEqual({
      ok: true,
      text: 'context: admin\n{"color":"blue"}',
    });
  });

  test("that prints nothing says so, and a tool's words on stderr are told apart", async () => {
    expect(await told({ command: 'get pod nosuch --ignore-not-found' })).toEqual({
      ok: true,
      text: 'context: admin\n(no output)',
    });
    expect(await told({ command: 'get jobs' })).toEqual({
      ok: true,
      text: `context: admin\nstderr:\nNo resources found in ${namespace} namespace.`,
    });
  });

  test('reads its input, or files given with it', async () => {
    const applied = 'context: admin\nconfigmap/told created (server dry run)';
    expect(await told({ command: 'apply -f - --dry-run=server', stdin: MANIFEST })).toEqual({
      ok: true,
      text: applied,
    });
    const files = { 'manifests/told.yaml': MANIFEST };
    expect(await told({ command: 'apply -f manifests --dry-run=server', files })).toEqual({ ok: true, text: applied });
  });

  test("may begin with the tool's name and end in a filter", async () => {
    const { text } = await told({ command: 'kubectl get cm -o name | grep settings | cut -d/ -f2' });
    expect(text).toBe('context: admin\nsettings');
  });

  test('that names a context is run in it, and its answer says so', async () => {
    const whoami = 'auth whoami -o jsonpath={.status.userInfo.username}';
    expect((await told({ command: `${whoami} --context viewer` })).text).toBe('context: viewer\nviewer');
    expect((await told({ command: whoami, context: 'viewer' })).text).toBe('context: viewer\nviewer');
  });

  test.each<[string, string, Record<string, unknown>, RegExp]>([
    ['an argument and a flag that disagree', 'get pods -n other', {}, /^invalid_argument: .*namespace/],
    ['a namespace and all of them', 'get pods -A', {}, /^invalid_argument: .*all namespaces/],
    ['two contexts', 'get pods --context viewer', { context: 'admin' }, /^invalid_argument: .*context/],
    ['an unknown context', 'get pods --context nowhere', {}, /^unknown_context: /],
    ['a command that is none', 'gett pods', {}, /^invalid_argument: .*"gett" is not known/],
    ['an open quote', "get pods -o jsonpath='{.items", {}, /^invalid_argument: /],
    ['a file that was not given', 'apply -f told.yaml', {}, /^invalid_argument: .*told\.yaml/],
    ['input that was not given', 'apply -f - --dry-run=server', {}, /^invalid_argument: .*stdin/],
    ['a shell', 'get pods; id', {}, /^invalid_argument: .*`;`/],
    ['what is never run', 'edit configmap settings', {}, /^command_refused: `kubectl edit` is not run here/],
    ['what reaches into pods', 'exec single -- ls', {}, /^gate_closed: .*exec/],
    ['a change, as long as its gate is closed', 'delete configmap settings', {}, /^gate_closed: .*delete/],
    ['a program behind a pipe', 'get pods | xargs kubectl delete pod', {}, /^command_refused: .*xargs/],
  ])('is refused before it runs: %s', async (_, command, args, problem) => {
    const answers = await Promise.all(faces.map(({ call }) => call('kubectl', { namespace, ...args, command })));
    for (const [index, { ok, text }] of answers.entries()) {
      expect({ ok, first: firstLine(text) }, faces[index]?.name).toEqual({
        ok: false,
        first: expect.stringMatching(problem),
      });
    }
    expect(new Set(answers.map(({ text }) => firstLine(text))).size).toBe(1);
  });

  test('that runs and fails is an error of the tool: isError, 200 with success false, exit code 1', async () => {
    const hint = 'Next: It is not there under this name: list the kind to see the names, and check the namespace.';
    const words = `context: admin\nexit code 1\nError from server (NotFound): pods "nosuch" not found\n${hint}`;
    for (const { name, call } of faces) {
      const { ok, text } = await call('kubectl', { namespace, command: 'get pod nosuch' });
      // For REST it is an answer like any other.
      expect({ ok, text: text.trimEnd() }, name).toEqual({ ok: name === 'rest', text: name === 'shell' ? '' : words });
    }
    expect(await product.run('kubectl', 'get pod nosuch', { namespace })).toEqual({
      status: 200,
      success: false,
      output: '',
      error: 'Error from server (NotFound): pods "nosuch" not found\n',
      exit_code: 1,
      duration_ms: expect.any(Number),
      hint: expect.stringContaining('list the kind'),
    });
    expect(await cli('get pod nosuch')).toMatchObject({ code: 1, stdout: `${words}\n` });
  });

  test.each([
    ['edit pod single', 403, 'command_refused', 3],
    ['delete pod single', 403, 'gate_closed', 3],
    ['get pods --selecter=x', 400, 'invalid_argument', 2],
  ])('that is refused is a problem with its reason: %s', async (command, status, reason, code) => {
    const problem = await product.run('kubectl', command, { namespace });
    expect(problem).toMatchObject({ status, code: reason, reason, remedy: expect.any(String) });
    expect(await cli(command)).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^${reason}: `, 'm')),
    });
  });

  test('the shell prints the typed answer as JSON', async () => {
    const { code, stdout } = await cli('get cm settings -o name', '-o', 'json');
    expect({ code, answer: JSON.parse(stdout) }).toEqual({
      code: 0,
      answer: {
        success: true,
        output: 'configmap/settings\n',
        error: null,
        exit_code: 0,
        duration_ms: expect.any(Number),
      },
    });
  });

  test('that goes on for ever ends in time with what it printed', async () => {
    // A tool has to come up and to ask within it, on a busy machine too.
    const timeout = 8;
    const [watched, logs] = await Promise.all([
      product.run('kubectl', 'get pods -w --no-headers', { namespace, timeout }),
      product.run('kubectl', 'logs -f single --tail=1', { namespace, timeout }),
    ]);
    expect(watched).toMatchObject({
      status: 200,
      success: true,
      exit_code: 0,
      output: expect.stringMatching(/^single +1\/1 +Running/),
    });
    expect(watched.hint).toContain('It goes on until it is stopped, which was after 8 s.');
    expect(logs).toMatchObject({ status: 200, output: 'shutting down worker 3\n' });
  });

  test('that ends because the API never answers its wish says how long it had', async () => {
    const command = 'wait --for=condition=Nonsense pod/single --timeout=60s';
    const waited = await product.run('kubectl', command, { namespace, timeout: 2 });
    expect(waited).toMatchObject({ status: 200, success: false, exit_code: 124 });
  });

  test('over MCP shows what it prints while it runs', async () => {
    const clients = await mcpFaces({ kubeconfig: controlPlane().kubeconfig, env: toolPaths() });
    const watch = async (face: McpFace) => {
      const seen: Progress[] = [];
      const args = { command: 'get pods -w -o name', namespace, timeout: 12 };
      const { content } = await clients[face].callTool(
        { name: 'kubectl', arguments: args },
        { onprogress: (progress) => void seen.push(progress) },
      );
      return {
        face,
        content,
        messages: seen.map(({ message }) => message),
        steps: seen.map(({ progress }) => progress),
      };
    };
    for (const { face, content, messages, steps } of await Promise.all(MCP_FACES.map(watch))) {
      expect(content, face).toEqual([{ type: 'text', text: expect.stringContaining('pod/single') }]);
      expect(messages.join(''), face).toContain('pod/single');
      expect(steps, face).toEqual([...new Set(steps)].sort((a, b) => a - b));
    }
  });

  test('a guess that is printed back is not marked as the Secret that holds the same value', async () => {
    const value = 'canary-guessed-value';
    await kubectl(['create', 'secret', 'generic', 'held', `--from-literal=password=${value}`, '-n', namespace]);
    const marked = async (command: string) => {
      const { output } = await product.run('kubectl', command, { namespace });
      expect(output).not.toContain(value);
      return /<redacted sha256:[0-9a-f]{8}>/.exec(output)?.[0];
    };
    const secret = await marked('get secret held -o yaml');
    expect(secret).toBeDefined();
    expect(await marked('get secret held -o yaml')).toBe(secret);
    const guess = `--from-literal=password=${value} -o yaml`;
    for (const command of [
      `create cm guess ${guess} --dry-run=client`,
      `create cm guess ${guess} --dry-run=server`,
      `create secret generic guess ${guess} --dry-run=client`,
      `create secret generic guess ${guess} --dry-run=server`,
    ]) {
      const shown = await marked(command);
      expect(shown, command).toBeDefined();
      expect(shown, command).not.toBe(secret);
    }
  });

  test('GET /tools/status tells what is there, in the version that is pinned', async () => {
    const answer = await fetch(`${product.url}/tools/status`);
    const { tools } = (await answer.json()) as { tools: Record<string, { available: boolean; version: string }> };
    expect(answer.status).toBe(200);
    expect(Object.keys(tools)).toEqual(['kubectl', 'helm', 'istioctl', 'argocd']);
    for (const { available } of Object.values(tools)) expect(available).toBe(true);
    expect([tools['kubectl']?.version, tools['helm']?.version]).toEqual(['v1.36.3', 'v3.21.4']);
    expect([tools['istioctl']?.version, tools['argocd']?.version]).toEqual([
      expect.stringContaining('1.31'),
      expect.stringContaining('v3.2.11'),
    ]);
  });

  test('GET /tools/status tells what is missing and how to get it, and so does a call', async () => {
    const without = await commandProduct({ env: { K8S_MCP_HELM_PATH: '/nonexistent/helm' } });
    const { tools } = (await (await fetch(`${without.url}/tools/status`)).json()) as {
      tools: Record<string, { available: boolean; error?: string }>;
    };
    expect(tools['helm']).toMatchObject({ available: false, error: expect.stringContaining('helm') });
    expect(tools['kubectl']).toMatchObject({ available: true });
    expect(await without.run('helm', 'list', { namespace })).toMatchObject({ status: 503, code: 'program_missing' });
  });
});

/** The first line of an answer. On stderr of the shell a warning about an earlier, killed server may stand before it. */
function firstLine(text: string): string | undefined {
  return text.split('\n').find((line) => !line.startsWith('{"level":'));
}
