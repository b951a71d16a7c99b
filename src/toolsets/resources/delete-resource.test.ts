import { describe, expect, test } from 'vitest';
import { memoryCluster, pod } from '../../../test/support/memory-view.ts';
import { operation } from './delete-resource.ts';

const WEB = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    namespace: 'default',
    uid: 'u1',
    resourceVersion: '9',
    generation: 4,
    creationTimestamp: '2026-01-08T00:00:00Z',
    finalizers: ['example.com/hold'],
  },
  spec: { selector: { matchLabels: { app: 'web' } } },
};

describe('the plan of a delete', () => {
  test('says what goes with it, what holds it, and what it was made from', async () => {
    const plan = await memoryCluster({ objects: [WEB, pod('web-1'), pod('web-2')] }).plan(operation, {
      kind: 'deploy',
      name: 'web',
    });
    expect(plan).toEqual({
      title: 'Delete Deployment default/web in context test',
      effects: [
        'created 2d ago',
        'propagation Background: what it owns will go with it (now 2 pods)',
        'finalizers run first: example.com/hold',
      ],
      basis: 'u1 4',
    });
  });

  test('stays the same while only the status changes, and changes with the object', async () => {
    const basis = async (metadata: object) =>
      (
        await memoryCluster({ objects: [{ ...WEB, metadata: { ...WEB.metadata, ...metadata } }] }).plan(operation, {
          kind: 'deploy',
          name: 'web',
        })
      ).basis;
    expect(await basis({ resourceVersion: '10' })).toBe('u1 4');
    expect(await basis({ generation: 5 })).toBe('u1 5');
    expect(await basis({ uid: 'u2' })).toBe('u2 4');
    expect(await basis({ generation: undefined })).toBe('u1 9');
  });

  test('warns of namespaces, controllers and an unclean end', async () => {
    const namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'team-a', uid: 'u', creationTimestamp: '2026-01-08T00:00:00Z' },
    };
    expect(
      (await memoryCluster({ objects: [namespace] }).plan(operation, { kind: 'ns', name: 'team-a' })).effects,
    ).toContain('everything in the namespace is deleted');
    const owned = pod('web-1');
    owned.metadata = {
      ...owned.metadata,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-5d', uid: 'r', controller: true }],
    };
    const { effects } = await memoryCluster({ objects: [owned] }).plan(operation, {
      kind: 'pod',
      name: 'web-1',
      gracePeriodSeconds: 0,
      propagation: 'Orphan',
    });
    expect(effects).toEqual([
      'created 9d ago',
      'propagation Orphan: what it owns will stay, without an owner',
      'ReplicaSet web-5d controls it and may make it anew',
      'grace period 0: it is not shut down cleanly',
    ]);
  });
});

test('a delete is sent for that very object', async () => {
  const cluster = memoryCluster({ objects: [WEB] });
  const { text, requests } = await cluster.call(operation, { kind: 'deploy', name: 'web', propagation: 'Foreground' });
  expect(text).toBe('Deployment default/web deleted.');
  expect(requests).toEqual(['get deployments default web', 'delete deployments default web Foreground uid=u1']);
  expect(cluster.objects).toHaveLength(0);
});

test('a dry run deletes nothing and says so', async () => {
  const cluster = memoryCluster({ objects: [WEB] });
  expect((await cluster.call(operation, { kind: 'deploy', name: 'web', dryRun: true })).text).toBe(
    'Deployment default/web would be deleted (dry run, nothing was changed).',
  );
  expect(cluster.objects).toHaveLength(1);
});

test('what is not there comes with the nearest names', async () => {
  await expect(
    memoryCluster({ objects: [WEB] }).call(operation, { kind: 'deploy', name: 'wen' }),
  ).rejects.toMatchObject({ code: 'not_found', detail: { candidates: ['web'] } });
});
