/** An autoscaler by a metric that nobody serves. */
import type { KubeObject } from '../../types.ts';
import type { Incident } from '../../worlds/types.ts';
import { autoscaler, spoilt } from './kit.ts';

interface Measuring extends KubeObject {
  spec: { metrics: object[] };
}

const REQUESTS = {
  type: 'Pods',
  pods: { metric: { name: 'requests_per_second' }, target: { type: 'AverageValue', averageValue: '200' } },
};

export const HPA_NO_METRICS: Incident = {
  name: 'hpa-no-metrics',
  title: 'the autoscaler of gateway is to follow requests_per_second, which nobody serves',
  symptom: 'TARGETS is <unknown>; condition ScalingActive False: FailedGetPodsMetric',
  root: { resource: 'horizontalpodautoscaler', namespace: 'shop', name: 'gateway' },
  look: ['describe', 'hpa', 'gateway', '-n', 'shop'],
  ...spoilt<Measuring>(autoscaler('shop', 'gateway'), ({ spec }) => {
    spec.metrics = [REQUESTS];
  }),
};
