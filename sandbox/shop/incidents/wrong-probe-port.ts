/** A readiness probe asks at a port where nobody listens. */
import type { Incident } from '../../worlds/types.ts';
import { containerOf, deployment, spoiltPods } from './kit.ts';

export const WRONG_PROBE_PORT: Incident = {
  name: 'wrong-probe-port',
  title: 'the readiness probe of reviews asks at port 8081, where nothing listens',
  symptom: 'a pod that runs but is 0/1 ready; event Unhealthy: connection refused',
  root: { resource: 'deployment', namespace: 'shop', name: 'reviews' },
  look: ['describe', 'pods', '-n', 'shop', '-l', 'app.kubernetes.io/name=reviews', '--show-events'],
  ...spoiltPods(deployment('shop', 'reviews'), (template) => {
    const { httpGet } = containerOf(template, 'reviews').readinessProbe ?? {};
    if (httpGet !== undefined) httpGet.port = 8081;
  }),
};
