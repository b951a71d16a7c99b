import { beforeAll, describe, expect, test } from 'vitest';
import {
  type CallerFace,
  envelopeFace,
  mcpFieldFaces,
  mcpHeaderFaces,
  restFace,
  shellFace,
} from '../../support/caller-faces.ts';
import { callerConfig, ENCODINGS, encode, FIELD_ENCODINGS } from '../../support/callers.ts';
import { CHART } from '../../support/cli-fixtures.ts';
import { hasClis, plainCli } from '../../support/clis.ts';
import { type CommandProduct, commandProduct } from '../../support/command-product.ts';
import { controlPlane, freshNamespace, hasTestUsers, kubectl } from '../../support/control-plane.ts';
import { settled } from '../../support/process-watch.ts';
import { callTool } from '../../support/product.ts';

/** The server's own context may do nothing: what succeeds was done with the caller's kubeconfig. */
const OPTIONS = {
  args: ['--context', 'nobody', '--enable-create', '--enable-update', '--enable-delete', '--confirm', 'never'],
};

const IN_THE_SHELL = ['list_resources', 'create_resource', 'k8s-get-pods', 'kubectl', 'helm', 'istioctl', 'argocd'];

describe.skipIf(!hasTestUsers() || !hasClis())("callers' kubeconfigs", () => {
  let product: CommandProduct;
  let namespace: string;
  let faces: CallerFace[];

  beforeAll(async () => {
    [namespace, product] = await Promise.all([freshNamespace('callers'), commandProduct(OPTIONS)]);
    await kubectl(['create', 'configmap', 'who', '--from-literal=is=the-caller', '-n', namespace]);
    await kubectl(['apply', '-f', '-', '-n', namespace], { stdin: JSON.stringify(WORKLOAD) });
    await plainCli('helm', ['install', 'release', CHART, '-n', namespace], { kubeconfig: controlPlane().kubeconfig });
    await kubectl(['rollout', 'status', 'deployment/web', '-n', namespace, '--timeout=120s']);
    // Events are sent after what they tell of.
    const told = await settled(
      () => kubectl(['get', 'events', '-n', namespace, '--field-selector=reason=Scheduled', '-o', 'name']),
      (names) => names !== '',
    );
    expect(told).not.toBe('');
    faces = [
      restFace(product, 'header'),
      restFace(product, 'field'),
      envelopeFace(product, 'header'),
      envelopeFace(product, 'field'),
      envelopeFace(product, 'field', true),
      ...(await mcpHeaderFaces(product)),
      ...(await mcpFieldFaces(product, OPTIONS)),
      shellFace(OPTIONS),
    ];
  });

  test('every tool of every toolset uses them, on every transport', async () => {
    const listed = ((await (await fetch(`${product.url}/tools`)).json()) as { tools: { name: string }[] }).tools;
    const kubeconfig = encode(callerConfig({ as: 'token-admin', namespace }));
    expect(Object.keys(calls('x', 'x')).sort()).toEqual(listed.map(({ name }) => name).sort());
    const answers = await Promise.all(
      faces.map(async (face, index) => {
        const wrong: string[] = [];
        for (const [tool, [args, evidence]] of Object.entries(calls(namespace, `made-${index}`))) {
          // A process each: one tool of each kind shows it.
          if (face.name.startsWith('shell') && !IN_THE_SHELL.includes(tool)) continue;
          const { ok, text } = await face.call(tool, args, kubeconfig);
          const [head] = text.split('\n');
          if (!ok || head !== 'context: request:prod' || !evidence.test(text)) wrong.push(`${tool}: ${text}`);
        }
        return [face.name, wrong];
      }),
    );
    expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(faces.map(({ name }) => [name, []])));
  });

  /** Who the API server says that the call came from. */
  const whoami = async (face: CallerFace, kubeconfig?: string, args: Record<string, unknown> = {}) => {
    const { text } = await face.call('kubectl', { command: 'auth whoami', ...args }, kubeconfig);
    return /^Username +(\S+)$/m.exec(text)?.[1] ?? text;
  };
  const rest = (carries: 'header' | 'field') => restFace(product, carries);

  test.each(Object.entries(ENCODINGS))('they come as %s, in header and field', async (_, encoding) => {
    const kubeconfig = encoding(callerConfig({ as: 'editor' }));
    expect(await Promise.all([whoami(rest('header'), kubeconfig), whoami(rest('field'), kubeconfig)])).toEqual([
      'editor',
      'editor',
    ]);
  });

  test.each(Object.entries(FIELD_ENCODINGS))('they come as %s, in the field', async (_, encoding) => {
    const kubeconfig = encoding(callerConfig({ as: 'viewer' }));
    const args = { kind: 'configmap', name: 'who', namespace };
    expect(await whoami(rest('field'), kubeconfig)).toBe('viewer');
    expect((await rest('field').call('get_resource', args, kubeconfig)).text).toContain('is: the-caller');
  });

  describe('with several contexts', () => {
    const users = ['admin', 'viewer', 'editor', 'nobody', 'token-admin'];
    const everybody = () => encode(callerConfig(...users.map((as) => ({ as, name: `at-${as}`, namespace }))));

    test.each(users)('the argument context chooses %s, in every toolset', async (as) => {
      const context = `at-${as}`;
      const mayRead = as !== 'nobody' && as !== 'editor';
      const [list, pods, ...names] = await Promise.all([
        rest('header').call('get_resource', { kind: 'configmap', name: 'who', context }, everybody()),
        rest('header').call('k8s-get-pods', { context }, everybody()),
        whoami(rest('header'), everybody(), { context }),
        whoami(rest('field'), everybody(), { context: `request:${context}` }),
        whoami(rest('header'), everybody(), { command: `auth whoami --context ${context}` }),
      ]);
      expect(names).toEqual([as, as, as]);
      expect(list).toMatchObject({
        ok: mayRead,
        text: expect.stringContaining(mayRead ? `context: request:${context}` : as),
      });
      expect(pods).toMatchObject({ ok: mayRead, text: expect.stringContaining(mayRead ? 'shop' : as) });
    });

    test("the first is the current one; the server's own are not among them", async () => {
      expect(await whoami(rest('header'), everybody())).toBe('admin');
      for (const args of [{ context: 'token-admin' }, { command: 'get pods --context token-admin' }]) {
        const { ok, text } = await rest('header').call('kubectl', { command: 'auth whoami', ...args }, everybody());
        expect({ ok, text }).toEqual({
          ok: false,
          text: 'unknown_context: The context "token-admin" is not in the kubeconfig.',
        });
      }
    });

    test('kubectl config shows none but the one that is used', async () => {
      const { text } = await rest('header').call('kubectl', { command: 'config get-contexts -o name' }, everybody());
      expect(text).toBe('context: request:at-admin\nat-admin');
    });
  });

  test('the header beats the field', async () => {
    const [header, field] = [encode(callerConfig({ as: 'viewer' })), encode(callerConfig({ as: 'token-admin' }))];
    const own = faces.filter(({ carries }) => carries === 'header');
    expect(own).toHaveLength(5);
    expect(await Promise.all(own.map((face) => whoami(face, header, { kubeconfig: field })))).toEqual(
      own.map(() => 'viewer'),
    );
    const both = await product.call(
      'kubectl',
      { command: 'auth whoami', kubeconfig: 'not one' },
      { headers: { 'x-kubeconfig': header } },
    );
    expect(both).toMatchObject({ status: 200, body: { success: true } });
  });

  test('within one session each message has its own, or none', async () => {
    const sessions = faces.filter(({ name }) => /^(?:Streamable HTTP|SSE).*header/.test(name));
    expect(sessions).toHaveLength(3);
    const callers = ['viewer', undefined, 'editor', 'token-admin', undefined, 'viewer'];
    for (const session of sessions) {
      const asked = callers.map((as) => whoami(session, as === undefined ? undefined : encode(callerConfig({ as }))));
      expect(await Promise.all(asked)).toEqual(callers.map((as) => as ?? 'nobody'));
    }
  });

  test('the header of the request that opened an SSE stream counts for nothing', async () => {
    const kubeconfig = encode(callerConfig({ as: 'token-admin' }));
    const onlyOnGet: typeof fetch = (input, init = {}) => {
      const headers = new Headers(init.headers);
      if ((init.method ?? 'GET') === 'GET') headers.set('x-kubeconfig', kubeconfig);
      return fetch(input, { ...init, headers });
    };
    const client = await product.client('2025', { sse: true, fetch: onlyOnGet });
    expect((await callTool(client, 'kubectl', { command: 'auth whoami' })).text).toMatch(/^Username +nobody$/m);
  });

  test("an empty one is refused, and never the server's own cluster in its place; so is a field that is no text", async () => {
    for (const [args, headers] of [
      [{}, { 'x-kubeconfig': '' }],
      [{ kubeconfig: '' }, {}],
      [{ kubeconfig: ' \n' }, {}],
    ] as [Record<string, unknown>, Record<string, string>][]) {
      const answer = await product.run('kubectl', 'auth whoami', args, headers);
      expect(answer).toMatchObject({ status: 400, problems: [{ field: 'kubeconfig', problem: 'is empty' }] });
    }
    for (const kubeconfig of [7, {}, ['a']]) {
      expect(await product.run('kubectl', 'auth whoami', { kubeconfig })).toMatchObject({
        status: 400,
        code: 'invalid_argument',
        problems: [{ field: 'kubeconfig', problem: 'must be a base64 string' }],
      });
    }
  });

  test('argocd, which asks for ever what the cluster does not allow, is ended with the reason', async () => {
    const answer = await product.run('argocd', 'app list', { kubeconfig: encode(callerConfig({ as: 'viewer' })) });
    expect(answer).toMatchObject({
      status: 200,
      success: false,
      reason:
        'The cluster does not let this identity list secrets in the namespace argocd, and argocd cannot do without it.',
    });
  });
});

const WORKLOAD = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'web:1' }] } },
      },
    },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { ports: [{ port: 80 }] } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'shop' },
      spec: { containers: [{ name: 'app', image: 'shop:1' }] },
    },
  ],
};

/** One call of each tool, and what its answer says only to somebody who may do it. */
function calls(namespace: string, made: string): Record<string, [args: Record<string, unknown>, evidence: RegExp]> {
  const configMap = (color: string) =>
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: made, namespace }, data: { color } });
  return {
    list_resources: [{ kind: 'configmaps', namespace }, /\bwho\b/],
    get_resource: [{ kind: 'configmap', name: 'who', namespace }, /is: the-caller/],
    'k8s-cluster-summary': [{ scope: 'namespace', focus_namespace: namespace }, /read live/],
    'k8s-relation-query': [{ target_resources: [`configmap/${namespace}/who`] }, /related to ConfigMap \S+\/who/],
    create_resource: [{ manifest: configMap('red') }, new RegExp(`${made}.*created|created.*${made}`)],
    update_resource: [{ manifest: configMap('blue') }, /blue/],
    delete_resource: [{ kind: 'configmap', name: made, namespace }, /deleted/],
    get_api_resources: [{ filter: 'configmaps' }, /configmaps/],
    'k8s-get-pods': [{ namespace }, /shop/],
    'k8s-get-nodes': [{}, /node-0/],
    'k8s-get-deployments': [{ namespace }, /web/],
    'k8s-get-services': [{ namespace }, /web/],
    'k8s-get-events': [{ namespace }, /Scheduled/],
    'k8s-get-logs': [{ pod_name: 'deployment/web', namespace }, /GET \/healthz 200/],
    'k8s-describe-pod': [{ pod_name: 'shop', namespace }, /shop:1/],
    'k8s-scale-deployment': [{ name: 'web', replicas: 2, namespace, dryRun: true }, /2/],
    kubectl: [{ command: 'auth whoami' }, /^Username +token-admin$/m],
    helm: [{ command: 'list', namespace }, /^release\t/m],
    istioctl: [{ command: 'version' }, /client version/],
    argocd: [{ command: 'version --client' }, /argocd: v/],
  };
}
