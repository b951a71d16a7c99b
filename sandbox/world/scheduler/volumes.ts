/** The claims of a pod: which of them keep it from being scheduled at all, on which nodes, and what has to be bound first. */
import { parseQuantity } from '../../kinds/quantity.ts';
import type { KubeObject } from '../../types.ts';
import { type Claim, claimOf, type KubeNode, type PersistentVolume, type Pod } from '../kubelet/pod-types.ts';
import type { Machine } from '../types.ts';
import { nodeSelected } from './selectors.ts';

interface StorageClass extends KubeObject {
  provisioner?: string;
  volumeBindingMode?: string;
  allowedTopologies?: { matchLabelExpressions?: { key: string; values: string[] }[] }[];
}

export interface PodVolumes {
  /** Why no node can take the pod for now. */
  blocked?: string;
  /** Why this node cannot. */
  refused(node: KubeNode): string | undefined;
  /** Binds or asks to provision what waits for the pod's node: false when the pod has to wait for it. */
  bind(node: KubeNode): boolean;
}

const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
const NO_PROVISIONER = 'kubernetes.io/no-provisioner';
const ZONE_LABELS = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

export function volumesOf(pod: Pod, machine: Machine): PodVolumes {
  const namespace = pod.metadata.namespace ?? '';
  const bound: PersistentVolume[] = [];
  const late: { claim: Claim; storageClass: StorageClass }[] = [];
  let unbound = false;
  let lost = false;
  for (const volume of pod.spec.volumes ?? []) {
    const wanted = claimOf(pod, volume);
    if (wanted === undefined) continue;
    const claim = machine.get<Claim>('persistentvolumeclaims', namespace, wanted.name);
    const blocked = blockedBy(claim, wanted);
    if (claim === undefined || blocked !== undefined) return nothing(blocked ?? '');
    if (isBound(claim)) {
      const found = machine.get<PersistentVolume>('persistentvolumes', '', claim.spec.volumeName ?? '');
      if (found === undefined) lost = true;
      else bound.push(found);
      continue;
    }
    const storageClass = classOf(claim, machine);
    if (storageClass?.volumeBindingMode === 'WaitForFirstConsumer') late.push({ claim, storageClass });
    else unbound = true;
  }
  if (unbound) return nothing('pod has unbound immediate PersistentVolumeClaims');
  return {
    refused(node) {
      if (lost) return 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';
      for (const volume of bound) {
        if (!reaches(volume, node)) return "node(s) didn't match PersistentVolume's node affinity";
        if (!inZone(volume, node)) return 'node(s) had no available volume zone';
      }
      const hopeless = late.some(({ claim, storageClass }) => !canHave(claim, storageClass, node, machine));
      return hopeless ? "node(s) didn't find available persistent volumes to bind" : undefined;
    },
    bind(node) {
      for (const { claim, storageClass } of late) prepare(claim, storageClass, node, machine);
      return late.length === 0;
    },
  };
}

const nothing = (blocked: string): PodVolumes => ({ blocked, refused: () => blocked, bind: () => false });

function blockedBy(claim: Claim | undefined, wanted: { name: string; ephemeral: boolean }): string | undefined {
  if (claim === undefined)
    return wanted.ephemeral
      ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${wanted.name}"`
      : `persistentvolumeclaim "${wanted.name}" not found`;
  if (claim.status?.phase === 'Lost')
    return `persistentvolumeclaim "${wanted.name}" bound to non-existent persistentvolume "${claim.spec.volumeName}"`;
  if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim "${wanted.name}" is being deleted`;
  return undefined;
}

const isBound = (claim: Claim) => (claim.spec.volumeName ?? '') !== '' && claim.status?.phase === 'Bound';

function classOf(claim: Claim, machine: Machine): StorageClass | undefined {
  const name = claim.spec.storageClassName ?? '';
  return name === '' ? undefined : machine.get<StorageClass>('storageclasses.storage.k8s.io', '', name);
}

function reaches(volume: PersistentVolume, node: KubeNode): boolean {
  const required = volume.spec.nodeAffinity?.required;
  return required === undefined || nodeSelected(required, node);
}

/** A volume's zone label may name several, parted by `__`. */
function inZone(volume: PersistentVolume, node: KubeNode): boolean {
  return ZONE_LABELS.every((key) => {
    const zones = volume.metadata.labels?.[key];
    const own = node.metadata.labels?.[key];
    return zones === undefined || own === undefined || zones.split('__').includes(own);
  });
}

/** The smallest volume that is there already and fits. */
function staticVolume(claim: Claim, node: KubeNode, machine: Machine): PersistentVolume | undefined {
  const size = (list: Readonly<Record<string, string>> | undefined) =>
    parseQuantity(String(list?.['storage'] ?? '0')) ?? 0;
  const fits = (volume: PersistentVolume) =>
    (volume.spec.storageClassName ?? '') === (claim.spec.storageClassName ?? '') &&
    (volume.spec.claimRef === undefined
      ? volume.status?.phase === undefined || volume.status.phase === 'Available'
      : volume.spec.claimRef.uid === claim.metadata.uid) &&
    size(volume.spec.capacity) >= size(claim.spec.resources?.requests) &&
    (claim.spec.accessModes ?? []).every((mode) => volume.spec.accessModes?.includes(mode)) &&
    reaches(volume, node);
  return machine
    .list<PersistentVolume>('persistentvolumes')
    .filter(fits)
    .sort((a, b) => size(a.spec.capacity) - size(b.spec.capacity))[0];
}

function canHave(claim: Claim, storageClass: StorageClass, node: KubeNode, machine: Machine): boolean {
  const selected = claim.metadata.annotations?.[SELECTED_NODE];
  if (selected !== undefined) return selected === node.metadata.name;
  if (staticVolume(claim, node, machine) !== undefined) return true;
  if (storageClass.provisioner === NO_PROVISIONER) return false;
  const { allowedTopologies = [] } = storageClass;
  const labels = node.metadata.labels ?? {};
  return (
    allowedTopologies.length === 0 ||
    allowedTopologies.some(({ matchLabelExpressions = [] }) =>
      matchLabelExpressions.every(({ key, values }) => values.includes(labels[key] ?? '')),
    )
  );
}

function prepare(claim: Claim, storageClass: StorageClass, node: KubeNode, machine: Machine): void {
  const { namespace = '', name, uid } = claim.metadata;
  const volume = staticVolume(claim, node, machine);
  if (volume !== undefined) {
    machine.modify<PersistentVolume>('persistentvolumes', '', volume.metadata.name, (draft) => {
      draft.spec.claimRef = {
        kind: 'PersistentVolumeClaim',
        namespace,
        name,
        apiVersion: 'v1',
        ...(uid === undefined ? {} : { uid }),
      };
    });
    return;
  }
  if (storageClass.provisioner === NO_PROVISIONER) return;
  machine.modify<Claim>('persistentvolumeclaims', namespace, name, (draft) => {
    draft.metadata.annotations = { ...draft.metadata.annotations, [SELECTED_NODE]: node.metadata.name };
  });
}
