import { expect, test } from 'vitest';
import { NAMESPACES, object, PODS, resource, scriptedCluster } from '../../../test/support/scripted-sync.ts';
import { started } from '../../../test/support/started-sync.ts';

const EVENTS = resource('Event');

test('changes in hidden namespaces are in no count', async () => {
  const cluster = scriptedCluster([NAMESPACES, PODS, EVENTS], { scope: { forbiddenNamespaces: new Set(['hidden']) } });
  const sync = await started(cluster);
  for (const plural of ['namespaces', 'pods', 'events']) await cluster.reflector(plural).lists([]);
  const of = (namespace: string, name: string) => object(PODS, name, { namespace });
  const told = (namespace: string) => ({
    ...object(EVENTS, `${namespace}-event`, { namespace }),
    type: 'Warning',
    reason: 'BackOff',
    message: 'm',
    involvedObject: { kind: 'Pod', apiVersion: 'v1', namespace, name: 'a', uid: 'uid-a' },
  });
  await cluster.reflector('pods').events(['upsert', of('sea', 'a')], ['upsert', of('hidden', 'b')]);
  await cluster.reflector('pods').events(['delete', of('hidden', 'b')], ['upsert', of('hidden', 'c')]);
  await cluster.reflector('events').events(['upsert', told('sea')], ['upsert', told('hidden')]);
  await cluster.reflector('namespaces').events(['upsert', object(NAMESPACES, 'hidden')]);
  await cluster.pass(20);
  expect(sync.status()).toMatchObject({ nodes: 1, counts: { events: 2 }, kinds: { Namespace: { objects: 0 } } });
  sync.stop();
  expect(sync.status().counts.events).toBe(2);
});
