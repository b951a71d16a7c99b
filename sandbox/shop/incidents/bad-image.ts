/** A tag that was never pushed. */
import type { Incident } from '../../worlds/types.ts';
import { containerOf, deployment, spoiltPods } from './kit.ts';

export const BAD_IMAGE: Incident = {
  name: 'bad-image',
  title: 'recommendations is released with an image tag that does not exist',
  symptom: 'a pod in ImagePullBackOff, the rollout does not get on',
  root: { resource: 'deployment', namespace: 'shop', name: 'recommendations' },
  look: ['get', 'pods', '-n', 'shop', '-l', 'app.kubernetes.io/name=recommendations'],
  ...spoiltPods(deployment('shop', 'recommendations'), (template) => {
    containerOf(template, 'recommendations').image = 'registry.shop.example/shop/recommendations:2.15.0-hotfix1';
  }),
};
