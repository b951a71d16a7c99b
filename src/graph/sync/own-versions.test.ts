import { expect, test } from 'vitest';
import { BOATS, object, PODS, resource, scriptedCluster } from '../../../test/support/scripted-sync.ts';
import { started } from '../../../test/support/started-sync.ts';
import { graphOf } from '../testing.ts';
import { hasOwnVersions } from './own-versions.ts';

const DEPLOYMENTS = resource('Deployment', { group: 'apps' });
const SLICES = resource('EndpointSlice', { group: 'discovery.k8s.io' });

const service = (name: string, spec: Record<string, unknown>) => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name, uid: `uid-${name}`, resourceVersion: '1' },
  spec,
});

test('versions of a kind that an aggregated API serves are not the API server’s own; those of definitions are', () => {
  const { graph, apply, remove } = graphOf([
    service('v1.', { version: 'v1' }),
    service('v1.apps', { group: 'apps', version: 'v1' }),
  ]);
  expect(hasOwnVersions(graph, PODS)).toBe(true);
  expect(hasOwnVersions(graph, DEPLOYMENTS)).toBe(true);
  const aggregated = service('v1.sea.example.com', {
    group: 'sea.example.com',
    version: 'v1',
    service: { namespace: 'sea', name: 'boats' },
  });
  apply(aggregated);
  expect(hasOwnVersions(graph, BOATS)).toBe(false);
  expect(hasOwnVersions(graph, { ...BOATS, version: 'v2' })).toBe(false);
  remove(aggregated);
  apply(service('v1.sea.example.com', { group: 'sea.example.com', version: 'v1' }));
  expect(hasOwnVersions(graph, BOATS)).toBe(true);
});

test('where APIServices are not known, only the versions of what is of Kubernetes itself are', () => {
  const { graph } = graphOf([]);
  expect([PODS, DEPLOYMENTS, SLICES, BOATS].map((of) => hasOwnVersions(graph, of))).toEqual([true, true, true, false]);
});

test('versions of an aggregated API are not compared, as soon as it is known to be one', async () => {
  const services = resource('APIService', { group: 'apiregistration.k8s.io', namespaced: false });
  const cluster = scriptedCluster([services, PODS, BOATS]);
  await started(cluster);
  const comparable = () => ['pods', 'boats'].map((plural) => cluster.reflector(plural).comparable());
  expect(comparable()).toEqual([true, false]);
  const own = { ...object(services, 'v1.sea.example.com'), spec: { group: 'sea.example.com', version: 'v1' } };
  await cluster.reflector('apiservices').lists([own]);
  expect(comparable()).toEqual([true, true]);
  const service = { namespace: 'sea', name: 'boats' };
  const metadata = { ...own.metadata, resourceVersion: '2' };
  const behind = { ...own, metadata, spec: { ...own.spec, service } };
  await cluster.reflector('apiservices').events(['upsert', behind]);
  await cluster.pass(20);
  expect(comparable()).toEqual([true, false]);
});
