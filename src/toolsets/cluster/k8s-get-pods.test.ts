import { describe, expect, test } from 'vitest';
import { crashing, memoryCluster, pod, running } from '../../../test/support/memory-view.ts';
import { AppError } from '../../kernel/errors.ts';
import { operation } from './k8s-get-pods.ts';

const CRASHING = pod('web-2', { status: { containerStatuses: [crashing('app'), running('side')] } });

test('pods of the default namespace, those in trouble first, with the status kubectl shows', async () => {
  const cluster = memoryCluster({ objects: [pod('web-1'), CRASHING, pod('other', { namespace: 'team-a' })] });
  const { text, output, requests } = await cluster.call(operation, {});
  expect(text).toBe(
    [
      '2 pods in namespace default: CrashLoopBackOff 1, Running 1',
      'NAME READY STATUS RESTARTS AGE NODE',
      'web-2 1/2 CrashLoopBackOff "5 (3m ago)" 9d node-1',
      'web-1 2/2 Running 0 9d node-1',
    ].join('\n'),
  );
  expect(requests).toEqual(['list pods default limit=1000']);
  expect(output).toMatchObject({
    summary: {
      namespace: 'default',
      total_pods: 2,
      status_summary: { Running: 1, CrashLoopBackOff: 1 },
      at_least: false,
    },
    pods: [
      {
        name: 'web-2',
        namespace: 'default',
        status: 'CrashLoopBackOff',
        ready: '1/2',
        restarts: 5,
        age: '9d',
        node: 'node-1',
        ip: '10.0.0.1',
        containers: [
          { name: 'app', image: 'web:1', ready: false, restarts: 5 },
          { name: 'side', image: 'proxy:2', ready: true, restarts: 0 },
        ],
      },
      { name: 'web-1' },
    ],
  });
});

test('pods of all namespaces are read as rows of the server and name their namespace', async () => {
  const cluster = memoryCluster({ objects: [pod('web-1'), pod('other', { namespace: 'team-a' })] });
  const { text, requests } = await cluster.call(operation, { namespace: 'all', label_selector: 'app=web' });
  expect(text).toBe(
    [
      '2 pods in all namespaces: Running 2',
      'NAMESPACE NAME READY STATUS RESTARTS AGE NODE',
      'default web-1 2/2 Running 0 9d node-1',
      'team-a other 2/2 Running 0 9d node-1',
    ].join('\n'),
  );
  expect(requests).toEqual(['table pods * labelSelector=app=web limit=1000']);
});

test('no pods is said with the namespace', async () => {
  expect((await memoryCluster().call(operation, { namespace: 'x' })).text).toBe('No pods in namespace x.');
  expect((await memoryCluster().call(operation, { namespace: 'all' })).text).toBe('No pods in all namespaces.');
});

describe('where the operator allows some namespaces', () => {
  test('all namespaces are one list for each that is not forbidden', async () => {
    const rules = {
      allowedNamespaces: new Set(['team-b', 'team-a', 'kube-system']),
      forbiddenNamespaces: new Set(['kube-system']),
    };
    const objects = ['team-a', 'team-b', 'team-c', 'kube-system'].map((namespace) => pod('p', { namespace }));
    const { text, requests } = await memoryCluster({ objects, rules }).call(operation, { namespace: 'all' });
    expect(requests).toEqual(['table pods team-a limit=1000', 'table pods team-b limit=1000']);
    expect(text).toContain('2 pods in all namespaces');
  });
});

describe('a list that does not fit', () => {
  const objects = Array.from({ length: 1200 }, (_, i) =>
    pod(`web-${String(i).padStart(4, '0')}`, { namespace: `ns-${i % 3}` }),
  );

  test('says how many are missing, and continue gets each of them once', async () => {
    const cluster = memoryCluster({ objects, budgetTokens: 4000 });
    const names = new Set<string>();
    let token: string | undefined;
    let calls = 0;
    do {
      const { text, output } = await cluster.call(operation, {
        namespace: 'all',
        ...(token ? { continue: token } : {}),
      });
      const pods = output['pods'] as { name: string }[];
      for (const { name } of pods) names.add(name);
      token = output['continue'] as string | undefined;
      calls++;
      if (calls === 1) {
        expect(text.split('\n').at(-1)).toBe(
          `Shown ${pods.length} pods; ${1200 - pods.length} more: continue=${token}`,
        );
        expect(pods.length).toBeGreaterThan(100);
      }
    } while (token !== undefined);
    expect(names.size).toBe(1200);
    expect(calls).toBeLessThan(15);
  });

  test('a token used with other arguments is refused', async () => {
    const cluster = memoryCluster({ objects, budgetTokens: 4000 });
    const { output } = await cluster.call(operation, { namespace: 'all' });
    const call = cluster.call(operation, { namespace: 'ns-1', continue: output['continue'] });
    await expect(call).rejects.toThrow('belongs to a list with other arguments');
  });

  test("the operator's cap on objects holds", async () => {
    const { output } = await memoryCluster({ objects, rules: { maxResources: 7 } }).call(operation, {
      namespace: 'all',
    });
    expect(output).toMatchObject({ summary: { total_pods: 1200 }, left: 1193 });
    expect(output['pods']).toHaveLength(7);
  });
});

test('an identity that may not list everywhere is told to name a namespace', async () => {
  const fail = {
    match: /^table/,
    error: new AppError('cluster_forbidden', 'pods is forbidden', { remedy: 'Ask for a Role.' }),
  };
  const call = memoryCluster({ fail, defaultNamespace: 'team-a' }).call(operation, { namespace: 'all' });
  await expect(call).rejects.toMatchObject({
    code: 'cluster_forbidden',
    detail: { remedy: 'Name a namespace that this identity may read, for instance namespace=team-a. Ask for a Role.' },
  });
});
