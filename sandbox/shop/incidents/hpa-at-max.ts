/** More load than the autoscaler may answer. */
import type { Incident } from '../../worlds/types.ts';
import { behave, deployment, spoiltPods } from './kit.ts';

export const HPA_AT_MAX: Incident = {
  name: 'hpa-at-max',
  title: 'storefront is under more load than ten pods can take',
  symptom: 'ten pods and no more; condition ScalingLimited: TooManyReplicas',
  root: { resource: 'horizontalpodautoscaler', namespace: 'shop', name: 'storefront' },
  look: ['get', 'hpa', 'storefront', '-n', 'shop'],
  ...spoiltPods(deployment('shop', 'storefront'), (template) => behave(template, { cpu: '300m' })),
};
