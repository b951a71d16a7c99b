/** A program that hangs, and a kubelet that ends it. */
import type { Incident } from '../../worlds/types.ts';
import { behave, deployment, spoiltPods } from './kit.ts';

export const LIVENESS_KILL: Incident = {
  name: 'liveness-kill',
  title: 'a release of search hangs 40 s after each start',
  symptom: 'restarts that go up; events Unhealthy (Liveness probe failed) and Killing',
  root: { resource: 'deployment', namespace: 'shop', name: 'search' },
  look: ['get', 'events', '-n', 'shop', '--field-selector', 'reason=Killing'],
  ...spoiltPods(deployment('shop', 'search'), (template) => behave(template, { 'hang-after': '40' })),
};
