/** The default world: an online shop of about forty workloads on six nodes, with everything that belongs to it. */
import type { KubeObject } from '../types.ts';
import type { World, WorldStep } from '../worlds/types.ts';
import { BASICS } from './cluster/basics.ts';
import { DEFINITIONS } from './cluster/definitions.ts';
import { NODES } from './cluster/nodes.ts';
import { DATABASES } from './data/databases.ts';
import { QUEUES } from './data/queues.ts';
import { SHOP_IMAGES } from './images.ts';
import { KUBE_SYSTEM } from './kube-system/kube-system.ts';
import { EDGE as PLATFORM_EDGE } from './platform/edge.ts';
import { MONITORING } from './platform/monitoring.ts';
import { BUYING, RECORDS } from './storefront/buying.ts';
import { BROWSING, EDGE } from './storefront/edge.ts';
import { BATCH, POLICIES } from './storefront/policies.ts';

/** Built up in the order in which things need each other, so that nothing is born into trouble. */
const STEPS: readonly WorldStep[] = [
  ...BASICS,
  ...DEFINITIONS,
  ...NODES,
  { waitMs: 5_000 },
  ...KUBE_SYSTEM,
  ...POLICIES,
  { waitMs: 30_000 },
  ...MONITORING,
  ...PLATFORM_EDGE,
  ...DATABASES,
  ...QUEUES,
  { waitMs: 90_000 },
  ...RECORDS,
  ...BROWSING,
  ...BATCH,
  { waitMs: 40_000 },
  ...BUYING,
  ...EDGE,
];

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
  ageMs: 10 * 60_000,
  lives: true,
  images: SHOP_IMAGES,
  incidents: [],
};

/** The manifest of an object as the shop was built with it: what an incident is healed to. */
export const manifestOf = (kind: string, namespace: string, name: string): KubeObject | undefined =>
  STEPS.find(
    (step): step is KubeObject =>
      'kind' in step &&
      step.kind === kind &&
      step.metadata.name === name &&
      (step.metadata.namespace ?? '') === namespace,
  );
