/** The containers of a pod or template. */
import { dnsLabel, dnsSubdomain } from './common-validation.ts';
import type { Findings } from './field-errors.ts';
import { type Fields, fieldsOf, has, itemsOf, numberOf, textOf } from './fields.ts';
import {
  configKeyProblems,
  dnsSubdomainProblems,
  envNameProblems,
  portNameProblems,
  portNumberProblems,
} from './names.ts';
import { lifecycle, probes } from './probe-validation.ts';
import { resourceRequirements } from './resource-validation.ts';
import { containerSecurity } from './security-validation.ts';
import { noBacksteps, objectField, relativePath, resourceField } from './volume-validation.ts';

/** What the checks of a container need to know of its pod. */
export interface PodFacts {
  volumes: ReadonlyMap<string, Fields>;
  claimNames: readonly string[];
  graceSeconds: number;
  restartPolicy: string;
  hostUsers: boolean;
  hasOs: boolean;
}

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const ENV_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

export function protocol(found: Findings, field: string, value: unknown): void {
  if (textOf(value) === '') found.required(field);
  else if (!PROTOCOLS.includes(textOf(value))) found.notSupported(field, value, PROTOCOLS);
}

function ports(found: Findings, field: string, list: readonly Fields[]): void {
  const names = new Set<string>();
  for (const [index, port] of list.entries()) {
    const path = `${field}[${index}]`;
    const name = textOf(port['name']);
    const problems = name === '' ? [] : portNameProblems(name);
    found.invalidEach(`${path}.name`, name, problems);
    if (name !== '' && problems.length === 0) {
      if (names.has(name)) found.duplicate(`${path}.name`, name);
      names.add(name);
    }
    const number = numberOf(port['containerPort']);
    if (number === 0) found.required(`${path}.containerPort`);
    else found.invalidEach(`${path}.containerPort`, number, portNumberProblems(number));
    const hostPort = numberOf(port['hostPort']);
    if (hostPort !== 0) found.invalidEach(`${path}.hostPort`, hostPort, portNumberProblems(hostPort));
    protocol(found, `${path}.protocol`, port['protocol']);
  }
}

function keyReference(found: Findings, field: string, reference: Fields): void {
  const name = textOf(reference['name']);
  const key = textOf(reference['key']);
  dnsSubdomain(found, `${field}.name`, name);
  if (key === '') found.required(`${field}.key`);
  else found.invalidEach(`${field}.key`, key, configKeyProblems(key));
}

function fileKey(found: Findings, field: string, reference: Fields): void {
  const key = textOf(reference['key']);
  const volume = textOf(reference['volumeName']);
  const path = textOf(reference['path']);
  if (key === '') found.required(`${field}.key`);
  else found.invalidEach(`${field}.key`, key, envNameProblems(key));
  if (volume === '') found.required(`${field}.volumeName`);
  else dnsLabel(found, `${field}.volumeName`, volume);
  if (path === '') found.required(`${field}.path`);
  else noBacksteps(found, `${field}.path`, path);
}

const ENV_SOURCES: Readonly<Record<string, (found: Findings, field: string, source: Fields) => void>> = {
  fieldRef: (found, field, source) => objectField(found, field, source, ENV_FIELDS),
  resourceFieldRef: (found, field, source) => resourceField(found, field, source, false),
  configMapKeyRef: keyReference,
  secretKeyRef: keyReference,
  fileKeyRef: fileKey,
};

function env(found: Findings, field: string, list: readonly Fields[]): void {
  for (const [index, variable] of list.entries()) {
    const path = `${field}[${index}]`;
    const name = textOf(variable['name']);
    if (name === '') found.required(`${path}.name`);
    else found.invalidEach(`${path}.name`, name, envNameProblems(name));
    if (!has(variable, 'valueFrom')) continue;
    const from = fieldsOf(variable['valueFrom']);
    const given = Object.keys(ENV_SOURCES).filter((source) => has(from, source));
    for (const source of given) ENV_SOURCES[source]?.(found, `${path}.valueFrom.${source}`, fieldsOf(from[source]));
    const where = `${path}.valueFrom`;
    if (given.length === 0) {
      const all = '`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
      found.invalid(where, '', `must specify one of: ${all}`);
    } else if (textOf(variable['value']) !== '')
      found.invalid(where, '', 'may not be specified when `value` is not empty');
    else if (given.length > 1) found.invalid(where, '', 'may not have more than one field specified at a time');
  }
}

function envFrom(found: Findings, field: string, list: readonly Fields[]): void {
  for (const [index, source] of list.entries()) {
    const path = `${field}[${index}]`;
    const prefix = textOf(source['prefix']);
    if (prefix !== '') found.invalidEach(`${path}.prefix`, prefix, envNameProblems(prefix));
    const given = ['configMapRef', 'secretRef'].filter((name) => has(source, name));
    for (const kind of given) {
      const name = textOf(fieldsOf(source[kind])['name']);
      if (name === '') found.required(`${path}.${kind}.name`);
      else found.invalidEach(`${path}.${kind}.name`, name, dnsSubdomainProblems(name.replace(/-$/, 'a')));
    }
    if (given.length === 0) found.invalid(field, '', 'must specify one of: `configMapRef` or `secretRef`');
    else if (given.length > 1) found.invalid(field, '', 'may not have more than one field specified at a time');
  }
}

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None'];

function mounts(found: Findings, field: string, container: Fields, facts: PodFacts): void {
  const paths = new Set<string>();
  const devices = new Map(
    itemsOf(container['volumeDevices']).map((device) => [textOf(device['name']), textOf(device['devicePath'])]),
  );
  for (const [index, mount] of itemsOf(container['volumeMounts']).entries()) {
    const path = `${field}[${index}]`;
    const name = textOf(mount['name']);
    const at = textOf(mount['mountPath']);
    if (name === '') found.required(`${path}.name`);
    if (!facts.volumes.has(name)) found.notFound(`${path}.name`, name);
    if (at === '') found.required(`${path}.mountPath`);
    if (paths.has(at)) found.invalid(`${path}.mountPath`, at, 'must be unique');
    paths.add(at);
    if (devices.has(name)) found.invalid(`${path}.name`, name, 'must not already exist in volumeDevices');
    if ([...devices.values()].includes(at)) {
      found.invalid(`${path}.mountPath`, at, 'must not already exist as a path in volumeDevices');
    }
    subPaths(found, field, path, mount);
    propagation(found, field, container, mount);
  }
}

/** Real findings about sub-paths name the list, not its item. */
function subPaths(found: Findings, list: string, item: string, mount: Fields): void {
  const plain = textOf(mount['subPath']);
  const expression = textOf(mount['subPathExpr']);
  if (plain !== '') relativePath(found, `${list}.subPath`, plain);
  if (expression === '') return;
  if (plain !== '') found.invalid(`${item}.subPathExpr`, expression, 'subPathExpr and subPath are mutually exclusive');
  relativePath(found, `${list}.subPathExpr`, expression);
}

function propagation(found: Findings, list: string, container: Fields, mount: Fields): void {
  const mode = mount['mountPropagation'];
  if (mode !== undefined) {
    if (!PROPAGATIONS.includes(textOf(mode))) found.notSupported(`${list}.mountPropagation`, mode, PROPAGATIONS);
    const privileged = fieldsOf(container['securityContext'])['privileged'] === true;
    if (mode === 'Bidirectional' && !privileged) {
      const why = 'Bidirectional mount propagation is available only to privileged containers';
      found.forbidden(`${list}.mountPropagation`, why);
    }
  }
  const recursive = mount['recursiveReadOnly'];
  if (recursive === undefined || recursive === 'Disabled') return;
  const field = `${list}.recursiveReadOnly`;
  if (recursive !== 'Enabled' && recursive !== 'IfPossible') {
    found.notSupported(field, recursive, ['Disabled', 'Enabled', 'IfPossible']);
    return;
  }
  if (mount['readOnly'] !== true) found.forbidden(field, 'may only be specified when readOnly is true');
  if (mode !== undefined && mode !== 'None') {
    found.forbidden(field, 'may only be specified when mountPropagation is None or not specified');
  }
}

function devices(found: Findings, field: string, container: Fields, facts: PodFacts): void {
  const names = new Set<string>();
  const paths = new Set<string>();
  for (const [index, device] of itemsOf(container['volumeDevices']).entries()) {
    const path = `${field}[${index}]`;
    const name = textOf(device['name']);
    const at = textOf(device['devicePath']);
    const volume = facts.volumes.get(name);
    if (name === '') found.required(`${path}.name`);
    if (names.has(name)) found.invalid(`${path}.name`, name, 'must be unique');
    if (volume === undefined) found.notFound(`${path}.name`, name);
    else if (!has(volume, 'persistentVolumeClaim') && !has(volume, 'ephemeral')) {
      const why = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
      found.invalid(`${path}.name`, name, why);
    }
    if (at === '') found.required(`${path}.devicePath`);
    if (paths.has(at)) found.invalid(`${path}.devicePath`, at, 'must be unique');
    else if (at !== '') relativeDevice(found, `${path}.devicePath`, at);
    names.add(name);
    paths.add(at);
  }
}

function relativeDevice(found: Findings, field: string, path: string): void {
  if (path.split('/').includes('..')) found.invalid(field, path, 'can not contain backsteps (..)');
}

function common(found: Findings, field: string, container: Fields, facts: PodFacts): void {
  const name = textOf(container['name']);
  if (name === '') found.required(`${field}.name`);
  else dnsLabel(found, `${field}.name`, name);
  if (textOf(container['image']) === '') found.required(`${field}.image`);
  const termination = container['terminationMessagePolicy'];
  if (termination !== 'File' && termination !== 'FallbackToLogsOnError') {
    found.notSupported(`${field}.terminationMessagePolicy`, termination, ['File', 'FallbackToLogsOnError']);
  }
  ports(found, `${field}.ports`, itemsOf(container['ports']));
  env(found, `${field}.env`, itemsOf(container['env']));
  envFrom(found, `${field}.envFrom`, itemsOf(container['envFrom']));
  mounts(found, `${field}.volumeMounts`, container, facts);
  devices(found, `${field}.volumeDevices`, container, facts);
  const pull = container['imagePullPolicy'];
  if (!PULL_POLICIES.includes(textOf(pull))) found.notSupported(`${field}.imagePullPolicy`, pull, PULL_POLICIES);
  resourceRequirements(found, `${field}.resources`, fieldsOf(container['resources']), facts.claimNames);
  resizePolicy(found, `${field}.resizePolicy`, itemsOf(container['resizePolicy']), facts);
  containerSecurity(found, `${field}.securityContext`, fieldsOf(container['securityContext']), facts.hostUsers);
}

function resizePolicy(found: Findings, field: string, list: readonly Fields[], facts: PodFacts): void {
  const seen = new Set<string>();
  for (const [index, policy] of list.entries()) {
    const resource = textOf(policy['resourceName']);
    const restart = textOf(policy['restartPolicy']);
    if (seen.has(resource)) found.duplicate(`${field}[${index}]`, resource);
    seen.add(resource);
    if (resource === '') found.required(field);
    else if (resource !== 'cpu' && resource !== 'memory') found.notSupported(field, resource, ['cpu', 'memory']);
    if (restart === '') found.required(field);
    else if (restart !== 'NotRequired' && restart !== 'RestartContainer') {
      found.notSupported(field, restart, ['NotRequired', 'RestartContainer']);
    }
    if (facts.restartPolicy === 'Never' && restart !== 'NotRequired') {
      found.invalid(field, restart, "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
    }
  }
}

function restartRules(found: Findings, field: string, container: Fields): void {
  const policy = container['restartPolicy'];
  const rules = itemsOf(container['restartPolicyRules']);
  if (policy === undefined && rules.length > 0) {
    found.required(`${field}.restartPolicy`, 'must specify restartPolicy when restart rules are used');
  }
  if (policy !== undefined && !['Always', 'Never', 'OnFailure'].includes(textOf(policy))) {
    found.notSupported(`${field}.restartPolicy`, policy, ['Always', 'Never', 'OnFailure']);
  }
  if (rules.length > 20) found.tooMany(`${field}.restartPolicyRules`, rules.length, 20);
}

function hostPortConflicts(found: Findings, field: string, list: readonly Fields[]): void {
  const seen = new Set<string>();
  for (const [index, container] of list.entries()) {
    for (const [at, port] of itemsOf(container['ports']).entries()) {
      if (numberOf(port['hostPort']) === 0) continue;
      const key = `${textOf(port['protocol'])}/${textOf(port['hostIP'])}/${numberOf(port['hostPort'])}`;
      if (seen.has(key)) found.duplicate(`${field}[${index}].ports[${at}].hostPort`, key);
      seen.add(key);
    }
  }
}

export function containers(found: Findings, field: string, list: readonly Fields[], facts: PodFacts): void {
  if (list.length === 0) {
    found.required(field);
    return;
  }
  const names = new Set<string>();
  for (const [index, container] of list.entries()) {
    const path = `${field}[${index}]`;
    const name = textOf(container['name']);
    common(found, path, container, facts);
    if (names.has(name)) found.duplicate(`${path}.name`, name);
    names.add(name);
    if (has(container, 'lifecycle')) {
      lifecycle(found, `${path}.lifecycle`, fieldsOf(container['lifecycle']), facts.graceSeconds, facts.hasOs);
    }
    probes(found, path, container, facts.graceSeconds);
    restartRules(found, path, container);
  }
  hostPortConflicts(found, field, list);
}

const NOT_FOR_INIT = 'may not be set for init containers without restartPolicy=Always';

export function initContainers(
  found: Findings,
  field: string,
  list: readonly Fields[],
  regular: readonly Fields[],
  facts: PodFacts,
): void {
  const names = new Set(regular.map((container) => textOf(container['name'])));
  for (const [index, container] of list.entries()) {
    const path = `${field}[${index}]`;
    const name = textOf(container['name']);
    common(found, path, container, facts);
    restartRules(found, path, container);
    if (names.has(name)) found.duplicate(`${path}.name`, name);
    else if (name !== '') names.add(name);
    hostPortConflicts(found, field, [container]);
    if (container['restartPolicy'] === 'Always') {
      if (has(container, 'lifecycle')) {
        lifecycle(found, `${path}.lifecycle`, fieldsOf(container['lifecycle']), facts.graceSeconds, facts.hasOs);
      }
      probes(found, path, container, facts.graceSeconds);
    } else {
      for (const name of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']) {
        if (has(container, name)) found.forbidden(`${path}.${name}`, NOT_FOR_INIT);
      }
    }
  }
}

/** Containers added to a running pod, to look at it. */
export function ephemeralContainers(
  found: Findings,
  field: string,
  list: readonly Fields[],
  others: readonly Fields[],
  facts: PodFacts,
): void {
  const otherNames = others.map((container) => textOf(container['name']));
  const names = new Set(otherNames);
  for (const [index, container] of list.entries()) {
    const path = `${field}[${index}]`;
    const name = textOf(container['name']);
    const target = textOf(container['targetContainerName']);
    common(found, path, container, facts);
    if (names.has(name)) found.duplicate(`${path}.name`, name);
    names.add(name);
    if (target !== '' && !otherNames.includes(target)) found.notFound(`${path}.targetContainerName`, target);
    for (const part of [
      'ports',
      'resources',
      'livenessProbe',
      'readinessProbe',
      'startupProbe',
      'lifecycle',
      'resizePolicy',
    ]) {
      const value = container[part];
      if (value !== undefined && (typeof value !== 'object' || Object.keys(value ?? {}).length > 0)) {
        found.forbidden(`${path}.${part}`, 'cannot be set for an Ephemeral Container');
      }
    }
    for (const [at, mount] of itemsOf(container['volumeMounts']).entries()) {
      for (const part of ['subPath', 'subPathExpr']) {
        if (textOf(mount[part]) !== '') {
          found.forbidden(`${path}.volumeMounts[${at}].${part}`, 'cannot be set for an Ephemeral Container');
        }
      }
    }
  }
}
