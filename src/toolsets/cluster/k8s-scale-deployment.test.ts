import { expect, test } from 'vitest';
import { memoryCluster } from '../../../test/support/memory-view.ts';
import { AppError } from '../../kernel/errors.ts';
import { operation } from './k8s-scale-deployment.ts';

const web = () => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    namespace: 'default',
    uid: 'u',
    resourceVersion: '5',
    managedFields: [{ manager: 'hpa', operation: 'Update', time: '2026-01-09T00:00:00Z' }],
  },
  spec: { replicas: 2 },
});

test('a deployment is scaled through its scale subresource', async () => {
  const cluster = memoryCluster({ objects: [web()] });
  const { text, output, requests } = await cluster.call(operation, { deployment_name: 'web', replicas: '5' });
  expect(text).toBe('Deployment default/web scaled from 2 to 5. Pods now: 1.');
  expect(output).toEqual({
    deployment_name: 'web',
    namespace: 'default',
    scaling_info: { previous_replicas: 2, target_replicas: 5, current_replicas: 1 },
    success: true,
    message: 'Deployment default/web scaled from 2 to 5.',
  });
  expect(requests).toEqual(['get deployments/scale default web', 'update deployments/scale default web']);
  expect(cluster.objects[0]?.['spec']).toEqual({ replicas: 5 });
});

test('a dry run stores nothing and says so', async () => {
  const cluster = memoryCluster({ objects: [web()] });
  const { text } = await cluster.call(operation, { name: 'web', replicas: 0, dryRun: true });
  expect(text).toBe('Deployment default/web would be scaled (dry run, nothing was stored) from 2 to 0. Pods now: 1.');
  expect(cluster.objects[0]?.['spec']).toEqual({ replicas: 2 });
});

test('nothing is sent where nothing would change', async () => {
  const { text, requests } = await memoryCluster({ objects: [web()] }).call(operation, { name: 'web', replicas: 2 });
  expect(text).toBe('Deployment default/web has 2 replicas already: nothing was changed. Pods now: 1.');
  expect(requests).toEqual(['get deployments/scale default web']);
});

test('a conflict names who wrote last', async () => {
  const fail = { match: /^update/, error: new AppError('conflict', 'modified') };
  const call = memoryCluster({ objects: [web()], fail }).call(operation, { name: 'web', replicas: 3 });
  await expect(call).rejects.toThrow(
    'Deployment default/web was changed by someone else in the meantime. Last written by hpa (Update, 2026-01-09T00:00:00Z).',
  );
});

test.each([-1, 1001, 2.5])('%s replicas are refused', async (replicas) => {
  const call = memoryCluster({ objects: [web()] }).call(operation, { name: 'web', replicas });
  await expect(call).rejects.toMatchObject({ code: 'invalid_argument' });
});
