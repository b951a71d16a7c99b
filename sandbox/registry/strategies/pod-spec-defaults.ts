/** What the real defaulting functions fill into pods and pod templates. */
import { ensure, type Fields, fieldsOf, has, itemsOf, setDefault, textOf } from './fields.ts';

/** Mode 0644 of files in volumes made from objects. */
const FILE_MODE = 0o644;
/** Seconds an issued token lives when nobody says. */
const TOKEN_SECONDS = 3600;

/** Where a reference names `latest` or nothing at all, every start pulls anew. */
export function pullPolicyOf(image: string): 'Always' | 'IfNotPresent' {
  const path = image.slice(image.indexOf('/') + 1);
  const repository = image.includes('/') ? path : image;
  // What is no reference (upper case in the repository, spaces, nothing) has no tag to look at.
  if (image === '' || !/^[a-z0-9]/i.test(image) || /\s/.test(image)) return 'IfNotPresent';
  if (image.includes('@')) return 'IfNotPresent';
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  const colon = name.lastIndexOf(':');
  const withoutTag = repository.slice(0, repository.length - (colon < 0 ? 0 : name.length - colon));
  if (/[A-Z]/.test(withoutTag)) return 'IfNotPresent';
  return colon < 0 || name.slice(colon + 1) === 'latest' ? 'Always' : 'IfNotPresent';
}

function httpGetDefaults(action: unknown): void {
  const get = fieldsOf(action);
  if (!has({ get: action }, 'get')) return;
  setDefault(get, 'path', '/', true);
  setDefault(get, 'scheme', 'HTTP', true);
}

function probeDefaults(value: unknown): void {
  if (value === undefined || value === null) return;
  const probe = fieldsOf(value);
  setDefault(probe, 'timeoutSeconds', 1, true);
  setDefault(probe, 'periodSeconds', 10, true);
  setDefault(probe, 'successThreshold', 1, true);
  setDefault(probe, 'failureThreshold', 3, true);
  httpGetDefaults(probe['httpGet']);
  if (has(probe, 'grpc')) setDefault(fieldsOf(probe['grpc']), 'service', '');
}

function containerDefaults(container: Fields): void {
  for (const port of itemsOf(container['ports'])) setDefault(port, 'protocol', 'TCP', true);
  for (const variable of itemsOf(container['env'])) {
    const from = fieldsOf(variable['valueFrom']);
    if (has(from, 'fieldRef')) setDefault(fieldsOf(from['fieldRef']), 'apiVersion', 'v1', true);
    if (has(from, 'fileKeyRef')) setDefault(fieldsOf(from['fileKeyRef']), 'optional', false);
  }
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) probeDefaults(container[probe]);
  const lifecycle = fieldsOf(container['lifecycle']);
  for (const hook of ['postStart', 'preStop']) httpGetDefaults(fieldsOf(lifecycle[hook])['httpGet']);
  setDefault(container, 'terminationMessagePath', '/dev/termination-log', true);
  setDefault(container, 'terminationMessagePolicy', 'File', true);
  setDefault(container, 'imagePullPolicy', pullPolicyOf(textOf(container['image'])), true);
}

function downwardDefaults(source: unknown): void {
  for (const file of itemsOf(fieldsOf(source)['items'])) {
    if (has(file, 'fieldRef')) setDefault(fieldsOf(file['fieldRef']), 'apiVersion', 'v1', true);
  }
}

/** Plain defaults of volume sources that have some. */
const VOLUME_DEFAULTS: Readonly<Record<string, Fields>> = {
  secret: { defaultMode: FILE_MODE },
  configMap: { defaultMode: FILE_MODE },
  downwardAPI: { defaultMode: FILE_MODE },
  projected: { defaultMode: FILE_MODE },
  hostPath: { type: '' },
  iscsi: { iscsiInterface: 'default' },
  rbd: { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' },
  azureDisk: { cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' },
  scaleIO: { storageMode: 'ThinProvisioned', fsType: 'xfs' },
};

/** Of a pod's volume, or the spec of a PersistentVolume: `holder` has the source as a field. */
export function volumeSourceDefaults(holder: Fields): void {
  for (const [source, defaults] of Object.entries(VOLUME_DEFAULTS)) {
    if (!has(holder, source)) continue;
    const fields = fieldsOf(holder[source]);
    for (const [field, value] of Object.entries(defaults)) setDefault(fields, field, value);
  }
}

function volumeDefaults(volume: Fields): void {
  if (Object.keys(volume).every((field) => field === 'name')) volume['emptyDir'] = {};
  volumeSourceDefaults(volume);
  if (has(volume, 'downwardAPI')) downwardDefaults(volume['downwardAPI']);
  for (const source of itemsOf(fieldsOf(volume['projected'])['sources'])) {
    downwardDefaults(source['downwardAPI']);
    if (has(source, 'serviceAccountToken')) {
      setDefault(fieldsOf(source['serviceAccountToken']), 'expirationSeconds', TOKEN_SECONDS);
    }
  }
  if (has(volume, 'image')) {
    const image = fieldsOf(volume['image']);
    setDefault(image, 'pullPolicy', pullPolicyOf(textOf(image['reference'])), true);
  }
  const template = fieldsOf(fieldsOf(volume['ephemeral'])['volumeClaimTemplate']);
  if (has(template, 'spec')) setDefault(fieldsOf(template['spec']), 'volumeMode', 'Filesystem');
}

/** Both names of the account, whichever was given. */
function accountNames(spec: Fields): void {
  const name = textOf(spec['serviceAccountName']) || textOf(spec['serviceAccount']);
  if (name === '') return;
  spec['serviceAccountName'] = name;
  spec['serviceAccount'] = name;
}

/** Of a pod and of a template alike. */
export function podSpecDefaults(spec: Fields): void {
  setDefault(spec, 'dnsPolicy', 'ClusterFirst', true);
  setDefault(spec, 'restartPolicy', 'Always', true);
  ensure(spec, 'securityContext');
  setDefault(spec, 'terminationGracePeriodSeconds', 30);
  setDefault(spec, 'schedulerName', 'default-scheduler', true);
  accountNames(spec);
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'])
    itemsOf(spec[list]).forEach(containerDefaults);
  itemsOf(spec['volumes']).forEach(volumeDefaults);
}

/** Of the `template` field of a workload. */
export function templateDefaults(spec: Fields): void {
  podSpecDefaults(ensure(ensure(spec, 'template'), 'spec'));
}
