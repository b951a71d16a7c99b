import { expect, test } from 'vitest';
import { memoryCluster } from '../../../test/support/memory-view.ts';
import { operation } from './k8s-get-deployments.ts';

const metadata = { namespace: 'default', creationTimestamp: '2026-01-09T00:00:00Z' };
const template = {
  spec: {
    containers: [
      { name: 'a', image: 'web:1' },
      { name: 'b', image: 'proxy:2' },
    ],
  },
};

test('deployments with replicas, images and what is wrong', async () => {
  const objects = [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, name: 'fine' },
      spec: { replicas: 2, template },
      status: {
        readyReplicas: 2,
        updatedReplicas: 2,
        availableReplicas: 2,
        conditions: [{ type: 'Available', status: 'True' }],
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata, name: 'stuck' },
      spec: { template, paused: true },
      status: {
        conditions: [
          { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' },
          { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate' },
        ],
      },
    },
  ];
  const { text, output } = await memoryCluster({ objects }).call(operation, {});
  expect(text).toBe(
    [
      '2 deployments in namespace default',
      'NAME READY UP-TO-DATE AVAILABLE AGE IMAGES PROBLEM',
      'fine 2/2 2 2 24h web:1,proxy:2 -',
      'stuck 0/1 0 0 24h web:1,proxy:2 "paused, ProgressDeadlineExceeded, FailedCreate"',
    ].join('\n'),
  );
  expect(output['deployments']).toMatchObject([
    { name: 'fine', replicas: 2, ready_replicas: 2, images: ['web:1', 'proxy:2'] },
    { name: 'stuck' },
  ]);
});
