/** A setting that the program cannot read. */
import type { Incident } from '../../worlds/types.ts';
import { behave, containerOf, deployment, spoiltPods } from './kit.ts';

export const CRASH_LOOP: Incident = {
  name: 'crash-loop',
  title: 'cart gets a setting that it cannot parse, and ends at each start',
  symptom: 'a pod in CrashLoopBackOff, its reason in the logs of the previous container',
  root: { resource: 'deployment', namespace: 'shop', name: 'cart' },
  look: ['logs', '-n', 'shop', '-l', 'app.kubernetes.io/name=cart', '--previous', '--ignore-errors'],
  ...spoiltPods(deployment('shop', 'cart'), (template) => {
    const ttl = containerOf(template, 'cart').env?.find(({ name }) => name === 'CART_TTL');
    if (ttl !== undefined) ttl.value = '3 days';
    behave(template, {
      'crash-on-start': '1',
      'crash-log':
        '{"level":"fatal","msg":"configuration is not usable","error":"CART_TTL: time: unknown unit \\" days\\" in duration \\"3 days\\""}',
    });
  }),
};
