/** The default world: an online shop of about forty workloads on six nodes, with everything that belongs to it. */
import type { World } from '../worlds/types.ts';
import { SHOP_IMAGES } from './images.ts';
import { INCIDENTS } from './incidents/index.ts';
import { STEPS } from './manifests.ts';

export const SHOP: World = {
  name: 'shop',
  users: [
    { context: 'sandbox', groups: ['system:masters'], signsInBy: 'certificate', namespace: 'shop' },
    { context: 'sandbox-viewer', signsInBy: 'token', namespace: 'shop', role: { clusterRole: 'view' } },
    {
      context: 'sandbox-developer',
      signsInBy: 'token',
      namespace: 'shop',
      role: { clusterRole: 'edit', namespace: 'shop' },
    },
  ],
  objects: STEPS,
  ageMs: 60_000,
  lives: true,
  settled: true,
  images: SHOP_IMAGES,
  incidents: INCIDENTS,
};
