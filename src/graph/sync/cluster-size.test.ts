import { expect, test } from 'vitest';
import { NAMESPACES, object, PODS, resource, scriptedCluster } from '../../../test/support/scripted-sync.ts';
import { clusterSize } from './cluster-size.ts';

const CONFIG_MAPS = resource('ConfigMap');
const { signal } = new AbortController();
const pods = (count: number) => Array.from({ length: count }, (_, index) => object(PODS, `pod-${index}`));

test('what may be many is asked for across the cluster; what may not be listed counts as none', async () => {
  const { ports, objects, requests } = scriptedCluster([NAMESPACES, PODS, CONFIG_MAPS]);
  objects.set('pods ', pods(7));
  expect(await clusterSize(ports.reader, ports.scope, signal)).toBe(7);
  expect(requests.sort()).toEqual(['configmaps ', 'discovery', 'pods ']);
});

test('of allowed namespaces each is asked, and none that is forbidden', async () => {
  const { ports, objects, requests } = scriptedCluster([NAMESPACES, PODS, CONFIG_MAPS], {
    scope: { allowedNamespaces: ['land', 'sea', 'vault'], forbiddenNamespaces: new Set(['vault']) },
  });
  objects.set('pods sea', pods(7));
  objects.set('pods land', pods(4));
  objects.set('configmaps sea', pods(2));
  expect(await clusterSize(ports.reader, ports.scope, signal)).toBe(13);
  expect(requests.sort()).toEqual(['configmaps land', 'configmaps sea', 'discovery', 'pods land', 'pods sea']);
});

test('more namespaces than are read one by one are the whole cluster', async () => {
  const allowedNamespaces = Array.from({ length: 30 }, (_, index) => `team-${index}`);
  const { ports, objects } = scriptedCluster([NAMESPACES, PODS], { scope: { allowedNamespaces } });
  objects.set('pods ', pods(7));
  expect(await clusterSize(ports.reader, ports.scope, signal)).toBe(7);
});
