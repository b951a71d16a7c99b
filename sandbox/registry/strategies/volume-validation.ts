/** The volumes of a pod. */
import { compareQuantities } from '../../kinds/quantity.ts';
import { claimSpec } from './claim-validation.ts';
import { annotations, dnsLabel, labels, qualifiedName } from './common-validation.ts';
import type { Findings } from './field-errors.ts';
import { type Fields, fieldsOf, has, itemsOf, numberOf, textOf } from './fields.ts';
import { dnsSubdomainProblems } from './names.ts';

const MODE_RULE = 'must be a number between 0 and 0777 (octal), both inclusive';
const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];
const DOWNWARD_FIELDS = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];

const fileMode = (found: Findings, field: string, value: unknown) => {
  if (value !== undefined && (numberOf(value) > 0o777 || numberOf(value) < 0)) found.invalid(field, value, MODE_RULE);
};

const requiredText = (found: Findings, field: string, value: unknown) => {
  if (textOf(value) === '') found.required(field);
};

export function noBacksteps(found: Findings, field: string, path: string): void {
  if (path.split('/').includes('..')) found.invalid(field, path, "must not contain '..'");
}

export function relativePath(found: Findings, field: string, path: string): void {
  if (path.startsWith('/')) found.invalid(field, path, 'must be a relative path');
  noBacksteps(found, field, path);
}

function reservedPath(found: Findings, field: string, path: string): void {
  relativePath(found, field, path);
  if (path.startsWith('..') && !path.startsWith('../')) found.invalid(field, path, "must not start with '..'");
}

function keyToPath(found: Findings, field: string, item: Fields): void {
  requiredText(found, `${field}.key`, item['key']);
  requiredText(found, `${field}.path`, item['path']);
  reservedPath(found, `${field}.path`, textOf(item['path']));
  fileMode(found, `${field}.mode`, item['mode']);
}

const items = (found: Findings, field: string, source: Fields) => {
  for (const [index, item] of itemsOf(source['items']).entries()) keyToPath(found, `${field}.items[${index}]`, item);
};

/** A field of the pod itself, as environment or file; `allowed` in the order of the message. */
export function objectField(found: Findings, field: string, selector: Fields, allowed: readonly string[]): void {
  const path = textOf(selector['fieldPath']);
  const version = textOf(selector['apiVersion']);
  if (version === '') {
    found.required(`${field}.apiVersion`);
    return;
  }
  if (path === '') {
    found.required(`${field}.fieldPath`);
    return;
  }
  const subscript = /^([^[]+)\['(.*)'\]$/.exec(path);
  if (!isFieldLabel(path, subscript?.[1]) || version !== 'v1') {
    const why = version === 'v1' ? `field label not supported: ${path}` : `unsupported pod version: ${version}`;
    found.invalid(`${field}.fieldPath`, path, `error converting fieldPath: ${why}`);
    return;
  }
  if (subscript !== null) {
    const [, base = '', key = ''] = subscript;
    if (base === 'metadata.annotations') qualifiedName(found, field, key.toLowerCase());
    else if (base === 'metadata.labels') qualifiedName(found, field, key);
    else found.invalid(field, base, 'does not support subscript');
  } else if (!allowed.includes(path)) found.notSupported(`${field}.fieldPath`, path, allowed);
}

/** What can be said of a pod at all in a downward field. */
const FIELD_LABELS = [
  ...DOWNWARD_FIELDS,
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.serviceAccountName',
  'spec.schedulerName',
  'status.phase',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
  'spec.host',
];
function isFieldLabel(path: string, base: string | undefined): boolean {
  if (base !== undefined) return base === 'metadata.annotations' || base === 'metadata.labels';
  return FIELD_LABELS.includes(path);
}

const RESOURCE_FIELDS = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const BYTE_DIVISORS = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

export function resourceField(found: Findings, field: string, selector: Fields, isVolume: boolean): void {
  const name = textOf(selector['resource']);
  const isPages = name.startsWith('requests.hugepages-') || name.startsWith('limits.hugepages-');
  if (isVolume && textOf(selector['containerName']) === '') found.required(`${field}.containerName`);
  else if (name === '') found.required(`${field}.resource`);
  else if (!RESOURCE_FIELDS.includes(name) && !isPages) found.notSupported(`${field}.resource`, name, RESOURCE_FIELDS);
  const divisor = textOf(selector['divisor']);
  if (divisor === '' || divisor === '0') return;
  const isCpu = name.endsWith('.cpu');
  if (isCpu ? divisor === '1m' || divisor === '1' : BYTE_DIVISORS.includes(divisor)) return;
  const kind = isCpu ? 'cpu' : isPages ? 'hugepages' : name.endsWith('.memory') ? 'memory' : 'local ephemeral storage';
  const values = isCpu ? '1m and 1' : BYTE_DIVISORS.join(', ');
  if (isPages || RESOURCE_FIELDS.includes(name)) {
    found.invalid(`${field}.divisor`, name, `only divisor's values ${values} are supported with the ${kind} resource`);
  }
}

function downwardFile(found: Findings, field: string, file: Fields): void {
  requiredText(found, `${field}.path`, file['path']);
  reservedPath(found, `${field}.path`, textOf(file['path']));
  if (has(file, 'fieldRef')) {
    objectField(found, `${field}.fieldRef`, fieldsOf(file['fieldRef']), DOWNWARD_FIELDS);
    if (has(file, 'resourceFieldRef')) {
      found.invalid(field, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously');
    }
  } else if (has(file, 'resourceFieldRef')) {
    resourceField(found, `${field}.resourceFieldRef`, fieldsOf(file['resourceFieldRef']), true);
  } else found.required(field, 'one of fieldRef and resourceFieldRef is required');
  fileMode(found, `${field}.mode`, file['mode']);
}

/** Seconds; a token for less is refused. */
const MIN_TOKEN_SECONDS = 600;
const MAX_TOKEN_SECONDS = 2 ** 32;

function projected(found: Findings, field: string, source: Fields): void {
  const paths = new Set<string>();
  const claim = (path: string, shown: string) => {
    if (path !== '' && paths.has(path)) found.invalid(field, shown, 'conflicting duplicate paths');
    paths.add(path);
  };
  fileMode(found, `${field}.defaultMode`, source['defaultMode']);
  for (const [index, part] of itemsOf(source['sources']).entries()) {
    const path = `${field}.sources[${index}]`;
    for (const kind of ['secret', 'configMap']) {
      if (!has(part, kind)) continue;
      const object = fieldsOf(part[kind]);
      requiredText(found, `${path}.${kind}.name`, object['name']);
      for (const [at, item] of itemsOf(object['items']).entries()) {
        keyToPath(found, `${path}.${kind}.items[${at}]`, item);
        claim(textOf(item['path']), textOf(object['name']));
      }
    }
    for (const file of itemsOf(fieldsOf(part['downwardAPI'])['items'])) {
      downwardFile(found, `${path}.downwardAPI`, file);
      claim(textOf(file['path']), textOf(file['path']));
    }
    if (has(part, 'serviceAccountToken')) token(found, field, path, fieldsOf(part['serviceAccountToken']));
    if (Object.keys(part).length > 1) found.forbidden(path, 'may not specify more than 1 volume type per source');
  }
}

function token(found: Findings, volume: string, source: string, part: Fields): void {
  const seconds = numberOf(part['expirationSeconds']);
  const field = `${source}.serviceAccountToken.expirationSeconds`;
  if (seconds < MIN_TOKEN_SECONDS) found.invalid(field, seconds, 'may not specify a duration less than 10 minutes');
  if (seconds > MAX_TOKEN_SECONDS) found.invalid(field, seconds, 'may not specify a duration larger than 2^32 seconds');
  if (textOf(part['path']) === '') found.required(`${volume}.path`);
  else reservedPath(found, `${volume}.path`, textOf(part['path']));
}

function claimTemplate(found: Findings, field: string, source: Fields): void {
  if (!has(source, 'volumeClaimTemplate')) {
    found.required(`${field}.volumeClaimTemplate`);
    return;
  }
  const template = fieldsOf(source['volumeClaimTemplate']);
  const metadata = fieldsOf(template['metadata']);
  annotations(found, `${field}.volumeClaimTemplate.metadata.annotations`, metadata['annotations']);
  labels(found, `${field}.volumeClaimTemplate.metadata.labels`, metadata['labels']);
  for (const name of Object.keys(metadata)) {
    if (name !== 'labels' && name !== 'annotations') {
      found.forbidden(`${field}.volumeClaimTemplate.metadata.${name}`, 'cannot be set');
    }
  }
  claimSpec(found, `${field}.volumeClaimTemplate.spec`, fieldsOf(template['spec']));
}

export function csiDriverName(found: Findings, field: string, name: string): void {
  if (name === '') {
    found.required(field);
    return;
  }
  if (name.length > 63) found.tooLong(field, 63);
  found.invalidEach(field, name, dnsSubdomainProblems(name.toLowerCase()));
}

type Check = (found: Findings, field: string, source: Fields) => void;

/** In the order that the real validation goes through them: the first one counts. */
const SOURCES: Readonly<Record<string, Check>> = {
  emptyDir(found, field, source) {
    const limit = textOf(source['sizeLimit']);
    if (limit !== '' && compareQuantities(limit, '0') < 0) {
      found.forbidden(`${field}.sizeLimit`, 'SizeLimit field must be a valid resource quantity');
    }
  },
  hostPath(found, field, source) {
    if (textOf(source['path']) === '') {
      found.required(`${field}.path`);
      return;
    }
    noBacksteps(found, `${field}.path`, textOf(source['path']));
    const type = textOf(source['type']);
    if (!HOST_PATH_TYPES.includes(type)) found.notSupported(`${field}.type`, type, HOST_PATH_TYPES);
  },
  gitRepo(found, field, source) {
    requiredText(found, `${field}.repository`, source['repository']);
    relativePath(found, `${field}.directory`, textOf(source['directory']));
  },
  gcePersistentDisk: (found, field, source) => requiredText(found, `${field}.pdName`, source['pdName']),
  awsElasticBlockStore: (found, field, source) => requiredText(found, `${field}.volumeID`, source['volumeID']),
  secret(found, field, source) {
    requiredText(found, `${field}.secretName`, source['secretName']);
    fileMode(found, `${field}.defaultMode`, source['defaultMode']);
    items(found, field, source);
  },
  nfs(found, field, source) {
    requiredText(found, `${field}.server`, source['server']);
    requiredText(found, `${field}.path`, source['path']);
    if (!textOf(source['path']).startsWith('/'))
      found.invalid(`${field}.path`, textOf(source['path']), 'must be an absolute path');
  },
  iscsi: (found, field, source) => requiredText(found, `${field}.targetPortal`, source['targetPortal']),
  glusterfs(found, field, source) {
    requiredText(found, `${field}.endpoints`, source['endpoints']);
    requiredText(found, `${field}.path`, source['path']);
  },
  persistentVolumeClaim: (found, field, source) => requiredText(found, `${field}.claimName`, source['claimName']),
  configMap(found, field, source) {
    requiredText(found, `${field}.name`, source['name']);
    fileMode(found, `${field}.defaultMode`, source['defaultMode']);
    items(found, field, source);
  },
  downwardAPI(found, field, source) {
    fileMode(found, `${field}.defaultMode`, source['defaultMode']);
    for (const file of itemsOf(source['items'])) downwardFile(found, field, file);
  },
  projected,
  csi: (found, field, source) => csiDriverName(found, `${field}.driver`, textOf(source['driver'])),
  ephemeral: claimTemplate,
  image(found, field, source) {
    requiredText(found, `${field}.reference`, source['reference']);
  },
};

function volumeSource(found: Findings, field: string, volume: Fields): void {
  const given = Object.keys(volume).filter((name) => name !== 'name');
  if (given.length === 0) {
    found.required(field, 'must specify a volume type');
    return;
  }
  const known = Object.keys(SOURCES);
  const [first, ...more] = given.sort((a, b) => known.indexOf(a) - known.indexOf(b));
  if (first !== undefined) SOURCES[first]?.(found, `${field}.${first}`, fieldsOf(volume[first]));
  for (const name of more) found.forbidden(`${field}.${name}`, 'may not specify more than 1 volume type');
}

/** Checks all, and returns those that may be mounted, by name. */
export function volumes(found: Findings, field: string, list: readonly Fields[], podName: string): Map<string, Fields> {
  const good = new Map<string, Fields>();
  const created = list
    .filter((volume) => has(volume, 'ephemeral'))
    .map((volume) => `${podName}-${textOf(volume['name'])}`);
  for (const [index, volume] of list.entries()) {
    const path = `${field}[${index}]`;
    const name = textOf(volume['name']);
    const before = found.list.length;
    volumeSource(found, path, volume);
    if (name === '') found.required(`${path}.name`);
    else dnsLabel(found, `${path}.name`, name);
    if (good.has(name)) found.duplicate(`${path}.name`, name);
    if (found.list.length === before) good.set(name, volume);
    const claim = textOf(fieldsOf(volume['persistentVolumeClaim'])['claimName']);
    if (podName !== '' && claim !== '' && created.includes(claim)) {
      const why = 'must not reference a PVC that gets created for an ephemeral volume';
      found.invalid(`${path}.persistentVolumeClaim.claimName`, claim, why);
    }
  }
  return good;
}
