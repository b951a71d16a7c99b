/** Claims of StatefulSets' pods and the volumes that they are bound to. */
import type { App } from '../plan/types.ts';
import type { Recipe } from '../stamp/bodies.ts';
import { timeText } from '../stamp/texts.ts';
import { managed } from './managed-fields.ts';
import { metadata } from './meta.ts';
import { CLAIM, selectorLabels } from './pod-spec.ts';
import { CLAIM_SPEC } from './workloads.ts';

/** A claim with its volume. */
export interface ClaimSource {
  app: App;
  ordinal: number;
  uid: string;
  volumeUid: string;
}

export const DRIVER = 'disk.csi.example.com';
const PROVISIONER = 'volume.kubernetes.io/storage-provisioner';

const claimName = ({ app, ordinal }: ClaimSource) => `${CLAIM}-${app.name}-${ordinal}`;
const volumeName = ({ uid }: ClaimSource) => `pvc-${uid}`;
const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({});

export const VOLUME_CLAIM: Recipe<ClaimSource> = {
  resource: 'persistentvolumeclaims',
  identity: (source) => ({
    namespace: source.app.namespace,
    name: claimName(source),
    uid: source.uid,
    labels: selectorLabels(source.app),
  }),
  make(source, revision) {
    const { app, uid } = source;
    const created = timeText(app.created);
    const labels = selectorLabels(app);
    const annotations = {
      'pv.kubernetes.io/bind-completed': 'yes',
      'pv.kubernetes.io/bound-by-controller': 'yes',
      [PROVISIONER]: DRIVER,
    };
    const { accessModes, resources, storageClassName, volumeMode } = CLAIM_SPEC;
    const spec = { accessModes, resources, volumeName: volumeName(source), storageClassName, volumeMode };
    const status = { phase: 'Bound', accessModes, capacity: { storage: resources.requests.storage } };
    return {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: metadata({
        name: claimName(source),
        namespace: app.namespace,
        uid,
        revision,
        created,
        labels,
        annotations,
        finalizers: ['kubernetes.io/pvc-protection'],
        managedFields: [
          managed('kube-controller-manager', 'v1', created, { metadata: { annotations, labels }, spec }),
          managed('kube-controller-manager', 'v1', created, { status }, 'status'),
        ],
      }),
      spec,
      status,
    };
  },
};

export const VOLUME: Recipe<ClaimSource> = {
  resource: 'persistentvolumes',
  identity: (source) => ({ namespace: '', name: volumeName(source), uid: source.volumeUid, labels: NO_LABELS }),
  make(source, revision) {
    const { app, uid, volumeUid } = source;
    const created = timeText(app.created);
    const annotations = { 'pv.kubernetes.io/provisioned-by': DRIVER };
    const { accessModes, resources, storageClassName, volumeMode } = CLAIM_SPEC;
    const claimRef = {
      kind: 'PersistentVolumeClaim',
      namespace: app.namespace,
      name: claimName(source),
      uid,
      apiVersion: 'v1',
    };
    const spec = {
      capacity: { storage: resources.requests.storage },
      csi: { driver: DRIVER, volumeHandle: `vol-${volumeUid}`, fsType: 'ext4', volumeAttributes: { type: 'fast' } },
      accessModes,
      claimRef,
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName,
      volumeMode,
    };
    const status = { phase: 'Bound', lastPhaseTransitionTime: created };
    return {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: metadata({
        name: volumeName(source),
        uid: volumeUid,
        revision,
        created,
        annotations,
        finalizers: ['external-provisioner.volume.kubernetes.io/finalizer', 'kubernetes.io/pv-protection'],
        managedFields: [
          managed('csi-provisioner', 'v1', created, { metadata: { annotations }, spec }),
          managed('kube-controller-manager', 'v1', created, { status }, 'status'),
        ],
      }),
      spec,
      status,
    };
  },
};
