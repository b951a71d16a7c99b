/** The wire on a real server: every kind of Kubernetes itself, listed and watched as JSON and as protobuf, holds the same objects. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/kernel/clock.ts';
import type { KubeObject } from '../../../src/kernel/vocabulary.ts';
import { createClusters } from '../../../src/kube/clusters.ts';
import { createKubeconfigStore } from '../../../src/kube/kubeconfig/store.ts';
import { messageOfKind } from '../../../src/kube/protobuf/messages.ts';
import { masked } from '../../../src/kube/testing/masked.ts';
import { createTransport } from '../../../src/kube/transport/create-transport.ts';
import type { CallScope, Transport } from '../../../src/kube/transport/types.ts';
import type { ApiResource } from '../../../src/kube/types.ts';
import { createWire } from '../../../src/kube/watch/create-wire.ts';
import type { WatchTarget, Wire } from '../../../src/kube/watch/types.ts';
import { controlPlane, freshNamespace, hasControlPlane, kubectl } from '../../support/control-plane.ts';

const ALL: CallScope = { decide: () => ({ allow: true }) };
const NEVER = new AbortController().signal;
/** Nothing of it is known by name: every member that a kind of Kubernetes has beside its metadata. */
const FIELDS = [
  'spec,status,data,binaryData,stringData,immutable,type,rules,roleRef,subjects,aggregationRule,secrets,imagePullSecrets',
  'automountServiceAccountToken,endpoints,ports,addressType,subsets,webhooks,provisioner,parameters,reclaimPolicy',
  'volumeBindingMode,allowVolumeExpansion,mountOptions,allowedTopologies,value,globalDefault,description,preemptionPolicy',
  'handler,overhead,scheduling,template,revision,involvedObject,reason,message,source,firstTimestamp,lastTimestamp,count',
  'eventTime,series,action,related,reportingComponent,reportingInstance,reportingController,regarding,note',
  'deprecatedSource,deprecatedFirstTimestamp,deprecatedLastTimestamp,deprecatedCount,capacity,maximumVolumeSize,nodeTopology',
  'storageClassName,driverName,conditions',
].flatMap((line) => line.split(','));

const MANIFEST = {
  kind: 'List',
  apiVersion: 'v1',
  items: [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: 'ä' }, binaryData: { b: 'AAEC' } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's' },
      spec: { selector: { app: 'a' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd', labels: { app: 'a' } },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'a' } },
        strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: 1 } },
        template: {
          metadata: { labels: { app: 'a' } },
          spec: {
            containers: [
              {
                name: 'c',
                image: 'example.invalid/i:1',
                resources: { requests: { cpu: '0.1', memory: '64Mi' } },
                livenessProbe: { httpGet: { port: 'http', path: '/' } },
                env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'c', key: 'a', optional: true } } }],
              },
            ],
            volumes: [{ name: 'v', configMap: { name: 'c' } }],
          },
        },
      },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'j' },
      spec: {
        schedule: '0 0 1 1 *',
        suspend: true,
        jobTemplate: {
          spec: {
            template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'example.invalid/i' }] } },
          },
        },
      },
    },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'h' },
      spec: {
        maxReplicas: 3,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' },
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
        ],
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'b' },
      spec: { minAvailable: '50%', selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['a'] }] } },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'i' },
      spec: {
        rules: [
          {
            host: 'a.example.com',
            http: {
              paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 's', port: { name: 'http' } } } }],
            },
          },
        ],
      },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'n' },
      spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 'http' }, { port: 80 }] }] },
    },
  ],
};

describe.skipIf(!hasControlPlane())('every kind of Kubernetes itself', () => {
  let resources: readonly ApiResource[];
  let json: Wire;
  let auto: Wire;
  let close: () => Promise<void>;
  /** Of the answers to the wire that may have protobuf. */
  const types: string[] = [];

  beforeAll(async () => {
    const namespace = await freshNamespace('g6-wire');
    await kubectl(['apply', '-n', namespace, '-f', '-'], { stdin: JSON.stringify(MANIFEST) });
    const { kubeconfig } = controlPlane();
    const paths = { explicitPath: kubeconfig, kubeconfigPath: undefined, kubeconfig: undefined };
    const store = createKubeconfigStore(
      { ...paths, home: '/nowhere', processEnv: {} },
      { clock: systemClock, shutdown: NEVER },
    );
    let transport: Transport | undefined;
    const clusters = createClusters(store, {
      openTransport(connection) {
        transport = createTransport(connection);
        return transport;
      },
    });
    close = () => clusters.close();
    const cluster = await clusters.get(undefined);
    const snapshot = await cluster.mapper.snapshot(NEVER);
    resources = snapshot.resources.filter(
      (resource) => resource.verbs.includes('watch') && messageOfKind(resource) !== undefined,
    );
    if (transport === undefined) throw new Error('no transport was opened');
    json = createWire(transport, ALL, { encoding: 'json' });
    const { send } = transport;
    auto = createWire(
      {
        ...transport,
        async send(request) {
          const answer = await send(request);
          types.push(`${answer.status} ${answer.headers['content-type']?.split(';')[0]}`);
          return answer;
        },
      },
      ALL,
    );
  });
  afterAll(() => close?.());

  test('is listed alike', async () => {
    expect(resources.length).toBeGreaterThan(35);
    for (const resource of resources) await sameBy(listed, { resource, depth: 'object', fields: FIELDS });
    for (const resource of resources) {
      const objects = await listed(json, { resource, depth: 'object', fields: [] });
      const known = [...FIELDS, 'apiVersion', 'kind', 'metadata'];
      expect(objects.flatMap((object) => Object.keys(object)).filter((key) => !known.includes(key))).toEqual([]);
    }
  });

  test('is watched alike', async () => {
    for (const resource of resources) await sameBy(watched, { resource, depth: 'object', fields: FIELDS });
  });

  test('has the same metadata alone', async () => {
    for (const resource of resources) {
      await sameBy(listed, { resource, depth: 'metadata', fields: [] });
      await sameBy(watched, { resource, depth: 'metadata', fields: [] });
    }
  });

  test('came as protobuf', () => {
    expect([...new Set(types)]).toEqual(['200 application/vnd.kubernetes.protobuf']);
  });

  test('is refused in either encoding with code and reason', async () => {
    const [resource] = resources;
    if (resource === undefined) throw new Error('no resource');
    const target: WatchTarget = { resource, depth: 'object', fields: [] };
    const parameters = { limit: 5, continue: 'not a token' };
    for (const wire of [json, auto]) {
      await expect(wire.list(target, parameters, keep, NEVER)).rejects.toMatchObject({
        failure: { kind: 'status', code: 400, reason: 'BadRequest' },
      });
    }
  });

  /** The cluster lives on meanwhile: what differs is read again. */
  async function sameBy(read: (wire: Wire, target: WatchTarget) => Promise<KubeObject[]>, target: WatchTarget) {
    const { group, kind } = target.resource;
    await expect(
      (async () => {
        const seen = { timeout: 60_000, interval: 100 };
        await expect
          .poll(async () => {
            const [one, other] = [await read(json, target), await read(auto, target)];
            return JSON.stringify(told(one)) === JSON.stringify(told(other)) ? 'the same' : [told(one), told(other)];
          }, seen)
          .toBe('the same');
      })(),
      `${kind}.${group}`,
    ).resolves.toBeUndefined();
  }
});

const keep = (object: KubeObject) => object;

async function listed(wire: Wire, target: WatchTarget): Promise<KubeObject[]> {
  const objects: KubeObject[] = [];
  let token: string | undefined;
  do {
    const page = await wire.list(target, { limit: 3, ...(token && { continue: token }) }, keep, NEVER);
    objects.push(...page.items);
    token = page.continue;
  } while (token !== undefined);
  return objects;
}

async function watched(wire: Wire, target: WatchTarget): Promise<KubeObject[]> {
  const objects: KubeObject[] = [];
  const parameters = { resourceVersion: '', timeoutSeconds: 30, initialEvents: true } as const;
  const stop = new AbortController();
  for await (const batch of wire.watch(target, parameters, keep, { signal: stop.signal, onOpen: () => {} })) {
    for (const event of batch) {
      if (event.type === 'ADDED') objects.push(event.object);
      else if (event.type === 'BOOKMARK' && event.initialEventsEnd) return objects;
    }
  }
  throw new Error('the watch ended before its initial events did');
}

/** By uid, members by name, without what protobuf does not tell: types within claim templates. */
/** Namespaces that are not this suite's nor the server's own belong to suites that run meanwhile: what lives there never rests. */
const RESTS = /^(?:$|default$|kube-|g6-wire-)/;

function told(objects: readonly KubeObject[]): unknown {
  const byUid = objects
    .filter(({ metadata }) => RESTS.test(metadata?.namespace ?? ''))
    .sort((a, b) => ((a.metadata?.uid ?? '') < (b.metadata?.uid ?? '') ? -1 : 1));
  return sorted(byUid.map((object) => masked(object, FIELDS)));
}

function sorted(value: unknown, within = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => sorted(item, within));
  if (typeof value !== 'object' || value === null) return value;
  const pairs = Object.entries(value)
    .filter(([key]) => !(within === 'volumeClaimTemplates' && (key === 'apiVersion' || key === 'kind')))
    .map(([key, member]) => [key, sorted(member, key)] as const);
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}
