import { describe, expect, it } from 'vitest';
import { testRegistry } from '../test-registry.ts';
import { autoscalerToV1, autoscalerToV2 } from './horizontal-pod-autoscalers.ts';

describe('versions of one stored object', () => {
  it('keep what autoscaling/v1 cannot say in annotations', () => {
    const v2 = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'h' },
      spec: {
        maxReplicas: 3,
        metrics: [
          { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '100Mi' } } },
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
        ],
        behavior: {
          scaleDown: {
            stabilizationWindowSeconds: 60,
            selectPolicy: 'Max',
            policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
          },
        },
      },
      status: { desiredReplicas: 0, currentMetrics: null },
    };
    const v1 = autoscalerToV1(v2);
    expect(v1.metadata.annotations).toEqual({
      'autoscaling.alpha.kubernetes.io/behavior':
        '{"ScaleUp":null,"ScaleDown":{"StabilizationWindowSeconds":60,"SelectPolicy":"Max","Policies":[{"Type":"Percent","Value":100,"PeriodSeconds":15}],"Tolerance":null}}',
      'autoscaling.alpha.kubernetes.io/metrics':
        '[{"type":"Resource","resource":{"name":"memory","targetAverageValue":"100Mi"}}]',
    });
    expect(v1['spec']).toEqual({ maxReplicas: 3, targetCPUUtilizationPercentage: 60 });
    expect(v1['status']).toEqual({ currentReplicas: 0, desiredReplicas: 0 });
    const back = autoscalerToV2(v1);
    expect(back.metadata).toEqual(v2.metadata);
    expect(back['spec']).toEqual(v2.spec);
  });

  it('are one event for both groups that serve it', () => {
    const { create, registry, target, delete: remove, exists } = testRegistry();
    create('events', {
      metadata: { name: 'e' },
      involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
      reason: 'R',
      message: 'M',
      type: 'Normal',
      source: { component: 'c', host: 'h' },
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:00Z',
      count: 3,
    });
    expect(registry.get(target('events.events.k8s.io', 'e'))).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      regarding: { kind: 'Pod', name: 'p' },
      note: 'M',
      deprecatedCount: 3,
      deprecatedSource: { component: 'c', host: 'h' },
      deprecatedFirstTimestamp: '2026-01-01T00:00:00Z',
      eventTime: null,
    });
    remove('events.events.k8s.io', 'e');
    expect(exists('events', 'e')).toBe(false);
  });
});
