import { beforeAll, describe, expect, test } from 'vitest';
import { installArgocd } from '../../support/cli-fixtures.ts';
import { hasClis, plainCli } from '../../support/clis.ts';
import {
  type AuditRecord,
  audited,
  type CommandAnswer,
  type CommandProduct,
  commandProduct,
} from '../../support/command-product.ts';
import { freshNamespace, hasTestUsers, kubectl } from '../../support/control-plane.ts';

/** What differs from run to run: the port of the server that argocd runs inside itself. */
const steady = (text: string): string => text.replaceAll(/http:\/\/localhost:\d+/g, 'http://localhost:0');

const field = (namespace: string, object: string, path: string) =>
  kubectl(['get', object, '-n', namespace, '-o', `jsonpath={${path}}`]);

const WITH_TWO_SOURCES = `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: two }
spec:
  project: default
  sources: [{ repoURL: 'https://git.invalid/a.git', path: a }]
  destination: { server: 'https://kubernetes.default.svc', namespace: two }
`;

describe.skipIf(!hasTestUsers() || !hasClis())('argocd in core mode through the product', () => {
  let namespace: string;
  let product: CommandProduct;
  const argocd = (command: string, args: Record<string, unknown> = {}): Promise<CommandAnswer> =>
    product.run('argocd', command, args);

  beforeAll(async () => {
    namespace = await freshNamespace('argo');
    await installArgocd(namespace);
  });

  const served = (...args: string[]) => commandProduct({ args, env: { K8S_MCP_ARGOCD_NAMESPACE: namespace } });

  describe('as it starts, without gates', () => {
    beforeAll(async () => {
      product = await served();
    });

    test.each([
      'app list',
      'app list -o name',
      'app list -p default -o wide',
      'app get guestbook',
      'app get payments -o json | jq .status.health',
      'app history guestbook',
      'app history guestbook -o id',
      'proj list',
      'proj get default',
      'proj role list default',
      'proj windows list default',
      'appset list',
    ])('`argocd %s` says what plain argocd says', async (command) => {
      const [words = '', filter] = command.split(' | ');
      const plain = await plainCli('argocd', [...words.split(' '), '--core'], { namespace });
      const answer = await argocd(command);
      expect(answer).toMatchObject({ status: 200, success: true, exit_code: 0, error: null });
      expect(answer.reason).toBeUndefined();
      if (filter === undefined) expect(steady(answer.output)).toBe(steady(plain.stdout));
      else expect(JSON.parse(answer.output)).toEqual(JSON.parse(plain.stdout).status.health);
    });

    test('its own version is told, and what runs in it', async () => {
      const { output } = await argocd('version');
      expect(output).toMatch(/^argocd: v3\.2\.[\s\S]*\nargocd-server: v3\.2\./);
    });

    test('an application that is not there fails as the tool does', async () => {
      expect(await argocd('app get nosuch')).toMatchObject({
        status: 200,
        success: false,
        exit_code: 20,
        hint: 'There is no such application or project, or it may not be read: `argocd app list` shows those that may.',
      });
    });

    test('nothing is written by looking, and no Secret is shown', async () => {
      const before = await kubectl([
        'get',
        'secrets,configmaps,applications,appprojects',
        '-n',
        namespace,
        '-o',
        'json',
      ]);
      const answers = [await argocd('app list --loglevel debug'), await argocd('app get guestbook -o yaml')];
      expect(JSON.stringify(answers)).not.toContain('canary');
      const after = await kubectl([
        'get',
        'secrets,configmaps,applications,appprojects',
        '-n',
        namespace,
        '-o',
        'json',
      ]);
      expect(JSON.parse(after).items).toEqual(JSON.parse(before).items);
    });

    test('the port that it forwards without need leads nowhere: audit has the refusal, and no exec', async () => {
      const forwardsIn = (all: AuditRecord[]) => all.filter(({ target }) => target === 'pods/portforward');
      const forwards = forwardsIn(await audited(product, (all) => forwardsIn(all).length > 0));
      expect(forwards.length).toBeGreaterThan(0);
      expect(new Set(forwards.map(({ decision, status }) => `${decision} ${status}`))).toEqual(
        new Set(['refused 101']),
      );
    });

    test.each([
      'app diff guestbook',
      'app manifests guestbook',
      'app resources guestbook',
      'app logs guestbook',
      'app get guestbook -o tree',
      'app actions list guestbook',
    ])('`argocd %s` asks parts of Argo CD: the gate exec is named', async (command) => {
      expect(await argocd(command)).toMatchObject({
        status: 403,
        code: 'gate_closed',
        detail: expect.stringContaining('exec'),
      });
    });

    test.each([
      ['app set guestbook --revision v2 --validate=false', 'update'],
      ['app rollback guestbook 0', 'update'],
      ['app delete guestbook --yes', 'delete'],
      ['proj create more', 'create, escalation'],
      ['app create more --repo https://git.invalid/a.git --path x --validate=false', 'create'],
    ])('`argocd %s` needs its gate', async (command, gates) => {
      const answer = await argocd(command);
      expect(answer).toMatchObject({ status: 403, code: 'gate_closed' });
      expect(answer.detail).toMatch(new RegExp(`closed: ${gates}\\.$`));
    });

    test.each([
      ['login localhost', 'Sign-in is for the operator to set'],
      ['account list', 'there are no accounts'],
      ['admin export', 'credentials included'],
      ['repo list', 'Secrets whose values are not handed out'],
      ['app edit guestbook', 'There is no editor here'],
      ['app list --server evil.invalid', 'Which Argo CD is asked is for the operator to set'],
      ['app diff guestbook --local .', 'It would render files of the server'],
    ])('`argocd %s` is never run, and why is said', async (command, why) => {
      const answer = await argocd(command);
      expect(answer).toMatchObject({ status: 403, code: 'command_refused' });
      expect(`${answer.detail} ${answer.remedy}`).toContain(why);
    });
  });

  describe('with the gates of a write', () => {
    beforeAll(async () => {
      product = await served('--enable-create', '--enable-update', '--enable-delete');
    });

    test('an application is made, changed and deleted, and its Secrets stay as they were', async () => {
      const secret = await field(namespace, 'secret/argocd-secret', '.data');
      const made = await argocd(
        'app create more --repo https://git.invalid/more.git --path x --dest-namespace more --dest-server https://kubernetes.default.svc --validate=false',
      );
      expect(made).toMatchObject({ success: true, output: "application 'more' created\n" });
      expect(await argocd('app set more --revision v2 --validate=false')).toMatchObject({ success: true });
      expect(await field(namespace, 'application/more', '.spec.source.targetRevision')).toBe('v2');
      const command = 'app delete more --yes --cascade=false';
      const planned = await argocd(command);
      expect(planned).toMatchObject({ status: 428, code: 'confirmation_required' });
      expect(await argocd(command, { confirm: planned.plan?.token })).toMatchObject({
        success: true,
        output: "application 'more' deleted\n",
      });
      expect(await kubectl(['get', 'applications', '-n', namespace, '-o', 'name'])).toBe(
        'application.argoproj.io/guestbook\napplication.argoproj.io/payments\n',
      );
      expect(await field(namespace, 'secret/argocd-secret', '.data')).toBe(secret);
    });

    test('what turns out to ask the repo server is ended, with the gate as the reason', async () => {
      await kubectl(['apply', '-n', namespace, '-f', '-'], { stdin: WITH_TWO_SOURCES });
      const answer = await argocd('app add-source two --repo https://git.invalid/b.git --path b');
      expect(answer).toMatchObject({
        status: 200,
        success: false,
        reason: expect.stringContaining('pods/portforward, and the gate for that is closed: exec.'),
        hint: 'It was ended: it went on asking for what it is refused.',
      });
      expect(await field(namespace, 'application/two', '.spec.sources[*].path')).toBe('a');
    });

    test('rights in Argo CD need the escalation gate', async () => {
      const answer = await argocd('proj add-source default https://git.invalid/more.git');
      expect(answer).toMatchObject({ status: 403, code: 'gate_closed', detail: expect.stringContaining('escalation') });
    });
  });

  describe('with the gate exec', () => {
    beforeAll(async () => {
      product = await served('--enable-exec');
    });

    test('the port is really forwarded, and fails as plainly: nothing runs in the pods of this cluster', async () => {
      const plain = await plainCli('argocd', ['app', 'diff', 'guestbook', '--core'], { namespace });
      const answer = await argocd('app diff guestbook');
      expect(plain.stderr).toContain('error getting cached app managed resources');
      expect(answer).toMatchObject({ status: 200, success: false, exit_code: 20 });
      expect(answer.error).toContain('error getting cached app managed resources');
    });
  });

  describe('with what it reads refused', () => {
    test('a forbidden namespace is the reason, and the command ends', async () => {
      product = await commandProduct({
        env: { K8S_MCP_ARGOCD_NAMESPACE: namespace, K8S_FORBIDDEN_NAMESPACES: namespace },
      });
      const answer = await argocd('app list');
      expect(answer).toMatchObject({ status: 200, success: false });
      expect(answer.reason).toContain(`namespace "${namespace}"`);
      expect(answer.output).toBe('');
    });

    test('Secrets that are denied are the reason, and the command ends', async () => {
      product = await commandProduct({
        env: { K8S_MCP_ARGOCD_NAMESPACE: namespace, K8S_MCP_DENIED_KINDS: 'secrets' },
      });
      const answer = await argocd('app list');
      expect(answer).toMatchObject({ status: 200, success: false });
      expect(answer.reason).toContain('secrets is denied (K8S_MCP_DENIED_KINDS).');
    });

    test('a namespace without Argo CD is told as such', async () => {
      const empty = await freshNamespace('empty');
      product = await commandProduct({ env: { K8S_MCP_ARGOCD_NAMESPACE: empty } });
      const answer = await argocd('app list');
      expect(answer).toMatchObject({ status: 200, success: false, exit_code: 20 });
      expect(answer.hint).toContain('K8S_MCP_ARGOCD_NAMESPACE');
      expect(await kubectl(['get', 'secrets,appprojects', '-n', empty, '-o', 'name'])).toBe('');
    });
  });
});
