/** Deployments as their controller reads them. */
import type { KubeObject, ResourceId } from '../../../types.ts';
import { type IntOrPercent, scaled } from '../kit/numbers.ts';
import type { Condition, LabelSelector, PodTemplate } from '../kit/shapes.ts';

export const REPLICA_SETS: ResourceId = 'replicasets.apps';
export const REVISION = 'deployment.kubernetes.io/revision';
export const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
export const DESIRED = 'deployment.kubernetes.io/desired-replicas';
export const MAX = 'deployment.kubernetes.io/max-replicas';
export const TEMPLATE_HASH = 'pod-template-hash';

export interface DeploymentStatus {
  observedGeneration?: number | undefined;
  replicas?: number | undefined;
  updatedReplicas?: number | undefined;
  readyReplicas?: number | undefined;
  availableReplicas?: number | undefined;
  unavailableReplicas?: number | undefined;
  terminatingReplicas?: number | undefined;
  collisionCount?: number | undefined;
  conditions?: Condition[] | undefined;
}

export interface Deployment extends KubeObject {
  spec: {
    replicas?: number;
    paused?: boolean;
    minReadySeconds?: number;
    progressDeadlineSeconds?: number;
    revisionHistoryLimit?: number;
    selector?: LabelSelector;
    strategy?: { type?: string; rollingUpdate?: { maxSurge?: IntOrPercent; maxUnavailable?: IntOrPercent } };
    template: PodTemplate;
  };
  status?: DeploymentStatus;
}

export const isRolling = ({ spec }: Deployment) => spec.strategy?.type !== 'Recreate';

/** Percentages that are both nothing would never move: then one may be unavailable. */
function bounds({ spec }: Deployment): { surge: number; unavailable: number } {
  const replicas = spec.replicas ?? 1;
  const surge = scaled(spec.strategy?.rollingUpdate?.maxSurge ?? '25%', replicas, 'up');
  const unavailable = scaled(spec.strategy?.rollingUpdate?.maxUnavailable ?? '25%', replicas, 'down');
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

export const maxSurge = (deployment: Deployment) => (isRolling(deployment) ? bounds(deployment).surge : 0);

export function maxUnavailable(deployment: Deployment): number {
  const replicas = deployment.spec.replicas ?? 1;
  return isRolling(deployment) ? Math.min(bounds(deployment).unavailable, replicas) : 0;
}
