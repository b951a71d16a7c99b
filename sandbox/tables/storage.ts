/** Rows of storage and configuration. */
import { type Printer, printer } from './column.ts';
import { accessModes, age, NONE, UNSET } from './format.ts';

/** Where the class stood before it had a field. */
const OLD_CLASS = 'volume.beta.kubernetes.io/storage-class';

interface Volume {
  spec: {
    capacity?: { storage?: string };
    accessModes?: readonly string[];
    persistentVolumeReclaimPolicy?: string;
    claimRef?: { namespace?: string; name?: string };
    storageClassName?: string;
    volumeAttributesClassName?: string;
    volumeMode?: string;
  };
  status?: { phase?: string; reason?: string };
}

const VOLUMES = printer<Volume>(
  [
    'Name',
    'Capacity',
    'Access Modes',
    'Reclaim Policy',
    'Status',
    'Claim',
    'StorageClass',
    'VolumeAttributesClass',
    'Reason',
    'Age',
    'VolumeMode*',
  ],
  (volume, now) => {
    const { metadata, spec, status } = volume;
    return [
      metadata.name,
      spec.capacity?.storage ?? '0',
      accessModes(spec.accessModes),
      spec.persistentVolumeReclaimPolicy ?? '',
      metadata.deletionTimestamp === undefined ? (status?.phase ?? '') : 'Terminating',
      spec.claimRef === undefined ? '' : `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}`,
      metadata.annotations?.[OLD_CLASS] ?? spec.storageClassName ?? '',
      spec.volumeAttributesClassName ?? UNSET,
      status?.reason ?? '',
      age(volume, now),
      spec.volumeMode ?? UNSET,
    ];
  },
);

interface Claim {
  spec?: { volumeName?: string; storageClassName?: string; volumeAttributesClassName?: string; volumeMode?: string };
  status?: { phase?: string; accessModes?: readonly string[]; capacity?: { storage?: string } };
}

const CLAIMS = printer<Claim>(
  [
    'Name',
    'Status',
    'Volume',
    'Capacity',
    'Access Modes',
    'StorageClass',
    'VolumeAttributesClass',
    'Age',
    'VolumeMode*',
  ],
  (claim, now) => {
    const { metadata, spec, status } = claim;
    const isBound = Boolean(spec?.volumeName);
    return [
      metadata.name,
      metadata.deletionTimestamp === undefined ? (status?.phase ?? '') : 'Terminating',
      spec?.volumeName ?? '',
      isBound ? (status?.capacity?.storage ?? '0') : '',
      isBound ? accessModes(status?.accessModes) : '',
      metadata.annotations?.[OLD_CLASS] ?? spec?.storageClassName ?? '',
      spec?.volumeAttributesClassName ?? UNSET,
      age(claim, now),
      spec?.volumeMode ?? UNSET,
    ];
  },
);

interface Class {
  provisioner?: string;
  reclaimPolicy?: string;
  volumeBindingMode?: string;
  allowVolumeExpansion?: boolean;
}

const CLASSES = printer<Class>(
  ['Name', 'Provisioner', 'ReclaimPolicy', 'VolumeBindingMode', 'AllowVolumeExpansion', 'Age'],
  (object, now) => {
    const { name, annotations } = object.metadata;
    const isDefault =
      annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' ||
      annotations?.['storageclass.beta.kubernetes.io/is-default-class'] === 'true';
    return [
      `${name}${isDefault ? ' (default)' : ''}`,
      object.provisioner ?? '',
      object.reclaimPolicy ?? 'Delete',
      object.volumeBindingMode ?? 'Immediate',
      object.allowVolumeExpansion ?? false,
      age(object, now),
    ];
  },
);

const ATTACHMENTS: Printer = printer<{
  spec: { attacher?: string; nodeName?: string; source?: { persistentVolumeName?: string } };
  status?: { attached?: boolean };
}>(['Name', 'Attacher', 'PV', 'Node', 'Attached:bool', 'Age'], (object, now) => [
  object.metadata.name,
  object.spec.attacher ?? '',
  object.spec.source?.persistentVolumeName ?? '',
  object.spec.nodeName ?? '',
  object.status?.attached ?? false,
  age(object, now),
]);

interface Driver {
  spec: {
    attachRequired?: boolean;
    podInfoOnMount?: boolean;
    storageCapacity?: boolean;
    tokenRequests?: readonly { audience: string }[];
    requiresRepublish?: boolean;
    volumeLifecycleModes?: readonly string[];
  };
}

const DRIVERS = printer<Driver>(
  [
    'Name',
    'AttachRequired:bool',
    'PodInfoOnMount:bool',
    'StorageCapacity:bool',
    'TokenRequests',
    'RequiresRepublish:bool',
    'Modes',
    'Age',
  ],
  (driver, now) => [
    driver.metadata.name,
    driver.spec.attachRequired ?? true,
    driver.spec.podInfoOnMount ?? false,
    driver.spec.storageCapacity ?? false,
    driver.spec.tokenRequests?.map(({ audience }) => audience).join(',') ?? UNSET,
    driver.spec.requiresRepublish ?? false,
    (driver.spec.volumeLifecycleModes ?? []).join(',') || NONE,
    age(driver, now),
  ],
);

const CSI_NODES = printer<{ spec?: { drivers?: readonly unknown[] } }>(
  ['Name', 'Drivers:int', 'Age'],
  (object, now) => [object.metadata.name, object.spec?.drivers?.length ?? 0, age(object, now)],
);

const ATTRIBUTE_CLASSES = printer<{ driverName?: string }>(['Name', 'DriverName', 'Age'], (object, now) => [
  object.metadata.name,
  object.driverName ?? '',
  age(object, now),
]);

const CONFIG_MAPS = printer<{ data?: object; binaryData?: object }>(['Name', 'Data', 'Age'], (object, now) => [
  object.metadata.name,
  Object.keys(object.data ?? {}).length + Object.keys(object.binaryData ?? {}).length,
  age(object, now),
]);

const SECRETS = printer<{ type?: string; data?: object }>(['Name', 'Type', 'Data', 'Age'], (object, now) => [
  object.metadata.name,
  object.type ?? '',
  Object.keys(object.data ?? {}).length,
  age(object, now),
]);

export const STORAGE: Readonly<Record<string, Printer>> = {
  persistentvolumes: VOLUMES,
  persistentvolumeclaims: CLAIMS,
  'storageclasses.storage.k8s.io': CLASSES,
  'volumeattachments.storage.k8s.io': ATTACHMENTS,
  'csidrivers.storage.k8s.io': DRIVERS,
  'csinodes.storage.k8s.io': CSI_NODES,
  'volumeattributesclasses.storage.k8s.io': ATTRIBUTE_CLASSES,
  configmaps: CONFIG_MAPS,
  secrets: SECRETS,
};
