/** A migration that fails before the service starts. */
import type { Incident } from '../../worlds/types.ts';
import { behave, deployment, spoiltPods } from './kit.ts';

export const INIT_CONTAINER_FAILING: Incident = {
  name: 'init-container-failing',
  title: 'the migration that runs before orders starts fails',
  symptom: 'a pod in Init:CrashLoopBackOff; the reason is in the logs of the container migrate',
  root: { resource: 'deployment', namespace: 'shop', name: 'orders' },
  look: ['get', 'pods', '-n', 'shop', '-l', 'app.kubernetes.io/name=orders'],
  ...spoiltPods(deployment('shop', 'orders'), (template) =>
    behave(template, {
      'crash-on-start.migrate': '1',
      'crash-log.migrate': 'applying 0042_split_addresses\nERROR: relation "addresses" already exists (SQLSTATE 42P07)',
    }),
  ),
};
