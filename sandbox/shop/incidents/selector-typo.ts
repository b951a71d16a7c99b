/** A Service that selects nothing. */
import type { KubeObject } from '../../types.ts';
import type { Incident } from '../../worlds/types.ts';
import { service, spoilt } from './kit.ts';

interface Selecting extends KubeObject {
  spec: { selector: Record<string, string> };
}

export const SELECTOR_TYPO: Incident = {
  name: 'selector-typo',
  title: 'the selector of the Service orders is mistyped',
  symptom: 'the Service has no endpoints; checkout and order-worker are not ready: connection refused',
  root: { resource: 'service', namespace: 'shop', name: 'orders' },
  look: ['get', 'endpointslices', '-n', 'shop', '-l', 'kubernetes.io/service-name=orders'],
  ...spoilt<Selecting>(service('shop', 'orders'), ({ spec }) => {
    spec.selector['app.kubernetes.io/name'] = 'order';
  }),
};
