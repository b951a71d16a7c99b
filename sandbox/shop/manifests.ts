/** All that the shop is made of, in the order in which it is made. */
import type { KubeObject } from '../types.ts';
import type { WorldStep } from '../worlds/types.ts';
import { BASICS } from './cluster/basics.ts';
import { DEFINITIONS } from './cluster/definitions.ts';
import { NODES } from './cluster/nodes.ts';
import { BACKUPS, DATABASES } from './data/databases.ts';
import { QUEUES } from './data/queues.ts';
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
export const STEPS: readonly WorldStep[] = [
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
  { liveMs: UP_MS, skipMs: 26 * HOUR },
  ...BUYING,
  ...EDGE,
  ...CRON_JOBS,
  ...BACKUPS,
  { liveMs: UP_MS, skipMs: 5 * HOUR },
  ...JOBS,
];

/** The manifest of an object as the shop was built with it: what an incident is healed to. */
export const manifestOf = (kind: string, namespace: string, name: string): KubeObject | undefined =>
  STEPS.find(
    (step): step is KubeObject =>
      'kind' in step &&
      step.kind === kind &&
      step.metadata.name === name &&
      (step.metadata.namespace ?? '') === namespace,
  );
