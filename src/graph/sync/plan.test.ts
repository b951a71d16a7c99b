import { expect, test } from 'vitest';
import { BOATS, NAMESPACES, PODS, resource } from '../../../test/support/scripted-sync.ts';
import { planKinds } from './plan.ts';

const all = () => undefined;
const kindsOf = (resources: Parameters<typeof planKinds>[0]['resources']) =>
  planKinds({ resources, failures: [] }, all).kinds.map(({ kind }) => kind);

test('namespaces and nodes come first, then definitions, workloads, pods, services, the rest, and events last', () => {
  const kinds = kindsOf([
    resource('Event'),
    BOATS,
    resource('Service'),
    PODS,
    resource('Deployment', { group: 'apps' }),
    resource('CustomResourceDefinition', { group: 'apiextensions.k8s.io' }),
    resource('Secret'),
    resource('Node'),
    NAMESPACES,
  ]);
  expect(kinds).toEqual([
    'Namespace',
    'Node',
    'CustomResourceDefinition.apiextensions.k8s.io',
    'Deployment.apps',
    'Pod',
    'Service',
    'Secret',
    'Boat.sea.example.com',
    'Event',
  ]);
});

test('a kind is read once, in the version that its group prefers, or the first that can be watched', () => {
  const old = { ...BOATS, version: 'v1beta1', preferred: false };
  const { kinds } = planKinds({ resources: [old, BOATS], failures: [] }, all);
  expect(kinds.map(({ resource: { version } }) => version)).toEqual(['v1']);
  const unwatched = { ...BOATS, verbs: ['get', 'list'] };
  const watched = planKinds({ resources: [unwatched, old], failures: [] }, all);
  expect(watched.kinds.map(({ resource: { version } }) => version)).toEqual(['v1beta1']);
});

test('events once; no measurements, no Leases, nothing that cannot be listed', () => {
  const plan = planKinds(
    {
      resources: [
        resource('Event'),
        resource('Event', { group: 'events.k8s.io' }),
        resource('PodMetrics', { group: 'metrics.k8s.io', resource: 'pods' }),
        resource('Lease', { group: 'coordination.k8s.io' }),
        resource('ComponentStatus', { verbs: ['get', 'list'] }),
        resource('Report', { group: 'aggregated.example.com', verbs: ['get', 'list'] }),
        resource('TokenReview', { group: 'authentication.k8s.io', verbs: ['create'] }),
      ],
      failures: [],
    },
    all,
  );
  expect(plan.kinds.map(({ kind }) => kind)).toEqual(['Event']);
  expect(plan.left).toEqual([
    {
      kind: 'Lease.coordination.k8s.io',
      reason: 'renewed every few seconds, says nothing of what depends on what',
    },
    { kind: 'Report.aggregated.example.com', reason: 'cannot be watched' },
  ]);
});

test('what is denied is left with the reason', () => {
  const denied = ({ kind }: { kind: string }) => (kind === 'Pod' ? 'not here' : undefined);
  const plan = planKinds({ resources: [NAMESPACES, PODS], failures: [] }, denied);
  expect(plan.kinds.map(({ kind }) => kind)).toEqual(['Namespace']);
  expect(plan.left).toEqual([{ kind: 'Pod', reason: 'not here' }]);
});
