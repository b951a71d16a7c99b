/** The address of a service that never was. */
import type { Incident } from '../../worlds/types.ts';
import { containerOf, deployment, spoiltPods } from './kit.ts';

export const WRONG_ADDRESS: Incident = {
  name: 'wrong-address',
  title: 'notifications is given the address rabbit.data.svc, which does not exist',
  symptom: 'a pod that does not get ready; its logs say no such host',
  root: { resource: 'deployment', namespace: 'shop', name: 'notifications' },
  look: ['logs', '-n', 'shop', '-l', 'app.kubernetes.io/name=notifications', '--tail=3'],
  ...spoiltPods(deployment('shop', 'notifications'), (template) => {
    const address = containerOf(template, 'notifications').env?.find(({ name }) => name === 'AMQP_URL');
    if (address !== undefined) address.value = 'amqp://rabbit.data.svc:5672';
  }),
};
