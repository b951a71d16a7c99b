/** What can go wrong in the shop. */
import type { Incident } from '../../worlds/types.ts';
import { BAD_IMAGE } from './bad-image.ts';
import { BAD_ROLLOUT } from './bad-rollout.ts';
import { CORDONED_POOL } from './cordoned-pool.ts';
import { CRASH_LOOP } from './crash-loop.ts';
import { CRONJOB_SUSPENDED } from './cronjob-suspended.ts';
import { DEPENDENCY_DOWN } from './dependency-down.ts';
import { HPA_AT_MAX } from './hpa-at-max.ts';
import { HPA_NO_METRICS } from './hpa-no-metrics.ts';
import { IMAGE_PULL_SECRET_MISSING } from './image-pull-secret-missing.ts';
import { INGRESS_BACKEND_MISSING } from './ingress-backend-missing.ts';
import { INIT_CONTAINER_FAILING } from './init-container-failing.ts';
import { JOB_FAILING } from './job-failing.ts';
import { LIVENESS_KILL } from './liveness-kill.ts';
import { MEMORY_LEAK } from './memory-leak.ts';
import { MISSING_CONFIGMAP } from './missing-configmap.ts';
import { MISSING_SECRET_KEY } from './missing-secret-key.ts';
import { NAMESPACE_STUCK } from './namespace-stuck.ts';
import { NODE_DOWN } from './node-down.ts';
import { NODE_PRESSURE } from './node-pressure.ts';
import { OOM } from './oom.ts';
import { PAYMENT_ERRORS } from './payment-errors.ts';
import { PDB_BLOCKS_DRAIN } from './pdb-blocks-drain.ts';
import { PVC_PENDING } from './pvc-pending.ts';
import { QUOTA_EXCEEDED } from './quota-exceeded.ts';
import { RBAC_DENIED } from './rbac-denied.ts';
import { SELECTOR_TYPO } from './selector-typo.ts';
import { STATEFULSET_STUCK } from './statefulset-stuck.ts';
import { TLS_SECRET_MISSING } from './tls-secret-missing.ts';
import { UNSCHEDULABLE_CPU } from './unschedulable-cpu.ts';
import { WRONG_ADDRESS } from './wrong-address.ts';
import { WRONG_PROBE_PORT } from './wrong-probe-port.ts';
import { WRONG_TARGET_PORT } from './wrong-target-port.ts';

/** From what concerns one pod to what concerns the whole cluster. */
export const INCIDENTS: readonly Incident[] = [
  BAD_IMAGE,
  IMAGE_PULL_SECRET_MISSING,
  MISSING_CONFIGMAP,
  MISSING_SECRET_KEY,
  OOM,
  MEMORY_LEAK,
  CRASH_LOOP,
  WRONG_PROBE_PORT,
  LIVENESS_KILL,
  INIT_CONTAINER_FAILING,
  UNSCHEDULABLE_CPU,
  NODE_DOWN,
  NODE_PRESSURE,
  CORDONED_POOL,
  PVC_PENDING,
  QUOTA_EXCEEDED,
  BAD_ROLLOUT,
  SELECTOR_TYPO,
  WRONG_TARGET_PORT,
  WRONG_ADDRESS,
  DEPENDENCY_DOWN,
  PAYMENT_ERRORS,
  JOB_FAILING,
  CRONJOB_SUSPENDED,
  HPA_NO_METRICS,
  HPA_AT_MAX,
  PDB_BLOCKS_DRAIN,
  NAMESPACE_STUCK,
  STATEFULSET_STUCK,
  INGRESS_BACKEND_MISSING,
  TLS_SECRET_MISSING,
  RBAC_DENIED,
];
