/** The kinds that have a file of their own. */
import type { KindKey, KindProjection } from '../types.ts';
import { apiService } from './api-service.ts';
import { application } from './application.ts';
import { autoscaler } from './autoscaler.ts';
import { budget } from './budget.ts';
import { certificate } from './certificate.ts';
import { claim } from './claim.ts';
import { configMap } from './config-map.ts';
import { cronJob } from './cron-job.ts';
import { csiDriver } from './csi-driver.ts';
import { csiNode } from './csi-node.ts';
import { daemonSet } from './daemon-set.ts';
import { definition } from './definition.ts';
import { deployment } from './deployment.ts';
import { endpointSlice } from './endpoint-slice.ts';
import { ingress } from './ingress.ts';
import { ingressClass } from './ingress-class.ts';
import { job } from './job.ts';
import { limitRange } from './limit-range.ts';
import { namespace } from './namespace.ts';
import { networkPolicy } from './network-policy.ts';
import { node } from './node.ts';
import { pod } from './pod.ts';
import { priorityClass } from './priority-class.ts';
import { quota } from './quota.ts';
import { replicaSet } from './replica-set.ts';
import { replicationController } from './replication-controller.ts';
import { clusterRole, role } from './role.ts';
import { clusterRoleBinding, roleBinding } from './role-binding.ts';
import { secret } from './secret.ts';
import { service } from './service.ts';
import { serviceAccount } from './service-account.ts';
import { statefulSet } from './stateful-set.ts';
import { storageClass } from './storage-class.ts';
import { volume } from './volume.ts';
import { volumeAttachment } from './volume-attachment.ts';
import { mutatingWebhooks, validatingWebhooks } from './webhooks.ts';

const PROJECTIONS: readonly KindProjection<unknown>[] = [
  apiService,
  application,
  autoscaler,
  budget,
  certificate,
  claim,
  configMap,
  cronJob,
  csiDriver,
  csiNode,
  daemonSet,
  definition,
  deployment,
  endpointSlice,
  ingress,
  ingressClass,
  job,
  limitRange,
  namespace,
  networkPolicy,
  node,
  pod,
  priorityClass,
  quota,
  replicaSet,
  replicationController,
  clusterRole,
  role,
  clusterRoleBinding,
  roleBinding,
  secret,
  service,
  serviceAccount,
  statefulSet,
  storageClass,
  volume,
  volumeAttachment,
  mutatingWebhooks,
  validatingWebhooks,
];

export const OWN_KINDS: ReadonlyMap<KindKey, KindProjection<unknown>> = new Map(
  PROJECTIONS.map((projection) => [projection.kind, projection]),
);
