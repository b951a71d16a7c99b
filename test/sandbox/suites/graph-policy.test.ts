/** What the operator's rules and RBAC hide stays hidden in answers from a kept graph, and no secret is in any answer. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { createSandbox, type Sandbox } from '../../../sandbox/create-sandbox.ts';
import { SHOP } from '../../../sandbox/shop/shop.ts';
import type { KubeObject } from '../../../sandbox/types.ts';
import { type GraphProduct, graphProduct } from '../../support/graph-product.ts';

/** In every name of what is hidden. */
const HIDDEN = /hush|secret-ns/;
/** What could only be known by looking into the hidden namespace: its pods, and that something is not there. */
const THERE_OR_NOT = /hush-[a-z0-9]|hush[^\n,:]{0,12}MISSING|hush[^\n,]{0,12}ready/;
/** In every value that no answer may hold. */
const CANARY = /canary-5e0a9c/i;

let sandbox: Sandbox;
let folder: string;
let kubeconfig: string;
/** What it says. */
let config: { contexts: { name: string }[] };

beforeAll(async () => {
  sandbox = createSandbox({ world: SHOP, time: 'still' });
  const { url } = await sandbox.listen(0);
  folder = mkdtempSync(join(tmpdir(), 'graph-policy-'));
  kubeconfig = join(folder, 'kubeconfig');
  const text = sandbox.kubeconfig(url);
  config = parse(text);
  writeFileSync(kubeconfig, text, { mode: 0o600 });
  for (const [kind, object] of [...hiddenObjects(), ...pointers()]) sandbox.operator.create(kind, object);
  sandbox.clock.advance(300_000);
  for (const { metadata } of pointerPods()) sandbox.operator.modify('pods', 'shop', metadata.name, tellSecrets);
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Made = [kind: string, object: KubeObject];
const meta = (name: string, namespace?: string, more: object = {}) => ({
  metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...more },
});
const core = (kind: string, name: string, namespace?: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind,
  ...meta(name, namespace),
  ...more,
});
const encoded = (text: string) => Buffer.from(text).toString('base64');

/** A namespace with something of everything, some of it broken. */
function hiddenObjects(): Made[] {
  const ns = 'secret-ns';
  const labels = { app: 'hush' };
  return [
    ['namespaces', core('Namespace', ns)],
    ['configmaps', core('ConfigMap', 'hush', ns, { data: { a: 'b' } })],
    ['secrets', core('Secret', 'hush', ns, { data: { a: encoded('canary-5e0a9c-hidden') } })],
    ['serviceaccounts', core('ServiceAccount', 'hush', ns)],
    ['services', core('Service', 'hush', ns, { spec: { selector: labels, ports: [{ port: 80 }] } })],
    [
      'deployments.apps',
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        ...meta('hush', ns),
        spec: {
          replicas: 3,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: 'main', image: 'registry.example/hush:missing' }] },
          },
        },
      },
    ],
  ];
}

/** Objects that may be seen and that name what may not, and secrets wherever people put them. */
function pointers(): Made[] {
  const labels = { app: 'pointer' };
  const env = (name: string, value: string) => ({ name, value });
  return [
    [
      'deployments.apps',
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        ...meta('pointer', 'shop', { annotations: { 'example.com/password': 'canary-5e0a9c-annotation' } }),
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              containers: [
                {
                  name: 'main',
                  image: 'https://robot:canary-5e0a9c-image@registry.example/pointer:1',
                  args: ['--password=canary-5e0a9c-argument'],
                  env: [
                    env('PEER_URL', 'http://hush.secret-ns.svc:8080/x'),
                    env('CART_URL', 'http://admin:canary-5e0a9c-userinfo@cart.shop.svc.cluster.local:8080/'),
                    env('API_TOKEN', 'canary-5e0a9c-env'),
                    { name: 'FROM', valueFrom: { secretKeyRef: { name: 'pointer', key: 'password' } } },
                    { name: 'GONE', valueFrom: { configMapKeyRef: { name: 'pointer-gone', key: 'a' } } },
                  ],
                },
              ],
            },
          },
        },
      },
    ],
    [
      'deployments.apps',
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        ...meta('pointer-caller', 'shop'),
        spec: {
          replicas: 1,
          selector: { matchLabels: { app: 'pointer-caller' } },
          template: {
            metadata: { labels: { app: 'pointer-caller' } },
            spec: {
              containers: [
                { name: 'main', image: 'pointer:1', env: [env('PEER_URL', 'http://gone.secret-ns.svc:8080')] },
              ],
            },
          },
        },
      },
    ],
    ['secrets', core('Secret', 'pointer', 'shop', { data: { password: encoded('canary-5e0a9c-secret') } })],
    ['configmaps', core('ConfigMap', 'pointer', 'shop', { data: { 'password.txt': 'canary-5e0a9c-config' } })],
    [
      'services',
      core('Service', 'pointer', 'shop', { spec: { type: 'ExternalName', externalName: 'hush.secret-ns.svc' } }),
    ],
    [
      'rolebindings.rbac.authorization.k8s.io',
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        ...meta('pointer', 'shop'),
        subjects: [{ kind: 'ServiceAccount', name: 'hush', namespace: 'secret-ns' }],
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      },
    ],
    [
      'clusterrolebindings.rbac.authorization.k8s.io',
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        ...meta('pointer'),
        subjects: [{ kind: 'ServiceAccount', name: 'hush', namespace: 'secret-ns' }],
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      },
    ],
    [
      'events',
      core('Event', 'pointer.1', 'shop', {
        involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'pointer', namespace: 'shop' },
        type: 'Warning',
        reason: 'Failed',
        message: 'cannot sign in with password=canary-5e0a9c-event at https://me:canary-5e0a9c-url@db.example/',
        count: 3,
        firstTimestamp: new Date(sandbox.clock.now()).toISOString(),
        lastTimestamp: new Date(sandbox.clock.now()).toISOString(),
      }),
    ],
  ];
}

const pointerPods = () =>
  sandbox.operator.list<KubeObject>('pods').filter(({ metadata }) => metadata.name.startsWith('pointer'));

/** As a program that prints its settings when it dies, and a runtime that repeats its command line. */
function tellSecrets(draft: KubeObject): void {
  const waiting = {
    reason: 'CrashLoopBackOff',
    message: 'back-off: exec "run --password canary-5e0a9c-waiting": token=canary-5e0a9c-command',
  };
  const terminated = {
    exitCode: 1,
    reason: 'Error',
    message: 'DB_PASSWORD=canary-5e0a9c-terminated\nAuthorization: Bearer canary-5e0a9c-bearer-0123456789',
    finishedAt: new Date(sandbox.clock.now()).toISOString(),
  };
  const condition = { type: 'Ready', status: 'False', reason: 'Failed', message: 'secret: canary-5e0a9c-condition' };
  Object.assign(draft, {
    status: {
      phase: 'Running',
      conditions: [condition],
      containerStatuses: [
        {
          name: 'main',
          image: 'https://robot:canary-5e0a9c-pulled@registry.example/pointer:1',
          imageID: '',
          ready: false,
          restartCount: 7,
          state: { waiting },
          lastState: { terminated },
        },
      ],
    },
  });
}

type Question = [tool: string, args: Record<string, unknown>];
const relations = (args: Record<string, unknown>): Question => ['k8s-relation-query', { max_depth: 10, ...args }];
const summary = (args: Record<string, unknown>): Question => ['k8s-cluster-summary', { max_size_kb: 50, ...args }];

/** A live reading asks for dozens of lists, 20 a second: `few` of the questions then. */
function questions(few = false): Question[] {
  const node = sandbox.operator.list<KubeObject>('nodes')[0]?.metadata.name ?? '';
  const targets = [
    'deployment/shop/pointer',
    'service/shop/pointer',
    'rolebinding/shop/pointer',
    'clusterrolebinding/pointer',
    'clusterrole/view',
    'configmap/shop/pointer-gone',
    'namespace/shop',
    `node/${node}`,
    'image/registry.example/hush:missing',
  ];
  const types = few
    ? ['related_resources']
    : ['related_resources', 'dependencies', 'impact_analysis', 'anomaly_correlation'];
  return [
    ...targets.flatMap((target) => types.map((query_type) => relations({ query_type, target_resources: [target] }))),
    relations({ query_type: 'cluster_topology', max_results: 1000 }),
    relations({ query_type: 'cluster_topology', resource_types: ['pods', 'secrets', 'namespaces'] }),
    relations({ query_type: 'anomaly_correlation', max_results: 1000 }),
    relations({ query_type: 'resource_path', target_resources: ['clusterrole/view', 'deployment/shop/pointer'] }),
    relations({ query_type: 'resource_path', target_resources: ['deployment/shop/pointer', `node/${node}`] }),
    relations({ target_resources: ['deployment/shop/pointr'] }),
    relations({ target_resources: ['deployment/shop/hush'] }),
    ...['cluster', 'health', 'resources', 'anomalies', 'performance'].map((scope) =>
      summary({ scope, include_details: true, anomaly_threshold: 'low', include_historical: true }),
    ),
    summary({ scope: 'namespace', focus_namespace: 'shop' }),
    summary({ scope: 'namespace', focus_namespace: 'secret-n' }),
  ];
}

/** An answer may repeat what it was asked. */
const unasked = (shown: string, args: Record<string, unknown>) =>
  Object.values(args)
    .flat()
    .filter((value): value is string => typeof value === 'string')
    .flatMap((value) => [value, value.replace(/^[^/]*\//, '')])
    .reduce((text, value) => text.replaceAll(value, ''), shown);

interface LeakOptions {
  common?: Record<string, unknown>;
  few?: boolean;
}

async function leaks(product: GraphProduct, pattern: RegExp, { common, few }: LeakOptions = {}): Promise<string[]> {
  const found: string[] = [];
  for (const [tool, args] of questions(few)) {
    const { shown } = await product.ask(tool, { ...args, ...common });
    const at = unasked(shown, args).search(pattern);
    if (at >= 0) found.push(`${JSON.stringify(args)}: ${unasked(shown, args).slice(Math.max(0, at - 120), at + 80)}`);
  }
  return found;
}

const RULES: [string, string[]][] = [
  ['forbidden', ['--forbidden-namespaces', 'secret-ns']],
  ['not among the allowed', ['--allowed-namespaces', 'shop,kube-system']],
  ['allowed and forbidden', ['--allowed-namespaces', 'shop,secret-ns', '--forbidden-namespaces', 'secret-ns']],
  [
    'one of more forbidden than a URL holds',
    ['--forbidden-namespaces', `secret-ns,${Array.from({ length: 60 }, (_, at) => `other-${at}`).join(',')}`],
  ],
];

describe.each(['lazy', 'true', 'false'])('graph mode %s', (mode) => {
  describe.each(RULES)('a namespace that is %s', (_, flags) => {
    let product: GraphProduct;
    beforeAll(async () => {
      product = await graphProduct(kubeconfig, ['--knowledge-graph', mode, ...flags]);
    });

    test('is in no answer, count, candidate, path or anomaly', async () => {
      expect(await leaks(product, HIDDEN, { few: mode === 'false' })).toEqual([]);
    });

    test('is refused by name before anything of it is looked up', async () => {
      for (const [tool, args] of [
        relations({ target_resources: ['namespace/secret-ns'] }),
        relations({ target_resources: ['pod/secret-ns/hush-0'] }),
        relations({ query_type: 'cluster_topology', focus_namespace: 'secret-ns' }),
        relations({ target_resources: ['namespace/shop'], focus_namespace: 'secret-ns' }),
        summary({ focus_namespace: 'secret-ns' }),
      ])
        expect(await product.ask(tool, args)).toMatchObject({ code: 'namespace_denied' });
    });

    test('is not counted', async () => {
      const { output } = await product.ask('k8s-cluster-summary', { scope: 'resources', max_size_kb: 50 });
      const allowed = flags.includes('--allowed-namespaces') ? ['shop', 'kube-system'] : undefined;
      const visible = sandbox.operator
        .list<KubeObject>('pods')
        .filter(
          ({ metadata: { namespace = '' } }) => namespace !== 'secret-ns' && (allowed?.includes(namespace) ?? true),
        )
        .filter(({ metadata: { namespace } }) => !flags.includes('shop,secret-ns') || namespace === 'shop');
      expect(output['cluster_stats']).toMatchObject({ resource_counts: { Pod: visible.length } });
    });

    test('is said to be left out, without its name', async () => {
      const { output } = await product.ask('k8s-cluster-summary', {});
      const { notes, namespaces } = output['coverage'] as { notes: string[]; namespaces?: string[] };
      if (flags.includes('--allowed-namespaces')) expect(namespaces).not.toContain('secret-ns');
      else expect(notes).toContain('The namespaces forbidden here are left out.');
    });
  });
});

describe('kinds that the operator denies', () => {
  test.each(['lazy', 'false'])('are in no answer; what names them is unknown, never missing (%s)', async (mode) => {
    const product = await graphProduct(kubeconfig, ['--knowledge-graph', mode, '--denied-kinds', 'secrets,configmaps']);
    const answer = await product.ask(
      ...relations({ query_type: 'dependencies', target_resources: ['deployment/shop/pointer'] }),
    );
    expect(answer.text).toMatch(/Secret shop\/pointer \(unknown: /);
    expect(answer.text).toMatch(/ConfigMap shop\/pointer-gone \(unknown: /);
    expect(answer.text).not.toMatch(/(Secret|ConfigMap) [^\n]*MISSING/);
    expect(await product.ask(...relations({ target_resources: ['secret/shop/pointer'] }))).toMatchObject({
      code: 'kind_denied',
    });
    const topology = await product.ask(...relations({ query_type: 'cluster_topology' }));
    expect(topology.shown).not.toMatch(/resource_breakdown":\{[^}]*"(Secret|ConfigMap)"/);
    const { output } = await product.ask('k8s-cluster-summary', { max_size_kb: 50, anomaly_threshold: 'low' });
    expect(Object.keys((output['cluster_stats'] as { resource_counts: object }).resource_counts)).not.toContain(
      'Secret',
    );
    expect(JSON.stringify(output['anomalies'])).not.toContain('pointer-gone');
  });
});

describe('RBAC', () => {
  test('what an identity may not list is unknown, and coverage names it', async () => {
    const product = await graphProduct(kubeconfig);
    const [tool, args] = relations({ query_type: 'dependencies', target_resources: ['deployment/shop/pointer'] });
    const admin = await product.ask(tool, args);
    expect(admin.text).toContain('ConfigMap shop/pointer-gone (MISSING)');
    expect(admin.text).toMatch(/Secret shop\/pointer[^(\n]*·/);
    const viewer = await product.ask(tool, { ...args, context: 'sandbox-viewer' });
    expect(viewer.text).toContain('Secret shop/pointer (unknown: its kind may not be read)');
    expect(viewer.text).toContain('ConfigMap shop/pointer-gone (MISSING)');
    expect(viewer.text).toContain('not visible to this identity: ');
    const { forbidden } = viewer.output['coverage'] as { forbidden: { kind: string }[] };
    expect(forbidden.map(({ kind }) => kind)).toContain('Secret');
    const { output } = await product.ask('k8s-cluster-summary', { context: 'sandbox-viewer', max_size_kb: 50 });
    expect((output['cluster_stats'] as { resource_counts: object }).resource_counts).not.toHaveProperty('Secret');
  });

  test('an identity of one namespace learns of no other, though another identity has asked before', async () => {
    const product = await graphProduct(kubeconfig);
    expect((await product.ask('k8s-cluster-summary', {})).shown).toMatch(HIDDEN);
    const developer = { context: 'sandbox-developer' };
    const { shown, output } = await product.ask('k8s-cluster-summary', { ...developer, max_size_kb: 50 });
    expect(shown).not.toMatch(HIDDEN);
    expect(output['coverage']).toMatchObject({ namespaces: ['shop'] });
    // What its own objects name it may read in them; whether that is there it may not know.
    expect(await leaks(product, THERE_OR_NOT, { common: developer })).toEqual([]);
    const other = await product.ask(...relations({ target_resources: ['deployment/secret-ns/hush'], ...developer }));
    expect(other.ok).toBe(false);
    expect(product.graphs.statuses()).toHaveLength(2);
  });
});

describe("a caller's kubeconfig", () => {
  test("is answered live, with the caller's rights, and from no graph of the operator's", async () => {
    const product = await graphProduct(kubeconfig);
    await product.ask('k8s-cluster-summary', {});
    const own = (context: string) => ({ kubeconfig: stringify({ ...config, 'current-context': context }) });
    const admin = await product.ask('k8s-cluster-summary', { focus_namespace: 'shop' }, own('sandbox'));
    expect(admin.ok, admin.text).toBe(true);
    expect(admin.output['coverage']).toMatchObject({ source: 'live' });
    const [tool, args] = relations({ query_type: 'dependencies', target_resources: ['deployment/shop/pointer'] });
    const developer = await product.ask(tool, args, own('sandbox-developer'));
    expect(developer.output['coverage']).toMatchObject({ source: 'live' });
    expect(developer.text).toContain("No graph is kept for a caller's kubeconfig: this was read live.");
    for (const [name, given] of questions(true)) {
      const { shown } = await product.ask(name, given, own('sandbox-developer'));
      expect({ given, leak: THERE_OR_NOT.exec(unasked(shown, given))?.[0] }).toEqual({ given, leak: undefined });
    }
    expect(product.graphs.statuses()).toHaveLength(1);
  });

  test('has a graph of its own where the operator allows it, shared with nobody', async () => {
    const product = await graphProduct(kubeconfig, ['--request-kubeconfig-graph']);
    await product.ask('k8s-cluster-summary', {});
    const developer = stringify({ ...config, 'current-context': 'sandbox-developer' });
    const { output, shown } = await product.ask('k8s-cluster-summary', {}, { kubeconfig: developer });
    expect(output['coverage']).toMatchObject({ source: 'graph' });
    expect(shown).not.toMatch(HIDDEN);
    expect(product.graphs.statuses()).toHaveLength(2);
  });

  test("is never what the server's own pages tell of", async () => {
    const product = await graphProduct(kubeconfig, ['--request-kubeconfig-graph']);
    await product.ask('k8s-cluster-summary', {}, { kubeconfig: stringify(config) });
    expect(product.graphs.statuses()).toHaveLength(1);
    expect(product.graphs.current()).toBeUndefined();
    await product.ask('k8s-cluster-summary', { context: 'sandbox-developer' });
    expect(product.graphs.current()).toBeUndefined();
    await product.ask('k8s-cluster-summary', {});
    expect(product.graphs.current()?.kinds).toHaveProperty('Pod');
  });
});

describe('secrets', () => {
  test.each(['lazy', 'false'])('no value of one is in any answer (%s)', async (mode) => {
    const product = await graphProduct(kubeconfig, ['--knowledge-graph', mode]);
    expect(await leaks(product, CANARY, { few: mode === 'false' })).toEqual([]);
    const pods = pointerPods();
    for (const { metadata } of pods) {
      const { shown } = await product.ask(...relations({ target_resources: [`pod/shop/${metadata.name}`] }));
      expect(shown).not.toMatch(CANARY);
    }
    expect(pods.length).toBeGreaterThan(0);
  });
});
