import { describe, expect, it } from 'vitest';
import type { Autoscaler } from './autoscaling/shapes.ts';
import type { Deployment } from './deployment/shapes.ts';
import { createTestWorld, type TestWorld } from './test-world.ts';

const web = (replicas: number, requests?: object) => ({
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [{ name: 'web', image: 'web', ...(requests === undefined ? {} : { resources: { requests } }) }],
      },
    },
  },
});

describe('an autoscaler', () => {
  const hpa = {
    metadata: { name: 'web' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
      ],
    },
  };
  const status = (world: TestWorld) =>
    world.user.get<Autoscaler>('horizontalpodautoscalers.autoscaling', 'shop', 'web')?.status;
  const replicas = (world: TestWorld) => world.user.get<Deployment>('deployments.apps', 'shop', 'web')?.spec.replicas;

  it('follows what the pods use, up at once and down after five minutes', () => {
    let cpuMilli = 200;
    const world = createTestWorld({ usage: () => ({ cpuMilli, memoryBytes: 1 }) });
    world.apply('deployments.apps', web(2, { cpu: '100m' }));
    world.apply('horizontalpodautoscalers.autoscaling', hpa);
    expect(world.events('web')).toContain(
      'Normal SuccessfulRescale New size: 4; reason: cpu resource utilization (percentage of request) above target',
    );
    world.pass(16_000);
    expect(replicas(world)).toBe(5);
    expect(status(world)?.conditions?.find(({ type }) => type === 'ScalingLimited')).toMatchObject({
      status: 'True',
      reason: 'TooManyReplicas',
    });
    cpuMilli = 10;
    world.pass(200_000);
    expect(replicas(world)).toBe(5);
    expect(status(world)?.conditions?.find(({ type }) => type === 'AbleToScale')?.reason).toBe('ScaleDownStabilized');
    world.pass(200_000);
    expect(replicas(world)).toBe(1);
    expect(world.failures).toEqual([]);
  });

  it('keeps to the rates of its behavior', () => {
    let cpuMilli = 1000;
    const world = createTestWorld({ usage: () => ({ cpuMilli, memoryBytes: 1 }) });
    const behavior = {
      scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
      scaleDown: { stabilizationWindowSeconds: 0, policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }] },
    };
    world.apply('deployments.apps', web(1, { cpu: '100m' }));
    world.apply('horizontalpodautoscalers.autoscaling', { ...hpa, spec: { ...hpa.spec, behavior } });
    const limited = () => status(world)?.conditions?.find(({ type }) => type === 'ScalingLimited')?.reason;
    expect([replicas(world), limited()]).toEqual([2, 'ScaleUpLimit']);
    world.pass(45_000);
    expect(replicas(world)).toBe(2);
    world.pass(30_000);
    expect(replicas(world)).toBe(3);
    world.pass(300_000);
    expect([replicas(world), limited()]).toEqual([5, 'TooManyReplicas']);
    cpuMilli = 1;
    world.pass(20_000);
    expect([replicas(world), limited()]).toEqual([2, 'ScaleDownLimit']);
    world.pass(120_000);
    expect(replicas(world)).toBe(1);
    expect(world.failures).toEqual([]);
  });

  it('says what it cannot know', () => {
    const world = createTestWorld({ usage: () => ({ cpuMilli: 10, memoryBytes: 1 }) });
    world.apply('deployments.apps', web(1));
    world.apply('horizontalpodautoscalers.autoscaling', hpa);
    const [condition] = status(world)?.conditions?.filter(({ type }) => type === 'ScalingActive') ?? [];
    expect(condition).toMatchObject({ status: 'False', reason: 'FailedGetResourceMetric' });
    expect(condition?.message).toMatch(
      /^the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container web of Pod web-/,
    );
  });
});

it('counts what a budget allows', () => {
  const world = createTestWorld();
  world.apply('deployments.apps', web(3));
  world.apply('poddisruptionbudgets.policy', {
    metadata: { name: 'web' },
    spec: { maxUnavailable: '34%', selector: { matchLabels: { app: 'web' } } },
  });
  expect(world.user.get('poddisruptionbudgets.policy', 'shop', 'web')?.['status']).toMatchObject({
    expectedPods: 3,
    desiredHealthy: 1,
    currentHealthy: 3,
    disruptionsAllowed: 2,
    conditions: [{ type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods', message: '' }],
  });
});

it('counts what of a quota is used, also when something goes', () => {
  const world = createTestWorld();
  world.apply('resourcequotas', { metadata: { name: 'q' }, spec: { hard: { pods: '2', 'requests.cpu': '1' } } });
  world.apply('deployments.apps', web(3, { cpu: '250m' }));
  const used = () => (world.user.get('resourcequotas', 'shop', 'q')!['status'] as { used: unknown }).used;
  expect(used()).toEqual({ pods: '2', 'requests.cpu': '500m' });
  const deployment = world.user.get<Deployment>('deployments.apps', 'shop', 'web');
  expect(deployment?.status?.conditions?.find(({ type }) => type === 'ReplicaFailure')).toMatchObject({
    status: 'True',
    reason: 'FailedCreate',
  });
  world.user.delete('deployments.apps', 'shop', 'web', { propagationPolicy: 'Background' });
  world.pass(60_000);
  expect(used()).toEqual({ pods: '0', 'requests.cpu': '0' });
});
