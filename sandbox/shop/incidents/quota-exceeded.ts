/** A quota below what the namespace holds. */
import type { KubeObject } from '../../types.ts';
import type { Incident } from '../../worlds/types.ts';
import { losePod, quota, spoilt, thenBreak } from './kit.ts';

interface Quota extends KubeObject {
  spec: { hard: Record<string, string> };
}

export const QUOTA_EXCEEDED: Incident = {
  name: 'quota-exceeded',
  title: 'the quota of shop is lowered to 40 pods, and a pod of storefront is lost',
  symptom: 'storefront stays a pod short; event FailedCreate of its ReplicaSet: exceeded quota',
  root: { resource: 'resourcequota', namespace: 'shop', name: 'shop' },
  look: ['get', 'events', '-n', 'shop', '--field-selector', 'reason=FailedCreate'],
  ...thenBreak(
    spoilt<Quota>(quota('shop', 'shop'), ({ spec }) => {
      spec.hard['pods'] = '40';
    }),
    losePod('shop', 'storefront'),
  ),
};
