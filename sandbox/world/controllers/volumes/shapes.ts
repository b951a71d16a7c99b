/** Volumes, claims and classes as their controllers read them. */
import type { KubeObject } from '../../../types.ts';
import type { Machine } from '../../types.ts';
import type { Condition, LabelSelector, Pod } from '../kit/shapes.ts';

export const CLAIMS = 'persistentvolumeclaims';
export const VOLUMES = 'persistentvolumes';
export const CLASSES = 'storageclasses.storage.k8s.io';
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

interface ClaimRef {
  kind?: string;
  apiVersion?: string;
  namespace: string;
  name: string;
  uid?: string;
  resourceVersion?: string;
}

export interface Claim extends KubeObject {
  spec: {
    accessModes?: string[];
    selector?: LabelSelector;
    resources?: { requests?: Record<string, string> };
    storageClassName?: string;
    volumeMode?: string;
    volumeName?: string;
  };
  status?: {
    phase?: string;
    accessModes?: string[] | undefined;
    capacity?: Record<string, string> | undefined;
    conditions?: Condition[];
  };
}

export interface Volume extends KubeObject {
  spec: {
    accessModes?: string[];
    capacity?: Record<string, string>;
    claimRef?: ClaimRef;
    persistentVolumeReclaimPolicy?: string;
    storageClassName?: string;
    volumeMode?: string;
    nodeAffinity?: unknown;
    [source: string]: unknown;
  };
  status?: { phase?: string; lastPhaseTransitionTime?: string };
}

export interface StorageClass extends KubeObject {
  provisioner: string;
  parameters?: Record<string, string>;
  reclaimPolicy?: string;
  volumeBindingMode?: string;
  allowVolumeExpansion?: boolean;
  mountOptions?: string[];
}

/** Pods that use a claim, in their volumes or by a generic ephemeral volume. */
export function usersOf(claim: Claim, machine: Machine): readonly Pod[] {
  const { name, namespace } = claim.metadata;
  return machine.list<Pod>('pods', namespace).filter((pod) => claimsOf(pod).includes(name));
}

export function claimsOf({ spec, metadata }: Pod): readonly string[] {
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim !== undefined) return [persistentVolumeClaim.claimName];
    return ephemeral === undefined ? [] : [`${metadata.name}-${name}`];
  });
}
