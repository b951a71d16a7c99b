import { beforeAll, describe, expect, test } from 'vitest';
import { chartArchive, chartFiles, smallChart } from '../../support/charts.ts';
import { CHART, CHART_PASSWORD } from '../../support/cli-fixtures.ts';
import { hasClis, plainCli } from '../../support/clis.ts';
import { type CommandAnswer, type CommandProduct, commandProduct } from '../../support/command-product.ts';
import { freshNamespace, hasTestUsers, kubectl, tryKubectl } from '../../support/control-plane.ts';

describe.skipIf(!hasTestUsers() || !hasClis())('releases of helm through the product', () => {
  let namespace: string;
  let archive: string;
  let product: CommandProduct;
  const chart = chartFiles();

  const helm = (command: string, args: Record<string, unknown> = {}): Promise<CommandAnswer> =>
    product.run('helm', command, { namespace, ...args });
  const done = async (command: string, args?: Record<string, unknown>): Promise<string> => {
    const answer = await helm(command, args);
    expect(answer, command).toMatchObject({ status: 200, success: true, exit_code: 0 });
    return answer.output;
  };
  const plain = async (...args: string[]) => (await plainCli('helm', args, { namespace })).stdout;
  const live = (object: string, path: string) => kubectl(['get', object, '-n', namespace, '-o', `jsonpath={${path}}`]);
  const password = async (name: string) =>
    Buffer.from(await live(`secret/${name}`, '.data.password'), 'base64').toString();
  const gone = async (object: string) => (await tryKubectl(['get', object, '-n', namespace])).code === 1;

  beforeAll(async () => {
    [namespace, archive, product] = await Promise.all([
      freshNamespace('chart'),
      chartArchive(),
      commandProduct({ args: ['--enable-create', '--enable-update', '--enable-delete'] }),
    ]);
  });

  test('a chart is installed from a folder or an archive, with values of files, of stdin and of the command', async () => {
    const files = { ...chart, 'app.tgz': archive, 'more.yaml': 'replicas: 0\ngreeting: from a file\n' };
    expect(await done('install folder ./chart -f more.yaml', { files })).toContain(
      `folder says "from a file" in ${namespace}, revision 1.`,
    );
    const stdin = 'greeting: from stdin\n';
    expect(await done('install packed app.tgz -f -', { files, stdin })).toContain('packed says "from stdin"');
    const answer = await helm('install given app.tgz --set greeting=given,password=canary-set-password', { files });
    expect(answer.output).toContain('given says "given"');
    expect(JSON.stringify(answer)).not.toContain('canary');
    expect([await password('given'), await password('folder')]).toEqual(['canary-set-password', CHART_PASSWORD]);
    expect(await live('deploy/folder', '.spec.replicas')).toBe('0');
  });

  test("the chart's own schema is heeded, as plainly", async () => {
    const answer = await helm('install wrong chart --set replicas=9', { files: chart });
    const { stderr } = await plainCli('helm', ['install', 'wrong', CHART, '--set', 'replicas=9'], { namespace });
    expect(stderr).toContain('maximum: got 9, want 5');
    expect(answer).toMatchObject({ status: 200, success: false, exit_code: 1, error: stderr });
  });

  test('an upgrade and a rollback leave the real value of each revision in the live Secret, never a marker', async () => {
    await done('upgrade --install moved chart --set password=canary-first', { files: chart });
    expect(await password('moved')).toBe('canary-first');
    await done('upgrade moved chart --reuse-values --set replicas=2', { files: chart });
    expect(await password('moved')).toBe('canary-first');
    expect(await live('deploy/moved', '.spec.replicas')).toBe('2');
    await done('upgrade moved chart --set password=canary-third', { files: chart });
    expect(await password('moved')).toBe('canary-third');
    expect(await done('rollback moved 1')).toBe('Rollback was a success! Happy Helming!\n');
    expect(await password('moved')).toBe('canary-first');
    const history = JSON.parse(await done('history moved -o json')) as { status: string; description: string }[];
    expect(history.map(({ status, description }) => `${status}: ${description}`)).toEqual([
      'superseded: Install complete',
      'superseded: Upgrade complete',
      'superseded: Upgrade complete',
      'deployed: Rollback to 1',
    ]);
  });

  test('what is stored is whole: plain helm goes on with it', async () => {
    expect(await plain('get', 'values', 'moved', '--revision', '4')).toContain('password: canary-first');
    await plain('rollback', 'moved', '3');
    expect(await password('moved')).toBe('canary-third');
  });

  test('a release is uninstalled after a plan, and then nothing of it is left', async () => {
    await done('install leaving chart', { files: chart });
    const planned = await helm('uninstall leaving');
    expect(planned).toMatchObject({ status: 428, code: 'confirmation_required' });
    expect(planned.plan?.title).toBe(`helm uninstall --namespace=${namespace} leaving in context admin`);
    expect(await gone('deploy/leaving')).toBe(false);
    expect(await helm('uninstall leaving', { confirm: planned.plan?.token })).toMatchObject({
      success: true,
      output: 'release "leaving" uninstalled\n',
    });
    expect([await gone('secret/leaving'), await gone('secret/sh.helm.release.v1.leaving.v1')]).toEqual([true, true]);
  });

  test('--wait waits for pods', async () => {
    await done('install ready chart --wait --timeout 60s', { files: chart });
    expect(await live('deploy/ready', '.status.readyReplicas')).toBe('1');
  });

  test('a failed --atomic is taken back, and what was done and undone is told', async () => {
    const spec = 'spec:\n  nodeSelector: {no: where}\n  containers: [{name: a, image: registry.invalid/a}]\n';
    const never = smallChart('never', { 'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: never}\n${spec}` });
    const answer = await helm('install never never --atomic --timeout 3s', { files: never });
    expect(answer).toMatchObject({ status: 200, success: false, exit_code: 1 });
    expect(answer.error).toContain('has been uninstalled due to atomic being set');
    expect(answer.hint).toContain(`created pods ${namespace}/never`);
    expect(answer.hint).toContain(`deleted pods ${namespace}/never`);
    expect([await gone('pod/never'), await gone('secret/sh.helm.release.v1.never.v1')]).toEqual([true, true]);
  });

  test('the tests of a chart are run', async () => {
    const hook = `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-tested
  annotations: {helm.sh/hook: test}
data: {a: b}
`;
    await done('install tried tried', { files: smallChart('tried', { 'test.yaml': hook }) });
    expect(await done('get hooks tried')).toContain('name: tried-tested');
    expect(await done('test tried')).toContain('Phase:          Succeeded');
    expect(await live('configmap/tried-tested', '.data.a')).toBe('b');
  });

  test.each(['client', 'server'])('--dry-run=%s stores nothing', async (where) => {
    expect(await done(`install dry chart --dry-run=${where}`, { files: chart })).toContain('name: dry');
    expect(await gone('secret/sh.helm.release.v1.dry.v1')).toBe(true);
  });

  test.each([
    ['repo add stable https://charts.example', 'Nothing is kept between calls'],
    ['install new https://charts.example/web.tgz', 'K8S_MCP_HELM_REPO_ALLOW'],
    ['install new chart --post-renderer ./run.sh', 'It runs a program on the server'],
    ['plugin install https://evil.example', 'Plugins are programs of the server'],
    ['template new chart --output-dir /tmp/out', 'Files it writes are lost'],
    ['install new /etc', '`files`'],
  ])('`helm %s` is never run, and why is said', async (command, why) => {
    const answer = await helm(command, command.includes(' chart') ? { files: chart } : {});
    expect([400, 403]).toContain(answer.status);
    expect(`${answer.detail} ${answer.remedy}`).toContain(why);
  });
});
