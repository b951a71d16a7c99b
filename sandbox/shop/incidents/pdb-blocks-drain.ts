/** A budget that lets no pod go. */
import type { KubeObject } from '../../types.ts';
import type { Incident } from '../../worlds/types.ts';
import { budget, spoilt } from './kit.ts';

interface Budget extends KubeObject {
  spec: { minAvailable?: number };
}

export const PDB_BLOCKS_DRAIN: Incident = {
  name: 'pdb-blocks-drain',
  title: 'the disruption budget of the ingress controller asks for as many pods as there are',
  symptom: "ALLOWED DISRUPTIONS is 0: kubectl drain of its nodes says it would violate the pod's disruption budget",
  root: { resource: 'poddisruptionbudget', namespace: 'platform', name: 'ingress-controller' },
  look: ['get', 'pdb', '-n', 'platform'],
  ...spoilt<Budget>(budget('platform', 'ingress-controller'), ({ spec }) => {
    spec.minAvailable = 2;
  }),
};
