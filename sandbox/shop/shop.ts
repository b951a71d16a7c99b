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
import { CRON_JOBS, JOBS, POLICIES } from './storefront/policies.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Until what was just made is up. */
const UP_MS = 3_000;

/** Built up in the order in which things need each other, over three weeks. */
const STEPS: readonly WorldStep[] = [
  ...BASICS,
  ...DEFINITIONS,
  ...NODES,
  ...KUBE_SYSTEM,
  { liveMs: UP_MS, skipMs: 12 * DAY },
  ...MONITORING,
  ...PLATFORM_EDGE,
  { liveMs: UP_MS, skipMs: 6 * DAY },
  ...POLICIES,
  ...DATABASES,
  ...QUEUES,
  { liveMs: UP_MS, skipMs: 3 * DAY },
  ...RECORDS,
  ...BROWSING,
  { liveMs: UP_MS, skipMs: 5 * HOUR },
  ...BUYING,
  ...EDGE,
  ...CRON_JOBS,
  { liveMs: UP_MS, skipMs: 2 * HOUR },
  ...JOBS,
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
  ageMs: 60_000,
  lives: true,
  settled: true,
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
