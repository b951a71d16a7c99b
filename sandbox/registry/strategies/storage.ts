/** Volumes, claims, and the classes and drivers that make them. */
import { copyJson } from '../../json-value.ts';
import { compareQuantities, parseQuantity } from '../../kinds/quantity.ts';
import type { KubeObject } from '../../types.ts';
import { accessModes, claimSpec, volumeMode } from './claim-validation.ts';
import { dnsSubdomain, immutable, oneOf, positiveQuantity, qualifiedName } from './common-validation.ts';
import type { Findings } from './field-errors.ts';
import {
  ensure,
  type Fields,
  fieldsOf,
  has,
  itemsOf,
  semanticEqual,
  setDefault,
  stringsOf,
  textOf,
  textsOf,
} from './fields.ts';
import { kindStrategy } from './kind-strategy.ts';
import { volumeSourceDefaults } from './pod-spec-defaults.ts';
import { nodeSelector } from './scheduling-validation.ts';
import { structDiff } from './struct-diff.ts';
import { csiDriverName } from './volume-validation.ts';

const specOf = (object: KubeObject) => fieldsOf(object['spec']);
const LIFECYCLES = ['Persistent', 'Ephemeral'];

function claimUpdate(found: Findings, object: KubeObject, old: KubeObject): void {
  const spec = specOf(object);
  const before = specOf(old);
  const isBound = fieldsOf(object['status'])['phase'] === 'Bound';
  const now: Fields = { ...spec };
  const then: Fields = { ...before };
  // Binding fills these in once.
  if (textOf(before['volumeName']) === '') then['volumeName'] = now['volumeName'];
  if (!has(before, 'storageClassName')) now['storageClassName'] = before['storageClassName'];
  const requests = (of: Fields) => textsOf(fieldsOf(of['resources'])['requests']);
  const wanted = requests(spec)['storage'] ?? '0';
  const had = requests(before)['storage'] ?? '0';
  if (isBound) {
    now['resources'] = { ...fieldsOf(spec['resources']), requests: { ...requests(spec), storage: had } };
    now['volumeAttributesClassName'] = before['volumeAttributesClassName'];
  }
  if (!semanticEqual(now, then)) {
    const why =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    found.forbidden('spec', `${why}\n${structDiff(then, now, 'core.PersistentVolumeClaimSpec')}`);
  }
  if (compareQuantities(wanted, had) < 0) {
    const capacity = textsOf(fieldsOf(old['status'])['capacity'])['storage'] ?? '0';
    if (compareQuantities(wanted, capacity) <= 0) {
      found.forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity');
    }
  }
  immutable(found, 'volumeMode', spec['volumeMode'], before['volumeMode']);
}

/** Fields of a PersistentVolume's spec that are not its source. */
const NOT_SOURCES = [
  'capacity',
  'accessModes',
  'claimRef',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'mountOptions',
  'volumeMode',
  'nodeAffinity',
  'volumeAttributesClassName',
];
const sourceOf = (spec: Fields) =>
  Object.fromEntries(Object.entries(spec).filter(([name]) => !NOT_SOURCES.includes(name)));
const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];

function volume(found: Findings, object: KubeObject): void {
  const spec = specOf(object);
  const capacity = textsOf(spec['capacity']);
  const modes = stringsOf(spec['accessModes']);
  if (modes.length === 0) found.required('spec.accessModes');
  accessModes(found, 'spec.accessModes', modes);
  const names = Object.keys(capacity);
  if (names.length === 0) found.required('spec.capacity');
  if (capacity['storage'] === undefined || names.length > 1) {
    found.notSupported('spec.capacity', names.length === 0 ? null : capacity, ['storage']);
  }
  for (const [name, quantity] of Object.entries(capacity)) {
    const value = parseQuantity(quantity) ?? 0;
    if (value < 0) found.invalid(`spec.capacity[${name}]`, value, 'must be a valid resource quantity');
    positiveQuantity(found, `spec.capacity[${name}]`, quantity);
  }
  const reclaim = textOf(spec['persistentVolumeReclaimPolicy']);
  if (reclaim !== '') oneOf(found, 'spec.persistentVolumeReclaimPolicy', reclaim, RECLAIM_POLICIES);
  if (has(spec, 'nodeAffinity')) {
    const required = fieldsOf(spec['nodeAffinity']);
    if (!has(required, 'required'))
      found.required('spec.nodeAffinity.required', 'must specify required node constraints');
    else nodeSelector(found, 'spec.nodeAffinity.required', fieldsOf(required['required']));
  }
  volumeSource(found, spec, reclaim);
  const className = textOf(spec['storageClassName']);
  if (className !== '') dnsSubdomain(found, 'spec.storageClassName', className);
  volumeMode(found, 'spec.volumeMode', spec['volumeMode']);
}

function volumeSource(found: Findings, spec: Fields, reclaim: string): void {
  const [first, ...more] = Object.entries(sourceOf(spec));
  if (first === undefined) found.required('spec', 'must specify a volume type');
  for (const [name] of more) found.forbidden(`spec.${name}`, 'may not specify more than 1 volume type');
  const [name = '', value] = first ?? [];
  const source = fieldsOf(value);
  const path = textOf(source['path']);
  if (name === 'hostPath') {
    if (path === '') found.required('spec.hostPath.path');
    if (path.split('/').includes('..')) found.invalid('spec.hostPath.path', path, "must not contain '..'");
    if (path === '/' && reclaim === 'Recycle') {
      found.forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'");
    }
  } else if (name === 'local') {
    if (path === '') found.required('spec.local.path');
    if (!has(spec, 'nodeAffinity')) found.required('spec.nodeAffinity', 'Local volume requires node affinity');
  } else if (name === 'nfs') {
    if (textOf(source['server']) === '') found.required('spec.nfs.server');
    if (path === '') found.required('spec.nfs.path');
    if (!path.startsWith('/')) found.invalid('spec.nfs.path', path, 'must be an absolute path');
  } else if (name === 'csi') {
    csiDriverName(found, 'spec.csi.driver', textOf(source['driver']));
    if (textOf(source['volumeHandle']) === '') found.required('spec.csi.volumeHandle');
  }
}

function volumeUpdate(found: Findings, object: KubeObject, old: KubeObject): void {
  const now = sourceOf(specOf(object));
  const then = sourceOf(specOf(old));
  if (!semanticEqual(now, then)) {
    const tail = structDiff(then, now, 'core.PersistentVolumeSource');
    found.forbidden('spec.persistentvolumesource', `spec.persistentvolumesource is immutable after creation\n${tail}`);
  }
  immutable(found, 'volumeMode', specOf(object)['volumeMode'], specOf(old)['volumeMode']);
  if (has(specOf(old), 'nodeAffinity') && !semanticEqual(specOf(object)['nodeAffinity'], specOf(old)['nodeAffinity'])) {
    found.invalid('nodeAffinity', specOf(object)['nodeAffinity'] ?? null, 'field is immutable');
  }
}

const CLASS_FROZEN = ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'];
const EXPECTED_TOPOLOGY = 'allowedTopologies';

function storageClass(found: Findings, object: KubeObject): void {
  const provisioner = textOf(object['provisioner']);
  if (provisioner === '') found.required('provisioner');
  else qualifiedName(found, 'provisioner', provisioner.toLowerCase());
  for (const key of Object.keys(textsOf(object['parameters']))) {
    if (key === '') found.invalid('parameters', key, 'field can not be empty.');
  }
  const reclaim = textOf(object['reclaimPolicy']);
  if (reclaim !== '') oneOf(found, 'reclaimPolicy', reclaim, ['Delete', 'Retain']);
  const mode = object['volumeBindingMode'];
  if (mode === undefined) found.required('volumeBindingMode');
  else oneOf(found, 'volumeBindingMode', mode, ['Immediate', 'WaitForFirstConsumer']);
  for (const [index, term] of itemsOf(object[EXPECTED_TOPOLOGY]).entries()) {
    for (const [at, label] of itemsOf(term['matchLabelExpressions']).entries()) {
      const path = `${EXPECTED_TOPOLOGY}[${index}].matchLabelExpressions[${at}]`;
      if (stringsOf(label['values']).length === 0) found.required(`${path}.values`);
      qualifiedName(found, `${path}.key`, textOf(label['key']));
    }
  }
}

export const STORAGE_STRATEGIES = {
  persistentvolumeclaims: kindStrategy('core.PersistentVolumeClaim', {
    defaults(object) {
      setDefault(ensure(object, 'spec'), 'volumeMode', 'Filesystem');
      setDefault(ensure(object, 'status'), 'phase', 'Pending', true);
      sameSource(specOf(object));
    },
    prepareCreate(object) {
      object['status'] = { phase: 'Pending' };
    },
    prepareUpdate(object, old) {
      object['status'] = copyJson(old['status']);
    },
    validate: (found, object) => claimSpec(found, 'spec', specOf(object)),
    validateUpdate: claimUpdate,
  }),
  persistentvolumes: kindStrategy('core.PersistentVolume', {
    defaults(object) {
      const spec = ensure(object, 'spec');
      setDefault(ensure(object, 'status'), 'phase', 'Pending', true);
      setDefault(spec, 'persistentVolumeReclaimPolicy', 'Retain', true);
      setDefault(spec, 'volumeMode', 'Filesystem');
      volumeSourceDefaults(spec);
    },
    prepareCreate(object) {
      const since = object.metadata.creationTimestamp;
      object['status'] = { phase: 'Pending', ...(since ? { lastPhaseTransitionTime: since } : {}) };
    },
    prepareUpdate(object, old) {
      object['status'] = copyJson(old['status']);
    },
    validate: volume,
    validateUpdate: volumeUpdate,
  }),
  'storageclasses.storage.k8s.io': kindStrategy('storage.StorageClass', {
    defaults(object) {
      setDefault(object, 'reclaimPolicy', 'Delete');
      setDefault(object, 'volumeBindingMode', 'Immediate');
    },
    validate: storageClass,
    validateUpdate(found, object, old) {
      for (const field of CLASS_FROZEN) {
        immutable(
          found,
          field,
          object[field] ?? (field === 'parameters' ? {} : undefined),
          old[field] ?? (field === 'parameters' ? {} : undefined),
        );
      }
    },
  }),
  'csidrivers.storage.k8s.io': kindStrategy('storage.CSIDriver', {
    generation: false,
    defaults(object) {
      const spec = ensure(object, 'spec');
      setDefault(spec, 'attachRequired', true);
      setDefault(spec, 'podInfoOnMount', false);
      setDefault(spec, 'storageCapacity', false);
      setDefault(spec, 'fsGroupPolicy', 'ReadWriteOnceWithFSType');
      if (stringsOf(spec['volumeLifecycleModes']).length === 0) spec['volumeLifecycleModes'] = ['Persistent'];
      setDefault(spec, 'requiresRepublish', false);
      setDefault(spec, 'seLinuxMount', false);
    },
    validate(found, object) {
      const spec = specOf(object);
      oneOf(found, 'spec.fsGroupPolicy', spec['fsGroupPolicy'], ['File', 'None', 'ReadWriteOnceWithFSType']);
      for (const mode of stringsOf(spec['volumeLifecycleModes']))
        if (!LIFECYCLES.includes(mode)) found.notSupported('spec.volumeLifecycleModes', mode, LIFECYCLES);
    },
    warnings(object) {
      const spec = specOf(object);
      if (itemsOf(spec['tokenRequests']).length === 0 || has(spec, 'serviceAccountTokenInSecrets')) return [];
      return [
        'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes',
      ];
    },
    validateUpdate(found, object, old) {
      for (const field of ['attachRequired', 'volumeLifecycleModes']) {
        immutable(found, `spec.${field}`, specOf(object)[field], specOf(old)[field]);
      }
    },
  }),
  'csinodes.storage.k8s.io': kindStrategy('storage.CSINode', {
    validate(found, object) {
      for (const [index, driver] of itemsOf(specOf(object)['drivers']).entries()) {
        csiDriverName(found, `spec.drivers[${index}].name`, textOf(driver['name']));
        if (textOf(driver['nodeID']) === '') found.required(`spec.drivers[${index}].nodeID`);
      }
    },
  }),
  'csistoragecapacities.storage.k8s.io': kindStrategy('storage.CSIStorageCapacity', {
    validate(found, object) {
      const className = textOf(object['storageClassName']);
      if (className === '') found.invalid('storageClassName', '', 'name part must be non-empty');
      else dnsSubdomain(found, 'storageClassName', className);
    },
    validateUpdate(found, object, old) {
      for (const field of ['nodeTopology', 'storageClassName']) immutable(found, field, object[field], old[field]);
    },
  }),
  'volumeattachments.storage.k8s.io': kindStrategy('storage.VolumeAttachment', {
    status: 'storage.VolumeAttachmentStatus',
    validate(found, object) {
      const spec = specOf(object);
      if (textOf(spec['attacher']) === '') found.required('spec.attacher');
      else qualifiedName(found, 'spec.attacher', textOf(spec['attacher']).toLowerCase());
      if (
        !has(fieldsOf(spec['source']), 'persistentVolumeName') &&
        !has(fieldsOf(spec['source']), 'inlineVolumeSpec')
      ) {
        found.required('spec.source', 'must specify exactly one of inlineVolumeSpec and persistentVolumeName');
      }
      if (textOf(spec['nodeName']) === '') found.required('spec.nodeName');
    },
    validateUpdate: (found, object, old) => immutable(found, 'spec', specOf(object), specOf(old)),
  }),
  'volumeattributesclasses.storage.k8s.io': kindStrategy('storage.VolumeAttributesClass', {
    validate(found, object) {
      if (textOf(object['driverName']) === '') found.required('driverName');
      if (Object.keys(textsOf(object['parameters'])).length === 0) {
        found.required('parameters', 'must contain at least one key/value pair');
      }
    },
    validateUpdate(found, object, old) {
      for (const field of ['driverName', 'parameters']) immutable(found, field, object[field], old[field]);
    },
  }),
};

/** The old and the new way to name a data source say the same. */
function sameSource(spec: Fields): void {
  if (has(spec, 'dataSource') && !isOldSource(fieldsOf(spec['dataSource']))) delete spec['dataSource'];
  if (has(spec, 'dataSource') && !has(spec, 'dataSourceRef')) spec['dataSourceRef'] = copyJson(spec['dataSource']);
  const reference = fieldsOf(spec['dataSourceRef']);
  if (
    has(spec, 'dataSourceRef') &&
    !has(spec, 'dataSource') &&
    !has(reference, 'namespace') &&
    isOldSource(reference)
  ) {
    spec['dataSource'] = copyJson(spec['dataSourceRef']);
  }
}

/** What the old field takes: claims and snapshots; anything else is dropped from it. */
function isOldSource(reference: Fields): boolean {
  const group = textOf(reference['apiGroup']);
  if (group === '') return reference['kind'] === 'PersistentVolumeClaim';
  return group === 'snapshot.storage.k8s.io' && reference['kind'] === 'VolumeSnapshot';
}
