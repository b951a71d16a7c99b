import { describe, expect, it } from 'vitest';
import { createKubelet } from './create-kubelet.ts';
import { createMetrics, podUsage } from './usage.ts';
import { nodeNamed, podNamed, worldUnderTest } from './world-under-test.ts';

function world() {
  const kubelet = createKubelet();
  const at = worldUnderTest(kubelet.controllers);
  at.add('nodes', nodeNamed('node-1'));
  const container = {
    name: 'c',
    image: 'postgres:18',
    resources: { limits: { cpu: '8m' } },
    env: [{ name: 'POSTGRES_PASSWORD', value: 'x' }],
  };
  at.add('pods', podNamed('db', { nodeName: 'node-1', containers: [container] }, { labels: { app: 'db' } }));
  const metrics = createMetrics({ now: at.clock.now, kubelet, list: at.machine.list, get: at.machine.get });
  return { at, kubelet, metrics };
}

describe('usage', () => {
  it('glides, is always the same, and keeps to limits', () => {
    const { at, kubelet } = world();
    at.pass(120);
    const now = at.clock.now();
    const used = (ms: number) => podUsage(at.pod('db'), now + ms, kubelet).containers[0]!;
    expect(used(0)).toEqual(used(0));
    expect(used(0).cpuMilli).toBeLessThanOrEqual(8);
    expect(used(0).memoryBytes / 2 ** 20).toBeGreaterThan(55);
    expect(used(0).memoryBytes / 2 ** 20).toBeLessThan(70);
    expect(Math.abs(used(1000).memoryBytes - used(0).memoryBytes) / used(0).memoryBytes).toBeLessThan(0.01);
  });

  it('is served as metrics-server does', () => {
    const { at, metrics } = world();
    at.pass(5);
    expect(metrics({ resource: 'pods', namespace: 'shop' })).toMatchObject({ kind: 'PodMetricsList', items: [] });
    at.pass(120);
    expect(metrics({ resource: 'pods', labelSelector: 'app=db' })).toMatchObject({
      kind: 'PodMetricsList',
      apiVersion: 'metrics.k8s.io/v1beta1',
      metadata: {},
      items: [
        {
          metadata: { name: 'db', namespace: 'shop', labels: { app: 'db' } },
          window: expect.stringMatching(/^1\d(\.\d+)?s$/),
          containers: [
            { name: 'c', usage: { cpu: expect.stringMatching(/^\d+n$/), memory: expect.stringMatching(/^\d+Ki$/) } },
          ],
        },
      ],
    });
    expect(metrics({ resource: 'pods', labelSelector: 'app!=db' })).toMatchObject({ items: [] });
    expect(metrics({ resource: 'nodes', name: 'node-1' })).toMatchObject({
      kind: 'NodeMetrics',
      usage: { cpu: expect.any(String) },
    });
    expect(() => metrics({ resource: 'pods', namespace: 'shop', name: 'gone' })).toThrow('pods "shop/gone" not found');
  });
});
