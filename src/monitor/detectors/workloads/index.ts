/** What can be wrong with pods, what makes them, and the nodes that they run on. */
import type { Detector } from '../../types.ts';
import { crashLoop } from './crash-loop.ts';
import { createContainerConfigError } from './create-container-config-error.ts';
import { createContainerError } from './create-container-error.ts';
import { cronJobTrouble } from './cronjob.ts';
import { daemonSetIncomplete } from './daemonset-incomplete.ts';
import { deploymentProgressDeadline } from './deployment-progress-deadline.ts';
import { evicted } from './evicted.ts';
import { imagePull } from './image-pull.ts';
import { initContainerFailing } from './init-container-failing.ts';
import { jobFailed } from './job-failed.ts';
import { jobStuck } from './job-stuck.ts';
import { latestTag } from './latest-tag.ts';
import { livenessKills } from './liveness-kills.ts';
import { mountFailed } from './mount-failed.ts';
import { noProbes } from './no-probes.ts';
import { noRequests } from './no-requests.ts';
import { nodeCordoned } from './node-cordoned.ts';
import { nodeNotReady } from './node-not-ready.ts';
import { notReady } from './not-ready.ts';
import { oomKilled } from './oom-killed.ts';
import { podOnBadNode } from './pod-on-bad-node.ts';
import { replicaFailure } from './replica-failure.ts';
import { replicasUnavailable } from './replicas-unavailable.ts';
import { restartsRising } from './restarts-rising.ts';
import { rolloutStuck } from './rollout-stuck.ts';
import { sandboxCreation } from './sandbox-creation.ts';
import { schedulingGated } from './scheduling-gated.ts';
import { singleReplica } from './single-replica.ts';
import { statefulSetServiceMissing } from './statefulset-service-missing.ts';
import { statefulSetStuck } from './statefulset-stuck.ts';
import { stuckTerminating } from './stuck-terminating.ts';
import { unmanagedPod } from './unmanaged-pod.ts';
import { unschedulable } from './unschedulable.ts';
import { zeroReplicasInUse } from './zero-replicas-in-use.ts';

export const WORKLOAD_DETECTORS: readonly Detector[] = [
  crashLoop,
  oomKilled,
  imagePull,
  createContainerConfigError,
  createContainerError,
  initContainerFailing,
  unschedulable,
  schedulingGated,
  sandboxCreation,
  mountFailed,
  notReady,
  livenessKills,
  restartsRising,
  evicted,
  stuckTerminating,
  podOnBadNode,
  deploymentProgressDeadline,
  replicasUnavailable,
  rolloutStuck,
  replicaFailure,
  statefulSetStuck,
  statefulSetServiceMissing,
  daemonSetIncomplete,
  zeroReplicasInUse,
  jobFailed,
  jobStuck,
  cronJobTrouble,
  nodeNotReady,
  nodeCordoned,
  noRequests,
  noProbes,
  latestTag,
  singleReplica,
  unmanagedPod,
];
