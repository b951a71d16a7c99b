/** When a namespace has come to rest: what controllers had to write is written, so that looks at it a moment apart are the same. */
import { kubectl } from './control-plane.ts';
import { settled } from './process-watch.ts';

/** A rollout on a slow machine with two suites beside it. */
const LIMIT_MS = 120_000;

interface Condition {
  type: string;
  status: string;
  reason?: string;
}

interface Workload {
  kind: string;
  metadata: { name: string; generation?: number; deletionTimestamp?: string };
  spec: { replicas?: number };
  status: {
    observedGeneration?: number;
    replicas?: number;
    readyReplicas?: number;
    availableReplicas?: number;
    updatedReplicas?: number;
    /** Of ReplicaSets and Deployments: pods that are on their way out, and counted nowhere else. */
    terminatingReplicas?: number;
    currentRevision?: string;
    updateRevision?: string;
    conditions?: Condition[];
  };
}

/**
 * Waits for the workloads of a namespace to be rolled out and for their old pods to be gone. `rollout status` is content before that:
 * pods that end are not counted, and what it waited for is written down once more.
 */
export async function atRest(namespace: string): Promise<void> {
  const moving = async () => {
    const list = await kubectl(['get', 'deployments,statefulsets,replicasets,pods', '-n', namespace, '-o', 'json']);
    return (JSON.parse(list) as { items: Workload[] }).items
      .filter((item) => !isAtRest(item))
      .map(({ kind, metadata: { name } }) => `${kind} ${name}`);
  };
  const left = await settled(moving, (all) => all.length === 0, LIMIT_MS);
  if (left.length > 0) throw new Error(`${namespace} does not come to rest: ${left.join(', ')}`);
}

function isAtRest({ kind, metadata, spec, status }: Workload): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  // Pods of their own may be stuck for good; those of workloads are counted there.
  if (kind === 'Pod') return true;
  const { replicas = 1 } = spec;
  const {
    replicas: made = 0,
    readyReplicas: ready = 0,
    availableReplicas: available = 0,
    terminatingReplicas = 0,
  } = status;
  const counted = [made, ready, available].every((count) => count === replicas) && terminatingReplicas === 0;
  if (status.observedGeneration !== metadata.generation || !counted) return false;
  if (kind === 'ReplicaSet') return true;
  if ((status.updatedReplicas ?? 0) !== replicas) return false;
  return kind === 'StatefulSet' ? status.currentRevision === status.updateRevision : isRolledOut(status.conditions);
}

/** The deployment controller's last word on a rollout. */
function isRolledOut(conditions: readonly Condition[] = []): boolean {
  return conditions.some(({ type, reason }) => type === 'Progressing' && reason === 'NewReplicaSetAvailable');
}
