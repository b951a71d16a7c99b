/** A release that never gets ready. */
import type { Incident } from '../../worlds/types.ts';
import { ownImage } from '../build/app.ts';
import { behave, containerOf, deployment, spoiltPods } from './kit.ts';

export const BAD_ROLLOUT: Incident = {
  name: 'bad-rollout',
  title: 'catalog 3.12.0 answers its readiness probe with 503',
  symptom: 'after three minutes: deployment "catalog" exceeded its progress deadline',
  root: { resource: 'deployment', namespace: 'shop', name: 'catalog' },
  look: ['rollout', 'status', 'deployment/catalog', '-n', 'shop', '--timeout=5s'],
  ...spoiltPods(deployment('shop', 'catalog'), (template) => {
    containerOf(template, 'catalog').image = ownImage('catalog', '3.12.0');
    behave(template, { 'not-ready-after': '0' });
  }),
};
