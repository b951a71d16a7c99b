/** StatefulSets as their controller reads them, and the numbers of their pods. */
import type { KubeObject } from '../../../types.ts';
import type { LabelSelector, PodTemplate } from '../kit/shapes.ts';

export interface ClaimTemplate {
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: Record<string, unknown>;
}

export interface StatefulSet extends KubeObject {
  spec: {
    replicas?: number;
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    podManagementPolicy?: string;
    serviceName?: string;
    selector?: LabelSelector;
    ordinals?: { start?: number };
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } };
    persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string; whenScaled?: string };
    volumeClaimTemplates?: ClaimTemplate[];
    template: PodTemplate;
  };
  status?: {
    observedGeneration?: number | undefined;
    replicas?: number | undefined;
    readyReplicas?: number | undefined;
    availableReplicas?: number | undefined;
    currentReplicas?: number | undefined;
    updatedReplicas?: number | undefined;
    currentRevision?: string | undefined;
    updateRevision?: string | undefined;
    collisionCount?: number | undefined;
  };
}

export const startOf = ({ spec }: StatefulSet) => spec.ordinals?.start ?? 0;

/** The number at the end of a pod's name when the rest is the set's. */
export function ordinalOf(set: StatefulSet, podName: string): number | undefined {
  const prefix = `${set.metadata.name}-`;
  if (!podName.startsWith(prefix)) return undefined;
  const digits = podName.slice(prefix.length);
  return /^[0-9]{1,9}$/.test(digits) ? Number(digits) : undefined;
}

export function isInRange(set: StatefulSet, ordinal: number): boolean {
  return ordinal >= startOf(set) && ordinal < startOf(set) + (set.spec.replicas ?? 1);
}
