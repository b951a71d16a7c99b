import { beforeAll, describe, expect, test } from 'vitest';
import { eachAtOnce } from '../../support/at-once.ts';
import { atRest } from '../../support/at-rest.ts';
import { CHART, CHART_PASSWORD, installCrds } from '../../support/cli-fixtures.ts';
import { hasClis, plainCli } from '../../support/clis.ts';
import {
  type CommandAnswer,
  type CommandProduct,
  type CommandTool,
  commandProduct,
} from '../../support/command-product.ts';
import { freshNamespace, hasTestUsers, kubectl } from '../../support/control-plane.ts';

const HIDDEN_VALUE = 'hidden-value-0431';
/** In the name of every object of the namespace that is not for callers. */
const HIDDEN = 'unseen';
const AT_ONCE = 4;
const OPEN = ['create', 'update', 'delete', 'exec', 'escalation'].map((gate) => `--enable-${gate}`);
/** Answers about everything hold what all suites made: how many run decides where one of the usual size would be cut. */
const WHOLE = '--max-output=100000000';

interface Line {
  tool?: CommandTool;
  command: string;
  stdin?: string;
  files?: Record<string, string>;
  /** In seconds. */
  timeout?: number;
}
/** For one that asks for each object there is in all suites that run, one after the other. */
const LONGEST_S = 120;

/** `{{own}}` may be used, `{{other}}` may not. */
const lines = (...all: (string | Line)[]): Line[] =>
  all.map((line) => (typeof line === 'string' ? { command: line } : line));

const CM = (namespace: string, name: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ${namespace}}\ndata: {a: b}\n`;

/** They span namespaces: what is hidden is left out, and they succeed. */
const SPANNING = lines(
  'get configmaps -A',
  'get cm --all-namespaces -o yaml',
  'get cm -A -o jsonpath={.items[*].metadata.name}',
  "get cm -A -o go-template='{{range .items}}{{.metadata.namespace}}/{{.metadata.name}} {{end}}'",
  'get cm -A -o custom-columns=A:.metadata.name,B:.data',
  'get cm -A --sort-by=.metadata.name',
  'get cm -A --chunk-size=1',
  'get cm,secrets,deploy -A -o name',
  'get all -A',
  'get events -A',
  'events -A',
  'describe cm -A',
  'get ns',
  'get ns -o name',
  'get ns -o yaml --show-managed-fields',
  'get --raw /api/v1/configmaps',
  'get --raw /api/v1/configmaps?limit=1',
  'get --raw /api/v1/watch/configmaps?timeoutSeconds=1',
  "get --raw '/api/v1/configmaps?watch=1&timeoutSeconds=1'",
  'get cm -A --field-selector=metadata.name=unseen-cm -o name',
  "get --raw '/api/v1/configmaps?fieldSelector=metadata.name=unseen-cm'",
  'get --raw /api/v1/namespaces',
  'get --raw /apis/events.k8s.io/v1/events',
  'get pods -A --field-selector=status.phase=Running',
  { command: 'get cm -A -w', timeout: 5 },
  { tool: 'helm', command: 'list -A' },
  { tool: 'helm', command: 'list -A -a -o json' },
);

/** They are about the hidden namespace, and are refused with policy's reason. */
const ABOUT = lines(
  'get configmaps -n {{other}}',
  'get cm unseen-cm --namespace={{other}} -o yaml',
  'get cm unseen-cm --namespace {{other}} -o jsonpath={.data}',
  '-n {{other}} get pods',
  'describe cm unseen-cm -n {{other}}',
  'describe ns {{other}}',
  'get ns {{other}}',
  'get ns {{other}} -o yaml',
  'logs unseen -n {{other}}',
  'events -n {{other}}',
  'get --raw /api/v1/namespaces/{{other}}/configmaps',
  'get --raw /api/v1/namespaces/{{other}}/secrets/unseen-secret',
  'get --raw /api/v1/namespaces/{{other}}',
  'get --raw /api/v1/watch/namespaces/{{other}}/configmaps',
  'get cm -n {{other}} -w',
  'get --raw /api/v1/nodes/node-0/proxy/containerLogs/{{other}}/unseen/a',
  'get --raw /api/v1/nodes/node-0/proxy/pods',
  'wait --for=delete cm/unseen-cm -n {{other}} --timeout=1s',
  'rollout status deploy/unseen -n {{other}}',
  'exec unseen -n {{other}} -- id',
  'delete cm unseen-cm -n {{other}}',
  'delete ns {{other}}',
  'label ns {{other}} a=b',
  'scale deploy unseen --replicas=0 -n {{other}}',
  'create cm new -n {{other}}',
  'create token default -n {{other}}',
  'create rolebinding a --clusterrole=view --user=a -n {{other}}',
  'delete cm --all -n {{other}}',
  { command: 'apply -f -', stdin: CM('{{other}}', 'new') },
  { command: 'create -f -', stdin: CM('{{other}}', 'new') },
  { command: 'replace -f -', stdin: CM('{{other}}', 'unseen-cm') },
  { command: 'apply --server-side -f -', stdin: CM('{{other}}', 'new') },
  { command: 'delete -f -', stdin: CM('{{other}}', 'unseen-cm') },
  { command: 'diff -f -', stdin: CM('{{other}}', 'unseen-cm') },
  { command: 'get -f - -o yaml', stdin: CM('{{other}}', 'unseen-cm') },
  {
    command: 'apply -k .',
    files: { 'kustomization.yaml': 'namespace: {{other}}\nresources: [a.yaml]', 'a.yaml': CM('x', 'new') },
  },
  {
    command: 'create --raw /api/v1/namespaces/{{other}}/configmaps -f -',
    stdin: '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"new"}}',
  },
  { tool: 'helm', command: 'list -n {{other}}' },
  { tool: 'helm', command: 'status unseen -n {{other}}' },
  { tool: 'helm', command: 'get values unseen -n {{other}} --all' },
  { tool: 'helm', command: 'uninstall unseen -n {{other}}' },
  {
    tool: 'helm',
    command: 'install new ./web -n {{own}}',
    files: {
      'web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
      'web/templates/cm.yaml': CM('{{other}}', 'new'),
    },
  },
  { tool: 'istioctl', command: 'x describe pod unseen -n {{other}}' },
);

describe.skipIf(!hasTestUsers() || !hasClis())('what commands may reach', () => {
  let own: string;
  let other: string;
  beforeAll(async () => {
    [own, other] = await Promise.all([freshNamespace('seen'), freshNamespace('other')]);
    await installCrds('istio');
    await kubectl(['create', 'configmap', `${HIDDEN}-cm`, `--from-literal=a=${HIDDEN_VALUE}`, '-n', other]);
    await kubectl(['create', 'secret', 'generic', `${HIDDEN}-secret`, `--from-literal=a=${HIDDEN_VALUE}`, '-n', other]);
    await kubectl(['create', 'configmap', 'shown-cm', '--from-literal=a=b', '-n', own]);
    await plainCli('helm', ['install', HIDDEN, CHART, '-n', other, '--set', 'replicas=0']);
    await plainCli('helm', ['install', 'shown', CHART, '-n', own, '--set', 'replicas=0']);
    expect(await kubectl(['get', `deploy/${HIDDEN}`, '-n', other, '-o', 'name'])).toBe(`deployment.apps/${HIDDEN}\n`);
    // What changes there below would be by a command, not by a controller that is not done.
    await atRest(other);
  });
  const fill = (text: string) => text.replaceAll('{{own}}', own).replaceAll('{{other}}', other);
  const run = (product: CommandProduct, { tool = 'kubectl', command, stdin, files, timeout = LONGEST_S }: Line) =>
    product.run(tool, fill(command), {
      timeout,
      ...(stdin === undefined ? {} : { stdin: fill(stdin) }),
      ...(files === undefined
        ? {}
        : { files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, fill(text)])) }),
    });
  const state = () =>
    kubectl([
      'get',
      'cm,secrets,deploy,rolebindings',
      '-n',
      other,
      '-o',
      'custom-columns=U:.metadata.uid,V:.metadata.resourceVersion',
    ]);

  describe.each<[string, () => string[]]>([
    ['K8S_FORBIDDEN_NAMESPACES', () => [`--forbidden-namespaces=${other}`]],
    ['K8S_ALLOWED_NAMESPACES', () => [`--allowed-namespaces=${own}`]],
  ])('%s, with all gates open', (_, args) => {
    let product: CommandProduct;
    let before: string;
    beforeAll(async () => {
      before = await state();
      product = await commandProduct({
        args: [...OPEN, WHOLE, '--confirm=never', `--argocd-namespace=${own}`, ...args()],
      });
    });

    test('what spans namespaces leaves the hidden one out', async () => {
      const told = await eachAtOnce(AT_ONCE, SPANNING, async (line) => {
        const answer = await run(product, line);
        const text = JSON.stringify(answer);
        const leaks = [HIDDEN, HIDDEN_VALUE, other].filter((word) => text.includes(word));
        return [line.command, answer.status, leaks, answer.success ? '' : withoutVanished(answer.error)];
      });
      // A watch that is ended by its own limit says so with its exit code.
      expect(told.map(([command, status, leaks]) => [command, status, leaks])).toEqual(
        SPANNING.map(({ command }) => [command, 200, []]),
      );
      expect(told.filter(([, , , error]) => error !== '')).toEqual([]);
    });

    test('what one may do there is told, of what is there nothing', async () => {
      for (const command of ['auth can-i create pods -n {{other}}', 'auth can-i --list -n {{other}}']) {
        const answer = await run(product, { command });
        expect([answer.status, answer.success, JSON.stringify(answer).includes(HIDDEN)]).toEqual([200, true, false]);
      }
    });

    test('what spans namespaces shows the others', async () => {
      for (const command of ['get cm -A -o name', 'get --raw /api/v1/configmaps', 'describe cm -A']) {
        expect((await run(product, { command })).output).toContain('shown-cm');
      }
      expect((await run(product, { tool: 'helm', command: 'list -A' })).output).toContain('shown');
      expect((await run(product, { command: 'get ns -o name' })).output).toContain(`namespace/${own}\n`);
    });

    test('what is about the hidden one is refused, and nothing in it changes', async () => {
      const told = await eachAtOnce(AT_ONCE, ABOUT, async (line) => {
        const answer = await run(product, line);
        return [line.command, verdictOf(answer), JSON.stringify(answer).includes(HIDDEN_VALUE)];
      });
      expect(told).toEqual(ABOUT.map(({ command }) => [command, 'refused', false]));
      expect(await state()).toBe(before);
    });
  });

  test('K8S_MCP_DENIED_KINDS holds for every way to a Secret, and says so', async () => {
    const product = await commandProduct({
      args: [...OPEN, '--confirm=never', '--denied-kinds=secrets,rolebindings.rbac.authorization.k8s.io'],
    });
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: new}\n';
    const denied = lines(
      'get secrets -n {{own}}',
      'get secret any -n {{own}} -o yaml',
      'get cm,secrets -n {{own}}',
      'get secrets -A',
      'describe secrets -n {{own}}',
      'get --raw /api/v1/secrets',
      'get --raw /api/v1/namespaces/{{own}}/secrets',
      'get --raw /api/v1/watch/secrets',
      'create secret generic a --from-literal=a=b -n {{own}}',
      'delete secret any -n {{own}}',
      'delete secrets --all -n {{own}}',
      { command: 'apply -f - -n {{own}}', stdin: secret },
      { command: 'create -f - -n {{own}}', stdin: secret },
      { command: 'create -f - -n {{own}} --dry-run=server', stdin: secret },
      {
        command: 'create --raw /api/v1/namespaces/{{own}}/secrets -f -',
        stdin: '{"kind":"Secret","apiVersion":"v1","metadata":{"name":"a"}}',
      },
      'set env --from=secret/any deployment/any -n {{own}}',
      'get rolebindings -A',
      'create rolebinding a --clusterrole=view --user=a -n {{own}}',
      { tool: 'helm', command: 'list -n {{own}}' },
      { tool: 'helm', command: 'list -A' },
      { tool: 'helm', command: 'status shown -n {{own}}' },
      { tool: 'helm', command: 'get values shown -n {{own}}' },
    );
    const told = await eachAtOnce(AT_ONCE, denied, async (line) => {
      const answer = await run(product, line);
      return [line.command, verdictOf(answer), JSON.stringify(answer).includes(CHART_PASSWORD)];
    });
    expect(told).toEqual(denied.map(({ command }) => [command, 'refused', false]));
    expect((await run(product, { command: 'get cm -n {{own}} -o name' })).output).toContain('configmap/shown-cm');
    await product.stop();
  });
});

/** Other suites delete what is theirs: `describe -A` lists first, and then asks for each. */
function withoutVanished(error: string | null): string {
  return (error ?? '').replaceAll(/^Error from server \(NotFound\): .*\n?/gm, '');
}

/** `refused` where policy says why; what was answered where it does not. */
function verdictOf({ status, code, success, reason = '', error, output, detail }: CommandAnswer): string {
  if (status === 403 && /^(?:namespace_denied|kind_denied)$/.test(code ?? '')) return 'refused';
  const told = /\b(?:is forbidden|is not one of the allowed|are denied|is denied|of every namespace)\b/.test(reason);
  return status === 200 && !success && told
    ? 'refused'
    : JSON.stringify({ status, code, success, reason, error, output, detail });
}
