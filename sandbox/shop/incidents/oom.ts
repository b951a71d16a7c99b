/** A memory limit below what the program needs. */
import type { Incident } from '../../worlds/types.ts';
import { containerOf, deployment, spoiltPods } from './kit.ts';

export const OOM: Incident = {
  name: 'oom',
  title: 'media is rolled out with a memory limit of 64Mi',
  symptom: 'a pod that restarts again and again: last state OOMKilled, exit code 137',
  root: { resource: 'deployment', namespace: 'shop', name: 'media' },
  look: ['describe', 'pods', '-n', 'shop', '-l', 'app.kubernetes.io/name=media', '--show-events'],
  ...spoiltPods(deployment('shop', 'media'), (template) => {
    containerOf(template, 'media').resources = {
      requests: { cpu: '150m', memory: '64Mi' },
      limits: { memory: '64Mi' },
    };
  }),
};
