import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { callerConfig } from '../../support/callers.ts';
import { hasClis } from '../../support/clis.ts';
import { toolPaths } from '../../support/command-product.ts';
import { controlPlane, freshNamespace, hasTestUsers, kubectl, tryKubectl } from '../../support/control-plane.ts';
import { settled } from '../../support/process-watch.ts';
import { type Finished, scratchFolder, shell } from '../../support/product.ts';

interface Report {
  checks: { name: string; status: string; detail: string; remedy?: string }[];
  healthy: boolean;
}

describe.skipIf(!hasTestUsers())('the shell', () => {
  let namespace: string;
  const run = (words: readonly string[], flags: readonly string[] = [], stdin = ''): Promise<Finished> =>
    shell([...flags, ...words], { kubeconfig: controlPlane().kubeconfig, stdin });

  beforeAll(async () => {
    namespace = await freshNamespace('shell');
    await kubectl(['create', 'configmap', 'settings', '--from-literal=color=blue', '-n', namespace]);
  });

  test('call prints the answer and ends with 0', async () => {
    expect(
      await run(['call', 'list_resources', '--kind', 'cm', '--namespace', namespace, '--output', 'names']),
    ).toEqual({
      code: 0,
      stdout: 'context: admin\nkube-root-ca.crt\nsettings\n',
      stderr: '',
    });
  });

  test.each([
    ['a flag each', () => ['call', 'get_resource', '--kind', 'cm', '--name', 'settings', '--namespace', namespace], ''],
    [
      '--json',
      () => ['call', 'get_resource', '--json', JSON.stringify({ kind: 'cm', name: 'settings', namespace })],
      '',
    ],
    [
      '--json -',
      () => ['call', 'get_resource', '--json', '-'],
      () => JSON.stringify({ kind: 'cm', name: 'settings', namespace }),
    ],
  ])('call takes its arguments as %s', async (_, words, stdin) => {
    const { code, stdout, stderr } = await run(words(), [], typeof stdin === 'string' ? stdin : stdin());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('\ndata:\n  color: blue\n');
  });

  test('call -o json prints the typed answer, and a failure as JSON on stderr', async () => {
    const good = await run(['call', 'list_resources', '--kind', 'cm', '--namespace', namespace, '-o', 'json']);
    expect(good).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(good.stdout)).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', namespace, shown: 2 });
    const bad = await run([
      'call',
      'get_resource',
      '--kind',
      'cm',
      '--name',
      'setings',
      '--namespace',
      namespace,
      '-o',
      'json',
    ]);
    expect(bad).toMatchObject({ code: 1, stdout: '' });
    expect(JSON.parse(bad.stderr)).toMatchObject({ code: 'not_found', candidates: ['settings'] });
  });

  const refusals: [string, number, string, () => readonly string[], readonly string[]][] = [
    [
      'an object that is not there',
      1,
      'not_found',
      () => ['get_resource', '--kind', 'cm', '--name', 'x', '--namespace', namespace],
      [],
    ],
    ['an unknown kind', 1, 'unknown_kind', () => ['list_resources', '--kind', 'Deploymnt'], []],
    ['an argument that is missing', 2, 'invalid_argument', () => ['list_resources'], []],
    ['an unknown tool', 2, 'unknown_tool', () => ['k8s-get-pod'], []],
    ['an unknown context', 2, 'unknown_context', () => ['k8s-get-nodes', '--context', 'nowhere'], []],
    [
      'a forbidden namespace',
      3,
      'namespace_denied',
      () => ['k8s-get-pods', '--namespace', 'x'],
      ['--forbidden-namespaces=x'],
    ],
    [
      'a context that is not allowed',
      3,
      'context_denied',
      () => ['k8s-get-nodes', '--context', 'viewer'],
      ['--contexts=admin'],
    ],
    ['an RBAC refusal', 6, 'cluster_forbidden', () => ['k8s-get-nodes', '--context', 'nobody'], []],
    ['no sign-in', 6, 'cluster_unauthorized', () => ['k8s-get-nodes', '--context', 'expired'], []],
  ];
  test.each(refusals)('%s ends with %i', async (_, code, word, words, flags) => {
    const answer = await run(['call', ...words()], flags);
    expect(answer).toMatchObject({ code, stdout: '' });
    expect(answer.stderr).toMatch(new RegExp(`^${word}: `));
    expect(answer.stderr).not.toContain('    at ');
  });

  test('a tool behind a closed gate ends with an error and changes nothing', async () => {
    const target = ['--kind', 'cm', '--name', 'settings', '--namespace', namespace];
    const closed = await run(['call', 'delete_resource', ...target, '--yes']);
    expect(closed).toMatchObject({ stdout: '' });
    expect(closed.code).not.toBe(0);
    expect(await kubectl(['get', 'configmap', 'settings', '-n', namespace, '-o', 'name'])).toBe('configmap/settings\n');
  });

  test('a delete asks first and ends with 4; --yes carries it out', async () => {
    await kubectl(['create', 'configmap', 'doomed', '-n', namespace]);
    const words = ['call', 'delete_resource', '--kind', 'cm', '--name', 'doomed', '--namespace', namespace];
    const asked = await run(words, ['--enable-delete']);
    expect(asked).toMatchObject({ code: 4, stdout: '' });
    expect(asked.stderr).toContain(`Delete ConfigMap ${namespace}/doomed in context admin`);
    expect((await tryKubectl(['get', 'configmap', 'doomed', '-n', namespace])).code).toBe(0);
    expect(await run([...words, '--yes'], ['--enable-delete'])).toEqual({
      code: 0,
      stdout: `context: admin\nConfigMap ${namespace}/doomed deleted.\n`,
      stderr: '',
    });
    expect((await tryKubectl(['get', 'configmap', 'doomed', '-n', namespace])).code).not.toBe(0);
  });

  test('tools needs no cluster, and shows what the gates leave', async () => {
    const names = async (...flags: string[]) => {
      const { code, stdout } = await shell([...flags, 'tools', '-o', 'json']);
      expect(code).toBe(0);
      return (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
    };
    const reads = await names();
    expect(reads).toHaveLength(16);
    expect(reads).not.toContain('delete_resource');
    expect(await names('--enable-delete')).toEqual(expect.arrayContaining(['delete_resource']));
    const one = await shell(['tools', 'k8s-get-logs']);
    expect(one).toMatchObject({ code: 0, stderr: '' });
    expect(one.stdout).toContain('Usage: k8s-mcp call k8s-get-logs');
  });

  describe('doctor', () => {
    /** The test's kubeconfig with only the contexts named, as one that is no longer good is rightly a failure. */
    async function kubeconfigOf(...names: string[]): Promise<string> {
      const config = JSON.parse(await kubectl(['config', 'view', '--raw', '--flatten', '-o', 'json'])) as {
        contexts: { name: string }[];
      };
      const file = join(scratchFolder(), 'kubeconfig');
      const contexts = config.contexts.filter(({ name }) => names.includes(name));
      writeFileSync(file, JSON.stringify({ ...config, contexts, 'current-context': names[0] }));
      return file;
    }

    test.skipIf(!hasClis())('of a cluster that works ends with 0', async () => {
      const options = { kubeconfig: await kubeconfigOf('admin'), env: toolPaths() };
      const { code, stdout } = await shell(['doctor', '-o', 'json'], options);
      const report = JSON.parse(stdout) as Report;
      expect(report.checks.filter(({ status }) => status !== 'ok')).toEqual([]);
      expect({ code, healthy: report.healthy }).toEqual({ code: 0, healthy: true });
      const context = report.checks.find(({ name }) => name === 'context admin (default)');
      expect(context?.detail).toMatch(/^v1\.\d+\.\d+/);
    });

    test('--check-kubeconfig says what a server would refuse, naming each field and no value', async () => {
      const file = await kubeconfigOf('admin');
      expect(await shell(['doctor', '--check-kubeconfig', file])).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Contexts: admin; current: admin'),
      });
      const users = [
        { name: 'u', user: { exec: { apiVersion: 'v1', command: '/tmp/steal' }, tokenFile: '/etc/passwd' } },
      ];
      writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'Config', users }));
      const refused = await shell(['doctor', '--check-kubeconfig', file]);
      expect(refused.code).toBe(3);
      expect(refused.stdout).toContain('- users[0].user.exec:');
      expect(refused.stdout).toContain('- users[0].user.tokenFile:');
      expect(refused.stdout).not.toMatch(/steal|passwd/);
    });

    test('of one where a sign-in has ended ends with 1 and says what to run', async () => {
      const { code, stdout } = await shell(['doctor'], { kubeconfig: await kubeconfigOf('admin', 'expired') });
      expect(code).toBe(1);
      expect(stdout).toContain('[FAIL] context expired: cluster_unauthorized');
      expect(stdout).toContain('kubectl --context expired get ns');
    });

    test('of a user without rights warns of each', async () => {
      const { code, stdout } = await shell(['doctor', '-o', 'json'], { kubeconfig: await kubeconfigOf('nobody') });
      const { checks } = JSON.parse(stdout) as Report;
      const pods = checks.find(({ name }) => name === 'context nobody (default): may list pods');
      expect(pods).toMatchObject({ status: 'warn', detail: 'not in all namespaces' });
      expect(code).toBe(0);
    });

    test('without a kubeconfig ends with 1', async () => {
      const { code, stdout } = await shell(['doctor']);
      expect(code).toBe(1);
      expect(stdout).toContain('[FAIL] kubeconfig: none found');
    });

    test.each([
      ['reads only', []],
      ['every gate', ['--enable-create', '--enable-update', '--enable-delete']],
      ['one namespace', ['--allowed-namespaces=NAMESPACE,default']],
    ])('--role prints what a cluster accepts: %s', async (_, flags) => {
      const given = flags.map((flag) => flag.replace('NAMESPACE', namespace));
      const { code, stdout, stderr } = await shell([...given, 'doctor', '--role']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const applied = await kubectl(['apply', '--dry-run=server', '-f', '-'], { stdin: stdout });
      expect(applied).toMatch(/^clusterrole\.rbac\.authorization\.k8s\.io\/k8s-mcp created \(server dry run\)$/m);
      expect(applied.match(/^role\./gm)?.length ?? 0).toBe(flags.length === 1 ? 2 : 0);
    });

    test.skipIf(!hasClis())('--role is enough for the tools', async () => {
      const { stdout } = await shell(['doctor', '--role']);
      await kubectl(['apply', '-f', '-'], { stdin: stdout.replace('name: k8s-mcp', `name: ${namespace}`) });
      // Somebody of its own: what `nobody` may do, others of this run ask.
      await kubectl(['create', 'serviceaccount', 'reader', '-n', namespace]);
      const user = `system:serviceaccount:${namespace}:reader`;
      await kubectl(['create', 'clusterrolebinding', namespace, `--clusterrole=${namespace}`, `--user=${user}`]);
      try {
        await settled(
          () => tryKubectl(['auth', 'can-i', 'list', 'pods', '-A', `--as=${user}`]),
          ({ code }) => code === 0,
        );
        const token = (await kubectl(['create', 'token', 'reader', '-n', namespace])).trim();
        const kubeconfig = join(scratchFolder(), 'kubeconfig');
        writeFileSync(kubeconfig, JSON.stringify(callerConfig({ as: { token }, name: 'reader' })));
        const { stdout: told } = await shell(['doctor', '-o', 'json'], { kubeconfig, env: toolPaths() });
        const { checks } = JSON.parse(told) as Report;
        expect(checks.map(({ name }) => name)).toContain('context reader (default)');
        expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
      } finally {
        await kubectl(['delete', 'clusterrolebinding', namespace]);
        await kubectl(['delete', 'clusterrole', namespace]);
      }
    });
  });
});
