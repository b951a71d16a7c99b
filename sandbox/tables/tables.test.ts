import { expect, test } from 'vitest';
import type { KubeObject, ResourceInfo } from '../types.ts';
import { createTables } from './create-tables.ts';

const NOW = Date.parse('2026-01-01T02:00:00Z');
const tables = createTables(() => NOW);

const resource = (id: string, more: Partial<ResourceInfo> = {}) =>
  ({ id, origin: 'builtin', versions: [], ...more }) as unknown as ResourceInfo;

const shown = (id: string, object: Omit<KubeObject, 'apiVersion' | 'kind'>) => {
  const { columns, row } = tables(resource(id), 'v1');
  const { cells, conditions } = row({ apiVersion: 'v1', kind: 'Any', ...object } as KubeObject);
  return { ...Object.fromEntries(columns.map(({ name }, at) => [name, cells[at]])), ...(conditions && { conditions }) };
};

const metadata = { name: 'web', namespace: 'shop', creationTimestamp: '2026-01-01T00:00:00Z' };
const spec = { containers: [{ name: 'a' }, { name: 'b' }] };
const running = { running: { startedAt: '2026-01-01T00:00:10Z' } };

test('a running pod', () => {
  const status = {
    phase: 'Running',
    podIPs: [{ ip: '10.0.0.7' }],
    containerStatuses: [
      { name: 'a', ready: true, restartCount: 0, state: running },
      {
        name: 'b',
        ready: false,
        restartCount: 2,
        state: running,
        lastState: { terminated: { exitCode: 1, finishedAt: '2026-01-01T01:55:00Z' } },
      },
    ],
  };
  expect(shown('pods', { metadata, spec: { ...spec, nodeName: 'node-1' }, status })).toEqual({
    Name: 'web',
    Ready: '1/2',
    Status: 'Running',
    Restarts: '2 (5m ago)',
    Age: '120m',
    IP: '10.0.0.7',
    Node: 'node-1',
    'Nominated Node': '<none>',
    'Readiness Gates': '<none>',
  });
});

test.each([
  ['CrashLoopBackOff', { state: { waiting: { reason: 'CrashLoopBackOff' } } }],
  ['OOMKilled', { state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }],
  ['ExitCode:3', { state: { terminated: { exitCode: 3 } } }],
  ['Signal:9', { state: { terminated: { exitCode: 0, signal: 9 } } }],
  ['Completed', { state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
])('a pod whose container says %s', (word, container) => {
  const status = { phase: 'Running', containerStatuses: [{ name: 'a', ready: false, restartCount: 0, ...container }] };
  expect(shown('pods', { metadata, spec: { containers: [{ name: 'a' }] }, status })).toMatchObject({ Status: word });
});

test.each([
  [
    'Init:1/2',
    [
      { name: 'i', state: { terminated: { exitCode: 0 } } },
      { name: 'j', state: running },
    ],
  ],
  ['Init:CrashLoopBackOff', [{ name: 'i', state: { waiting: { reason: 'CrashLoopBackOff' } } }]],
  ['Init:Error', [{ name: 'i', state: { terminated: { exitCode: 1, reason: 'Error' } } }]],
])('a pod that is at %s', (word, initContainerStatuses) => {
  const status = { phase: 'Pending', initContainerStatuses, containerStatuses: [] };
  const object = { metadata, spec: { ...spec, initContainers: [{ name: 'i' }, { name: 'j' }] }, status };
  expect(shown('pods', object)).toMatchObject({ Status: word, Ready: '0/2' });
});

test('a pod that is going, one that went, one that is gated', () => {
  const going = { ...metadata, deletionTimestamp: '2026-01-01T01:59:00Z' };
  const containerStatuses = [{ name: 'a', ready: true, restartCount: 0, state: running }];
  expect(shown('pods', { metadata: going, spec, status: { phase: 'Running', containerStatuses } })).toMatchObject({
    Status: 'Terminating',
  });
  expect(shown('pods', { metadata, spec, status: { phase: 'Succeeded' } })).toMatchObject({
    Status: 'Succeeded',
    conditions: [
      { type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' },
    ],
  });
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }];
  expect(shown('pods', { metadata, spec, status: { phase: 'Pending', conditions } })).toMatchObject({
    Status: 'SchedulingGated',
  });
});

test('workloads, services, claims and quotas', () => {
  const template = { spec: { containers: [{ name: 'a', image: 'x:1' }] } };
  const selector = {
    matchLabels: { app: 'web' },
    matchExpressions: [{ key: 'tier', operator: 'In', values: ['b', 'a'] }],
  };
  expect(
    shown('deployments.apps', { metadata, spec: { replicas: 3, selector, template }, status: { readyReplicas: 2 } }),
  ).toEqual({
    Name: 'web',
    Ready: '2/3',
    'Up-to-date': 0,
    Available: 0,
    Age: '120m',
    Containers: 'a',
    Images: 'x:1',
    Selector: 'app=web,tier in (a,b)',
  });
  expect(
    shown('services', { metadata, spec: { type: 'LoadBalancer', ports: [{ port: 80, nodePort: 30_080 }] } }),
  ).toMatchObject({
    'Cluster-IP': '<none>',
    'External-IP': '<pending>',
    'Port(s)': '80:30080/TCP',
    Selector: '<none>',
  });
  expect(shown('persistentvolumeclaims', { metadata, spec: {}, status: { phase: 'Pending' } })).toMatchObject({
    Status: 'Pending',
    Capacity: '',
    StorageClass: '',
    VolumeMode: '<unset>',
  });
  expect(
    shown('resourcequotas', {
      metadata,
      status: { hard: { pods: '5', 'limits.cpu': '2' }, used: { pods: '1', 'limits.cpu': '500m' } },
    }),
  ).toMatchObject({ Request: 'pods: 1/5', Limit: 'limits.cpu: 500m/2' });
});

test('a custom kind prints what its columns name, with the value that is there', () => {
  const printerColumns = [
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' },
    { name: 'Owner', type: 'string', jsonPath: '.metadata.annotations.example\\.com/owner', description: 'who' },
    { name: 'Made', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Hosts', type: 'string', jsonPath: '.spec.hosts', priority: 1 },
    { name: 'Absent', type: 'boolean', jsonPath: '.spec.nothing' },
  ];
  const versions = [{ version: 'v1', verbs: [], subresources: {}, printerColumns }];
  const { columns, row } = tables(resource('w.x.io', { origin: 'custom', versions }), 'v1');
  const object: KubeObject = {
    apiVersion: 'x.io/v1',
    kind: 'W',
    metadata: { ...metadata, annotations: { 'example.com/owner': 'ana' } },
    spec: { replicas: 2, hosts: ['a', 'b'] },
    status: {
      conditions: [
        { type: 'Synced', status: 'False' },
        { type: 'Ready', status: 'True' },
      ],
    },
  };
  expect(row(object).cells).toEqual(['web', 'True', 2, 'ana', '120m', '["a","b"]', null]);
  expect(columns.map(({ description }) => description).slice(1, 4)).toEqual([
    'Custom resource definition column (in JSONPath format): .status.conditions[?(@.type=="Ready")].status',
    'Custom resource definition column (in JSONPath format): .spec.replicas',
    'who',
  ]);
  expect(columns.at(-2)).toMatchObject({ name: 'Hosts', priority: 1 });
});
