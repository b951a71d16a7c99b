/** An Ingress that leads to a Service which is not there. */
import type { KubeObject } from '../../types.ts';
import type { Incident } from '../../worlds/types.ts';
import { ingress, spoilt } from './kit.ts';

interface Routing extends KubeObject {
  spec: { rules: { http: { paths: { backend: { service: { name: string } } }[] } }[] };
}

export const INGRESS_BACKEND_MISSING: Incident = {
  name: 'ingress-backend-missing',
  title: 'the Ingress of the storefront leads to the Service storefront-v2, which does not exist',
  symptom: 'kubectl describe says: services "storefront-v2" not found',
  root: { resource: 'ingress', namespace: 'shop', name: 'storefront' },
  look: ['describe', 'ingress', 'storefront', '-n', 'shop'],
  ...spoilt<Routing>(ingress('shop', 'storefront'), ({ spec }) => {
    for (const { http } of spec.rules)
      for (const { backend } of http.paths)
        if (backend.service.name === 'storefront') backend.service.name = 'storefront-v2';
  }),
};
