/** A database is gone, and what needs it follows. */
import type { KubeObject } from '../../types.ts';
import type { Incident } from '../../worlds/types.ts';
import { spoilt, statefulSet } from './kit.ts';

interface Scaled extends KubeObject {
  spec: { replicas: number };
}

export const DEPENDENCY_DOWN: Incident = {
  name: 'dependency-down',
  title: 'the database of payments is scaled to nothing',
  symptom: 'payments, then checkout are 0/1 ready; their logs say connection refused',
  root: { resource: 'statefulset', namespace: 'data', name: 'payments-db' },
  look: ['get', 'deployments', 'payments', 'checkout', '-n', 'shop'],
  ...spoilt<Scaled>(statefulSet('data', 'payments-db'), ({ spec }) => {
    spec.replicas = 0;
  }),
};
