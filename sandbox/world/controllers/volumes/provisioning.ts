/** Volumes that are made when a claim asks for one, and go with it. */
import { canonicalQuantity } from '../../../kinds/quantity.ts';
import type { Machine } from '../../types.ts';
import type { Node } from '../kit/shapes.ts';
import { CLAIMS, type Claim, SELECTED_NODE, type StorageClass, VOLUMES, type Volume } from './shapes.ts';

/** How long making or removing one takes. */
const WORK_MS = 1_500;
const PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
const OLD_PROVISIONER = 'volume.beta.kubernetes.io/storage-provisioner';
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
const ZONE = 'topology.kubernetes.io/zone';

export interface Provisioner {
  /** Ms until it has to be asked again; undefined when that depends on others. */
  provision(claim: Claim, key: string, storageClass: StorageClass, machine: Machine): number | undefined;
  reclaim(volume: Volume, machine: Machine): number | undefined;
  forget(key: string): void;
}

export function createProvisioner(working: readonly string[]): Provisioner {
  const doneAt = new Map<string, number>();

  /** Ms that are left of some work; undefined once it is done. */
  function left(key: string, now: number): number | undefined {
    const at = doneAt.get(key) ?? now + WORK_MS;
    doneAt.set(key, at);
    if (at > now) return at - now;
    doneAt.delete(key);
    return undefined;
  }

  return {
    provision(claim, key, storageClass, machine) {
      const { provisioner } = storageClass;
      if (provisioner === 'kubernetes.io/no-provisioner') return undefined;
      const now = machine.clock.now();
      const begun = doneAt.has(key);
      if (!begun) {
        annotate(claim, provisioner, machine);
        const text = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
        machine.event(claim, 'Normal', 'ExternalProvisioning', text);
      }
      if (!working.includes(provisioner)) return undefined;
      if (!begun) {
        const text = `External provisioner is provisioning volume for claim "${key}"`;
        machine.event(claim, 'Normal', 'Provisioning', text);
      }
      const wait = left(key, now);
      if (wait !== undefined) return wait;
      const volume = volumeFor(claim, storageClass, machine);
      if (machine.get(VOLUMES, '', volume.metadata.name) === undefined) machine.create(VOLUMES, volume);
      const text = `Successfully provisioned volume ${volume.metadata.name}`;
      machine.event(claim, 'Normal', 'ProvisioningSucceeded', text);
      return undefined;
    },
    reclaim(volume, machine) {
      const by = volume.metadata.annotations?.[PROVISIONED_BY];
      if (by === undefined || !working.includes(by) || volume.metadata.deletionTimestamp !== undefined)
        return undefined;
      const wait = left(`volume ${volume.metadata.name}`, machine.clock.now());
      if (wait !== undefined) return wait;
      machine.delete(VOLUMES, '', volume.metadata.name);
      return undefined;
    },
    forget: (key) => doneAt.delete(key),
  };
}

function annotate({ metadata }: Claim, provisioner: string, machine: Machine): void {
  machine.modify(CLAIMS, metadata.namespace ?? '', metadata.name, (draft) => {
    draft.metadata.annotations = {
      ...draft.metadata.annotations,
      [OLD_PROVISIONER]: provisioner,
      [PROVISIONER]: provisioner,
    };
  });
}

function volumeFor(claim: Claim, storageClass: StorageClass, machine: Machine): Volume {
  const { name, namespace = '', uid = '', resourceVersion, annotations } = claim.metadata;
  const { accessModes = ['ReadWriteOnce'], volumeMode = 'Filesystem', resources } = claim.spec;
  const node = machine.get<Node>('nodes', '', annotations?.[SELECTED_NODE] ?? '');
  const zone = node?.metadata.labels?.[ZONE];
  const volumeName = `pvc-${uid}`;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: volumeName, annotations: { [PROVISIONED_BY]: storageClass.provisioner } },
    spec: {
      accessModes,
      capacity: { storage: canonicalQuantity(resources?.requests?.['storage'] ?? '1Gi') },
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        name,
        namespace,
        uid,
        ...(resourceVersion === undefined ? {} : { resourceVersion }),
      },
      csi: { driver: storageClass.provisioner, volumeHandle: volumeName, fsType: 'ext4' },
      ...(storageClass.mountOptions === undefined ? {} : { mountOptions: storageClass.mountOptions }),
      ...(zone === undefined
        ? {}
        : {
            nodeAffinity: {
              required: { nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: 'In', values: [zone] }] }] },
            },
          }),
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata.name,
      volumeMode,
    },
  };
}
