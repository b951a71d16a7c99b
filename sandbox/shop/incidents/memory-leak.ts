/** A release that never gives memory back. */
import type { Incident } from '../../worlds/types.ts';
import { behave, deployment, spoiltPods } from './kit.ts';

export const MEMORY_LEAK: Incident = {
  name: 'memory-leak',
  title: 'a release of sessions leaks 40Mi a minute',
  symptom: 'after some minutes the pods are OOMKilled and restart, one after the other',
  root: { resource: 'deployment', namespace: 'shop', name: 'sessions' },
  look: ['get', 'pods', '-n', 'shop', '-l', 'app.kubernetes.io/name=sessions'],
  ...spoiltPods(deployment('shop', 'sessions'), (template) => behave(template, { 'memory-leak': '40Mi' })),
};
