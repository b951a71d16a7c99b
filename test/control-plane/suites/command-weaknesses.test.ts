/**
 * The faults of the two systems that this one takes the place of (surface.md 2.6), row by row, and those of the field (field.md 3).
 * 0-W15 and 0-W18 are about tests and deployment files of theirs, of which there is nothing here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { exec as execConfig, kubeconfig, shell as program, server } from '../../attacks/kubeconfig-parts.ts';
import { callerConfig } from '../../support/callers.ts';
import { CANARY_TEXT, type Canaries, childrenOf, setCanaries } from '../../support/canaries.ts';
import { hasClis } from '../../support/clis.ts';
import {
  type AuditRecord,
  audited,
  type CommandProduct,
  type CommandTool,
  commandProduct,
} from '../../support/command-product.ts';
import { freshNamespace, hasTestUsers, kubectl } from '../../support/control-plane.ts';
import { watchLeftovers } from '../../support/leftovers.ts';
import { isFilterWorker } from '../../support/process-watch.ts';
import { callTool, shell } from '../../support/product.ts';

const encode = (config: object) => Buffer.from(JSON.stringify(config)).toString('base64');
const LITERAL = 'weakness-literal-0441';

describe.skipIf(!hasTestUsers() || !hasClis())('faults of others, none of them here', () => {
  let canaries: Canaries;
  let product: CommandProduct;
  let namespace: string;
  const run = (
    tool: CommandTool,
    command: string,
    args: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) => product.run(tool, command.replaceAll('{{ns}}', namespace), args, headers);
  const codes = async (lines: readonly (readonly [CommandTool, string, Record<string, unknown>?])[]) =>
    Promise.all(lines.map(async ([tool, command, args]) => (await run(tool, command, args)).code));

  beforeAll(async () => {
    canaries = await setCanaries();
    namespace = await freshNamespace('faults');
    await kubectl(['create', 'configmap', 'settings', '--from-literal=a=c d', '-n', namespace]);
    await kubectl(['label', 'configmap', 'settings', 'env=prod', '-n', namespace]);
    product = await commandProduct({
      args: [
        '--enable-create',
        '--enable-update',
        '--security-mode=permissive',
        '--confirm=never',
        '--max-output=2000',
      ],
      env: canaries.env,
    });
  });

  test('0-W1: a kubeconfig is no program, no path and no way to another host', async () => {
    const configs = [
      kubeconfig({ user: { exec: program } }),
      execConfig({ command: 'aws' }),
      kubeconfig({ user: { 'auth-provider': { name: 'gcp', config: { 'cmd-path': canaries.program } } } }),
      kubeconfig({ user: { tokenFile: canaries.file } }),
      kubeconfig({ user: { 'client-certificate': canaries.file, 'client-key': canaries.file } }),
      kubeconfig({ cluster: { server: 'https://api.test', 'certificate-authority': canaries.file } }),
      kubeconfig({ cluster: { server: 'https://api.test', 'proxy-url': `http://127.0.0.1:${canaries.port}` } }),
      server('https://169.254.169.254'),
    ];
    for (const config of configs) {
      expect(await run('kubectl', 'get pods', {}, { 'x-kubeconfig': encode(config) })).toMatchObject({
        status: 403,
        code: 'kubeconfig_refused',
      });
    }
  });

  test('0-W2: what the documentation says of modes, time and output is so', async () => {
    // The tool has to come up and to ask within it, on a busy machine too.
    const strict = await commandProduct({ env: { K8S_MCP_TIMEOUT: '8', K8S_MCP_MAX_OUTPUT: '1000' } });
    expect(await strict.run('kubectl', `create configmap a -n ${namespace}`)).toMatchObject({ code: 'gate_closed' });
    const watch = await strict.run('kubectl', `get cm -n ${namespace} -w`);
    expect([watch.status, watch.output.includes('settings'), childrenOf(strict.pid).now]).toEqual([200, true, []]);
    expect(watch.hint).toContain('after 8 s');
    const long = await strict.run('kubectl', 'get --raw /openapi/v2');
    expect([long.truncated, long.output.length <= 1000]).toEqual([true, true]);
    await strict.stop();
    expect(await run('kubectl', 'create configmap made -n {{ns}}')).toMatchObject({ success: true });
  });

  test('0-W3: no flag and no sub-command reads a file, runs a program, fetches or shows credentials', async () => {
    const chart = { files: { 'web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n' } };
    expect(
      await codes([
        ['kubectl', `create configmap x --from-file=${canaries.file} --dry-run=client -o yaml`],
        ['helm', `install web ./web --post-renderer ${canaries.program}`, chart],
        ['helm', `plugin install http://127.0.0.1:${canaries.port}/plugin`],
        ['kubectl', `apply -f http://127.0.0.1:${canaries.port}/a.yaml`],
        ['kubectl', 'kustomize https://github.com/evil/repo'],
        ['kubectl', `get pods --kubeconfig=${canaries.file}`],
        ['kubectl', 'config view --raw'],
      ]),
    ).toEqual(Array.from({ length: 7 }, () => 'command_refused'));
  });

  test('0-W4: quotes group words, and the name of the tool may stand in front', async () => {
    const outputs = await Promise.all(
      [
        `get cm -n {{ns}} -l 'env in (prod, dev)' -o name`,
        'get cm -n {{ns}} -l env in (prod, dev) -o name',
        `get cm settings -n {{ns}} -o jsonpath='{.metadata.name} {.metadata.labels.env}'`,
        `kubectl get cm -n {{ns}} -o jsonpath={range .items[?(@.metadata.labels.env=="prod")]}{.metadata.name}{"\\n"}{end}`,
        `create configmap literal -n {{ns}} --from-literal='a=b c' -o jsonpath={.data.a}`,
      ].map(async (command) => (await run('kubectl', command)).output.trim()),
    );
    expect(outputs).toEqual(['configmap/settings', 'configmap/settings', 'settings prod', 'settings', 'b c']);
    expect(await run('kubectl', `patch cm settings -n {{ns}} -p '{"data": {"k": "two words"}}'`)).toMatchObject({
      success: true,
    });
  });

  test('0-W5, P-W4: what runs for ever is refused or ended, and no process stays', async () => {
    expect(
      await codes([
        ['kubectl', 'port-forward svc/web 1:1'],
        ['kubectl', 'proxy'],
        ['kubectl', 'edit cm settings'],
        ['kubectl', 'attach web'],
        ['istioctl', 'dashboard kiali'],
        ['argocd', 'admin dashboard'],
      ]),
    ).toEqual(Array.from({ length: 6 }, () => 'command_refused'));
    expect(await run('kubectl', 'get cm -n {{ns}} -w', { timeout: 1 })).toMatchObject({ status: 200 });
    const controller = new AbortController();
    const gone = fetch(`${product.url}/tools/kubectl`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ command: `get cm -n ${namespace} -w`, timeout: 60 }),
      signal: controller.signal,
    }).catch(() => 'gone');
    const running = () => childrenOf(product.pid).now.filter((pid) => !isFilterWorker(pid));
    await expect.poll(() => running().length).toBe(1);
    controller.abort();
    expect(await gone).toBe('gone');
    await expect.poll(running).toEqual([]);
  });

  test('0-W6: output is cut while it comes, and the answer says so', async () => {
    const answer = await run('kubectl', 'get --raw /openapi/v2');
    expect([answer.status, answer.truncated, answer.output.length <= 2000]).toEqual([200, true, true]);
  });

  test('0-W7: over MCP the kubeconfig comes by the header as well', async () => {
    const client = await product.client('2026', {
      headers: { 'x-kubeconfig': encode(callerConfig({ as: 'viewer' })) },
    });
    const { text } = await callTool(client, 'kubectl', { command: 'auth whoami' });
    expect(text).toContain('viewer');
  });

  test('0-W8: strangers and other sites are turned away, and beyond loopback nothing is served without a token', async () => {
    const ask = (headers: Record<string, string>) =>
      fetch(`${product.url}/tools/kubectl`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"command":"get pods"}',
      });
    expect((await ask({ origin: 'https://evil.example' })).status).toBe(403);
    const { code, stderr } = await shell(['serve', '--host', '0.0.0.0', '--port', '0']);
    expect([code === 0, stderr.includes('auth')]).toEqual([false, true]);
  });

  test('0-W9, 0-W10: what is no kubeconfig is refused, and leaves nothing behind', async () => {
    const leftovers = watchLeftovers(product.pid);
    for (const text of [
      Buffer.from([0x61, 0x3a, 0xff, 0xfe]).toString('base64'),
      'YWJj*ZGVm',
      '%%%',
      'YQ==YQ==',
      'A'.repeat(2_000_000),
    ]) {
      expect(await run('kubectl', 'get pods', { kubeconfig: text })).toMatchObject({
        status: 400,
        code: 'invalid_argument',
      });
    }
    expect(leftovers().folders).toEqual([]);
  });

  test('0-W11: the status of the tools asks no cluster', async () => {
    const requestsIn = (all: AuditRecord[]) => all.filter(({ type }) => type === 'request');
    const callsIn = (all: AuditRecord[], name: string) =>
      all.filter(({ type, arguments: args }) => type === 'call' && JSON.stringify(args).includes(name));
    // Its requests are written before a call is, and one after the other.
    await run('kubectl', 'get cm before-status -n {{ns}}');
    const before = await audited(product, (all) => callsIn(all, 'before-status').length === 1);
    const status = (await (await fetch(`${product.url}/tools/status`)).json()) as {
      tools: Record<string, { available: boolean }>;
    };
    expect(Object.values(status.tools).map(({ available }) => available)).toEqual([true, true, true, true]);
    await run('kubectl', 'version --client', { namespace: 'after-status' });
    const after = await audited(product, (all) => callsIn(all, 'after-status').length === 1);
    expect(requestsIn(after).length).toBe(requestsIn(before).length);
  });

  test('0-W12: what is logged holds no value of a command line', async () => {
    await run('kubectl', `create secret generic logged -n {{ns}} --from-literal=password=${LITERAL}`);
    await run('kubectl', `get pods --token=${LITERAL}`);
    await run('helm', `template web ./web --set password=${LITERAL}`);
    const logs = readdirSync(product.logDir).map((name) => readFileSync(join(product.logDir, name), 'utf8'));
    expect([product.log(), ...logs].some((text) => text.includes(LITERAL))).toBe(false);
  });

  test('0-W13: failure is told by the protocol', async () => {
    expect(await run('kubectl', 'get cm none -n {{ns}}')).toMatchObject({ status: 200, success: false, exit_code: 1 });
    const client = await product.client('2026');
    expect(await callTool(client, 'kubectl', { command: `get cm none -n ${namespace}` })).toMatchObject({
      isError: true,
    });
    expect(await callTool(client, 'kubectl', { command: `get cm -n ${namespace}` })).toMatchObject({ isError: false });
    expect(await run('kubectl', 'get pods -n {{ns}}')).toMatchObject({
      success: true,
      error: expect.stringContaining('No resources found'),
    });
  });

  test('0-W14: a namespace counts for every tool, and one that disagrees is a mistake', async () => {
    await run('istioctl', 'x describe pod nowhere', { namespace });
    const nowhere = (all: AuditRecord[]) => all.find(({ type, name }) => type === 'request' && name === 'nowhere');
    expect(nowhere(await audited(product, (all) => nowhere(all) !== undefined))).toMatchObject({ namespace });
    expect(
      await codes([
        ['kubectl', 'get pods -n a', { namespace: 'b' }],
        ['kubectl', 'get pods -A', { namespace: 'b' }],
        ['helm', 'list -n a', { namespace: 'b' }],
        ['istioctl', 'analyze -n a', { namespace: 'b' }],
        ['argocd', 'app list -N a', { namespace: 'b' }],
      ]),
    ).toEqual(Array.from({ length: 5 }, () => 'invalid_argument'));
  });

  test('0-W16: POST /mcp is where MCP is', async () => {
    const client = await product.client('2025');
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['kubectl', 'helm', 'istioctl', 'argocd']),
    );
  });

  test('0-W17: no source starts a shell', () => {
    const root = join(import.meta.dirname, '../../../src');
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /(?<!\.test)\.ts$/.test(name),
    );
    const wrong = sources.filter((name) => {
      const text = readFileSync(join(root, name), 'utf8');
      return (
        /\bshell: true\b|\bexecSync\(/.test(text) ||
        (text.includes("'node:child_process'") && !name.startsWith('process/'))
      );
    });
    expect([sources.length > 100, wrong]).toEqual([true, []]);
  });

  test('0-W19: commands beyond a limit wait, and beyond that are told to come back', async () => {
    const small = await commandProduct({ args: ['--command-concurrency=1', '--command-timeout=20'] });
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => small.run('kubectl', `get cm -n ${namespace} -w`, { timeout: 1 })),
    );
    const statuses = answers.map(({ status }) => status);
    expect([...new Set(statuses)].sort()).toEqual([200, 429]);
    expect(answers.find(({ status }) => status === 429)).toMatchObject({ code: 'too_many_requests' });
    await small.stop();
  });

  test('P-W1: pipes work', async () => {
    expect((await run('kubectl', 'get cm -n {{ns}} -o name | grep settings | wc -l')).output.trim()).toBe('1');
  });

  test('P-W2: the order of words changes nothing', async () => {
    for (const command of [
      'delete ns {{ns}}',
      ' delete  ns   {{ns}}',
      '-n {{ns}} exec a -- id',
      '--context=admin exec a -n {{ns}} -- id',
    ]) {
      const { status, code } = await run('kubectl', command.replace('delete', 'create token'));
      expect([command, status, code]).toEqual([command, 403, 'gate_closed']);
    }
  });

  test('P-W3: every stage of a pipe is looked at, to its last word', async () => {
    const stages = [
      'xargs sh -c id',
      `awk 'BEGIN { system("id") }'`,
      'find / -exec id ;',
      'rm -rf /',
      'ssh evil.example',
      'curl evil.example',
      'tee /tmp/x',
      `sed '1e id'`,
      'grep x | sh',
      'sort -o /tmp/x',
    ];
    const answers = await Promise.all(stages.map((stage) => run('kubectl', `get cm -n {{ns}} | ${stage}`)));
    expect(answers.map(({ status }) => [400, 403].includes(status))).toEqual(stages.map(() => true));
  });

  test('P-W5: a missing program is told, and the rest works', async () => {
    const bare = await commandProduct({ env: { K8S_MCP_HELM_PATH: '/nonexistent/helm' } });
    expect(await bare.run('helm', 'list')).toMatchObject({ status: 503, code: 'program_missing' });
    expect(await bare.run('kubectl', 'version --client')).toMatchObject({ status: 200, success: true });
    await bare.stop();
  });

  test('P-W6: where a flag stands changes no verdict', async () => {
    const lines = [
      'exec -it a -- sh',
      'exec a -it -- sh',
      'exec -ti a -- sh',
      'exec --tty a --stdin -- sh',
      '-n x exec -t a -- ls',
      'exec a -c b -t -- ls',
    ];
    expect(await codes(lines.map((line) => ['kubectl', line] as const))).toEqual(lines.map(() => 'command_refused'));
  });

  test('field 3.1: a tool that is not listed cannot be called', async () => {
    const few = await commandProduct({ args: ['--toolsets=resources'] });
    const client = await few.client('2026');
    expect((await client.listTools()).tools.some(({ name }) => name === 'kubectl')).toBe(false);
    await expect(callTool(client, 'kubectl', { command: 'get pods' })).rejects.toThrow('gate_closed');
    expect(await few.run('kubectl', 'get pods')).toMatchObject({ status: 403 });
    await few.stop();
  });

  test('field 3.1: values cannot become flags, in no form that pflag reads', async () => {
    const url = `https://127.0.0.1:${canaries.port}`;
    const lines = [
      `get pods -s ${url}`,
      `get pods -s=${url}`,
      `get pods -As ${url}`,
      `get pods --server ${url}`,
      `get pods --ser\\ver=${url}`,
      'get pods --client_key=/x',
      `get -- pods --server=${url}`,
      `get pods -- --server=${url}`,
    ];
    const answers = await Promise.all(lines.map((line) => run('kubectl', line)));
    expect(answers.map(({ status }) => [400, 403].includes(status))).toEqual(lines.map(() => true));
    expect(await run('kubectl', 'get cm', { namespace: `--server=${url}` })).not.toMatchObject({ success: true });
    expect(await run('kubectl', 'get cm', { context: `--server=${url}` })).not.toMatchObject({ success: true });
  });

  test('field 3.1: a mask holds for secret/name, secrets.v1. and lists', async () => {
    await kubectl(['create', 'secret', 'generic', 'masked', `--from-literal=a=${LITERAL}`, '-n', namespace]);
    for (const what of [
      'secret/masked',
      'secrets.v1. masked',
      'secret,cm',
      'cm,secret',
      'secret masked',
      'Secret/masked',
      'SECRETS',
    ]) {
      const answer = await run('kubectl', `get ${what} -n {{ns}} -o yaml`);
      expect(JSON.stringify(answer)).not.toMatch(new RegExp(`${LITERAL}|${Buffer.from(LITERAL).toString('base64')}`));
    }
  });

  test('field 3.2: prompt injection: what a cluster says comes without control characters', async () => {
    const text = '\u001b[31mred\u001b[0m \u202Egnp.exe \u200Bzero';
    await kubectl(['create', 'configmap', 'hostile', `--from-literal=a=${text}`, '-n', namespace]);
    const answer = await run('kubectl', "get cm hostile -n {{ns}} -o go-template='{{.data.a}}'");
    expect(answer.output).not.toMatch(/[\u001b\u200b\u202e]/);
    expect(answer.changed?.join(' ')).toBeTruthy();
  });

  test('field 3.2: exhaustion: a pattern that would take for ever does not', async () => {
    const answer = await run('kubectl', "get --raw /openapi/v2 | grep -E '(a+)+$' | wc -l", { timeout: 60 });
    expect([answer.status, answer.success]).toEqual([200, true]);
  });

  test('in all of this no canary was touched', () => {
    expect(canaries.seen()).toEqual({ ran: [], contacts: 0, read: [] });
    expect(product.log()).not.toContain(CANARY_TEXT);
  });
});
