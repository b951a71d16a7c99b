/** Requests fail, though everything looks well. */
import type { Incident } from '../../worlds/types.ts';
import { behave, deployment, spoiltPods } from './kit.ts';

export const PAYMENT_ERRORS: Incident = {
  name: 'payment-errors',
  title: 'a release of payments answers four of ten requests with 500',
  symptom: 'all pods are ready; the errors are in the logs only',
  root: { resource: 'deployment', namespace: 'shop', name: 'payments' },
  look: ['logs', '-n', 'shop', '-l', 'app.kubernetes.io/name=payments', '--tail=20'],
  ...spoiltPods(deployment('shop', 'payments'), (template) => behave(template, { 'error-rate': '0.4' })),
};
