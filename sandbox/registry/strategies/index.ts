/** What is particular to each built-in kind, by resource. */
import type { ResourceId } from '../../types.ts';
import type { Strategy } from '../strategy.ts';
import { SCALING_STRATEGIES } from './autoscaling.ts';
import { CLUSTER_STRATEGIES } from './cluster.ts';
import { CONFIG_STRATEGIES } from './config.ts';
import { EXTENSION_STRATEGIES } from './extensions.ts';
import { JOB_STRATEGIES } from './jobs.ts';
import { NETWORKING_STRATEGIES } from './networking.ts';
import { POD_STRATEGIES } from './pods.ts';
import { QUOTA_STRATEGIES } from './quotas.ts';
import { RBAC_STRATEGIES } from './rbac.ts';
import { SERVICE_STRATEGIES } from './services.ts';
import { STORAGE_STRATEGIES } from './storage.ts';
import { WORKLOAD_STRATEGIES } from './workloads.ts';

/** Of every built-in resource that is stored. */
export const STRATEGIES: Readonly<Record<ResourceId, Strategy>> = {
  ...POD_STRATEGIES,
  ...WORKLOAD_STRATEGIES,
  ...JOB_STRATEGIES,
  ...CONFIG_STRATEGIES,
  ...SERVICE_STRATEGIES,
  ...NETWORKING_STRATEGIES,
  ...STORAGE_STRATEGIES,
  ...CLUSTER_STRATEGIES,
  ...RBAC_STRATEGIES,
  ...SCALING_STRATEGIES,
  ...QUOTA_STRATEGIES,
  ...EXTENSION_STRATEGIES,
};
