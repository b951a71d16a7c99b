/** What is in a hidden namespace changes nothing of what is told: no name, no count, no severity. */
import { describe, expect, it } from 'vitest';
import { createClock } from '../../sandbox/clock.ts';
import { COVERAGE } from '../../test/support/coverage.ts';
import { graphOf } from '../graph/testing.ts';
import type { Visibility } from '../graph/types.ts';
import type { KubeObject } from '../kernel/vocabulary.ts';
import { createMonitor } from './create-monitor.ts';
import { DETECTORS } from './detectors/index.ts';
import { summarise } from './summary/collect.ts';
import { rendererOf } from './summary/render.ts';

const HIDDEN = 'secret-ns';
/** In every name of what is hidden. */
const NAMES = /hush|secret-ns/;
const BEGAN = '2026-11-22T10:00:00Z';
const HOUR = 3_600_000;
const LATER = Date.parse('2026-11-22T12:00:00Z');

function made(apiVersion: string, kind: string, at: string, more: object = {}, meta: object = {}): KubeObject {
  const [namespace, name = ''] = at.includes('/') ? at.split('/') : [undefined, at];
  const metadata = { name, uid: `${kind}:${at}`, creationTimestamp: BEGAN, ...meta };
  return { apiVersion, kind, metadata: namespace === undefined ? metadata : { ...metadata, namespace }, ...more };
}

const condition = (type: string, status: string) => ({
  type,
  status,
  reason: 'Because',
  message: 'it does not work',
  lastTransitionTime: BEGAN,
});
const crashing = (at: string, more: object = {}, meta: object = {}) =>
  made(
    'v1',
    'Pod',
    at,
    {
      spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'registry.example/c:1', ...more }] },
      status: {
        phase: 'Running',
        startTime: BEGAN,
        conditions: [condition('Ready', 'False')],
        containerStatuses: [
          {
            name: 'c',
            ready: false,
            restartCount: 9,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: '2026-11-22T11:59:00Z' } },
          },
        ],
      },
    },
    meta,
  );

/** What may be seen, some of it broken, some of it leading to what may not. */
const SEEN: KubeObject[] = [
  made('v1', 'Namespace', 'shop', { status: { phase: 'Active' } }),
  made('v1', 'Node', 'n1', { status: { conditions: [condition('Ready', 'False')] } }),
  crashing('shop/cart', { env: [{ name: 'PEER_URL', value: 'http://hush.secret-ns.svc:80' }] }),
  crashing('shop/orders', { env: [{ name: 'CART_URL', value: 'http://carts.shop.svc:80' }] }),
  made('v1', 'Service', 'shop/alias', {
    spec: { type: 'ExternalName', externalName: 'hush.secret-ns.svc.cluster.local' },
  }),
  crashing('shop/client', { env: [{ name: 'ALIAS_URL', value: 'http://alias.shop.svc' }] }),
  made('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'guard', {
    webhooks: [
      {
        name: 'guard.example.com',
        failurePolicy: 'Fail',
        clientConfig: { service: { namespace: HIDDEN, name: 'hush' } },
        rules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] }],
      },
    ],
  }),
  made('apiregistration.k8s.io/v1', 'APIService', 'v1.sea.example.com', {
    spec: { group: 'sea.example.com', version: 'v1', service: { namespace: HIDDEN, name: 'hush' } },
    status: { conditions: [condition('Available', 'False')] },
  }),
  made('v1', 'PersistentVolume', 'pv-1', {
    spec: { claimRef: { kind: 'PersistentVolumeClaim', namespace: HIDDEN, name: 'hush-data' } },
    status: { phase: 'Failed' },
  }),
  made('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'pointer', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'gone' },
    subjects: [{ kind: 'ServiceAccount', namespace: HIDDEN, name: 'hush' }],
  }),
  made('rbac.authorization.k8s.io/v1', 'RoleBinding', 'shop/pointer', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'gone' },
    subjects: [{ kind: 'ServiceAccount', namespace: HIDDEN, name: 'hush' }],
  }),
  made('gateway.networking.k8s.io/v1', 'HTTPRoute', 'shop/web', {
    spec: {
      parentRefs: [{ name: 'hush', namespace: HIDDEN }],
      rules: [{ backendRefs: [{ name: 'hush', namespace: HIDDEN, port: 80 }] }],
    },
  }),
];

const labels = { app: 'hush' };
/** A namespace with something of everything, most of it broken. */
const UNSEEN: KubeObject[] = [
  made('v1', 'Namespace', HIDDEN, { status: { phase: 'Terminating' } }, { deletionTimestamp: BEGAN }),
  ...['a', 'b', 'c'].map((name) => crashing(`${HIDDEN}/hush-${name}`, {}, { labels })),
  made('v1', 'Service', `${HIDDEN}/hush`, { spec: { selector: labels, ports: [{ port: 80 }] } }),
  made('v1', 'Service', `${HIDDEN}/carts`, { spec: { selector: labels, ports: [{ port: 80 }] } }),
  made('v1', 'ServiceAccount', `${HIDDEN}/hush`),
  made('v1', 'PersistentVolumeClaim', `${HIDDEN}/hush-data`, {
    spec: { storageClassName: 'gone', volumeName: 'pv-1' },
    status: { phase: 'Pending' },
  }),
  made('apps/v1', 'Deployment', `${HIDDEN}/hush`, {
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [] } },
    },
    status: { replicas: 3, unavailableReplicas: 3, conditions: [condition('Available', 'False')] },
  }),
  made('networking.k8s.io/v1', 'Ingress', `${HIDDEN}/hush`, {
    spec: { ingressClassName: 'gone', defaultBackend: { service: { name: 'hush-gone', port: { number: 80 } } } },
  }),
  // What depends on what may be seen: it counts into no reach.
  made('v1', 'Pod', `${HIDDEN}/hush-client`, {
    spec: {
      containers: [
        { name: 'c', image: 'registry.example/c:1', env: [{ name: 'A_URL', value: 'http://carts.shop.svc' }] },
      ],
    },
    status: { phase: 'Running' },
  }),
];

const visibility: Visibility = { kind: () => true, namespace: (name: string) => name !== HIDDEN };

async function told(objects: readonly KubeObject[], seen: Visibility = visibility) {
  const { graph } = graphOf(objects);
  let now = LATER;
  const clock = { ...createClock('still'), now: () => now };
  const view = graph.view(seen);
  const monitor = createMonitor({ graph, detectors: DETECTORS, clock, view: () => view });
  monitor.findings();
  // What is to hold for a while has held.
  now += HOUR;
  const known = await monitor.within(Number.POSITIVE_INFINITY);
  const question = { detailed: true, threshold: 1, lenient: true, kinds: [] } as const;
  const answers = (['cluster', 'anomalies', 'resources', 'health'] as const).map((scope) => {
    const summary = summarise({ ...question, scope, namespace: undefined }, { view, known, coverage: COVERAGE, now });
    return { summary, text: rendererOf(summary)(50 * 1024) };
  });
  const { findings } = known;
  const history = known.history();
  monitor.stop();
  return { answers, findings, history };
}

describe('a hidden namespace', () => {
  it('has no finding, and is neither root nor evidence nor symptom of one', async () => {
    const { answers, findings, history } = await told([...SEEN, ...UNSEEN]);
    expect([...findings, ...history].filter((one) => NAMES.test(JSON.stringify(one)))).toEqual([]);
    for (const { summary, text } of answers) {
      expect(JSON.stringify(summary)).not.toMatch(NAMES);
      expect(text).not.toMatch(NAMES);
    }
    const [whole] = answers;
    expect(whole?.summary.anomalies.map(({ root }) => root.name)).toContain('n1');
    expect(findings.length).toBeGreaterThan(5);
    // Whoever may see it is told of it, of what leads to it too.
    const all = await told([...SEEN, ...UNSEEN], { kind: () => true, namespace: () => true });
    const named = all.findings.filter((finding) => NAMES.test(JSON.stringify(finding)));
    expect(named.length).toBeGreaterThan(10);
    expect(named.map(({ object }) => object.name)).toEqual(expect.arrayContaining(['guard', 'web']));
  });

  it('changes nothing of what is told by being there', async () => {
    expect(await told([...SEEN, ...UNSEEN])).toEqual(await told(SEEN));
  });
});
