import { describe, expect, test } from 'vitest';
import { BOATS, NAMESPACES, object, PODS, resource, scriptedCluster } from '../../../test/support/scripted-sync.ts';
import { started } from '../../../test/support/started-sync.ts';

const NODES = resource('Node', { namespaced: false });
const ASKED_ANEW = ['it may not be read any more'];

/** But for discovery, which goes its own way. */
const lists = ({ requests }: { requests: string[] }) => requests.filter((line) => line !== 'discovery');

async function listedCluster() {
  const cluster = scriptedCluster([NAMESPACES, NODES, PODS, BOATS]);
  const sync = await started(cluster);
  await cluster.reflector('namespaces').lists([object(NAMESPACES, 'sea')]);
  await cluster.reflector('nodes').lists([object(NODES, 'n1')]);
  await cluster.reflector('pods').lists([object(PODS, 'a')]);
  cluster.requests.length = 0;
  const withdraw = () => {
    cluster.reflector('nodes').lost('forbidden');
    cluster.reflector('nodes').state({ state: 'forbidden', reason: 'no rights', recheckAt: 0 });
  };
  return { cluster, sync, withdraw };
}

describe('F21: rights that are withdrawn', () => {
  test('show by the first refusal: all else that is held is asked for, and what is refused is listed anew', async () => {
    const { cluster, withdraw } = await listedCluster();
    cluster.objects.set('namespaces ', []);
    withdraw();
    await cluster.pass(0);
    // Boats were never listed, and nodes are gone.
    expect(cluster.requests).toEqual(['namespaces ', 'pods ']);
    expect(cluster.reflector('pods').relists).toEqual(ASKED_ANEW);
    expect(cluster.reflector('namespaces').relists).toEqual([]);
  });

  test('show later on another server: what is refused meanwhile leads to one more look, and then there is an end', async () => {
    const { cluster, withdraw } = await listedCluster();
    cluster.objects.set('namespaces ', []);
    cluster.objects.set('pods ', []);
    withdraw();
    await cluster.pass(1_000);
    cluster.reflector('pods').lost('forbidden');
    cluster.objects.delete('namespaces ');
    await cluster.pass(5_000);
    expect(cluster.reflector('namespaces').relists).toEqual(ASKED_ANEW);
    await cluster.pass(60_000);
    expect(lists(cluster)).toEqual(['namespaces ', 'pods ', 'namespaces ']);
  });

  test('are not suspected where a kind was never allowed', async () => {
    const { cluster } = await listedCluster();
    cluster.reflector('boats').state({ state: 'forbidden', reason: 'no rights', recheckAt: 0 });
    await cluster.pass(0);
    expect(cluster.reflector('pods').relists).toEqual([]);
    expect(cluster.requests.filter((line) => line === 'pods ')).toEqual([]);
  });

  test('are looked for by so many requests and no more, twenty at once and then twenty a second', async () => {
    const many = Array.from({ length: 400 }, (_, at) => resource(`Boat${at}`, { group: 'sea.example.com' }));
    const cluster = scriptedCluster(many);
    await started(cluster);
    for (const { resource: plural } of many) await cluster.reflector(plural).lists([]);
    cluster.requests.length = 0;
    cluster.reflector('boat0s').lost('forbidden');
    await cluster.pass(0);
    expect(cluster.requests.length).toBe(20);
    for (let second = 0; second < 60; second++) await cluster.pass(1_000);
    expect(lists(cluster).length).toBe(300);
  });
});
