/** A CronJob that somebody has paused. */
import type { KubeObject } from '../../types.ts';
import type { Incident } from '../../worlds/types.ts';
import { cronJob, spoilt } from './kit.ts';

interface Suspendable extends KubeObject {
  spec: { suspend?: boolean };
}

export const CRONJOB_SUSPENDED: Incident = {
  name: 'cronjob-suspended',
  title: 'the clean-up of carts is suspended and forgotten',
  symptom: 'SUSPEND is True, and LAST SCHEDULE gets old',
  root: { resource: 'cronjob', namespace: 'shop', name: 'cart-cleanup' },
  look: ['get', 'cronjob', 'cart-cleanup', '-n', 'shop'],
  ...spoilt<Suspendable>(cronJob('shop', 'cart-cleanup'), ({ spec }) => {
    spec.suspend = true;
  }),
};
