/** A container's environment as the kubelet makes it, and the volumes of its pod: both can fail for want of something. */
import type { KubeObject } from '../../types.ts';
import type { Machine } from '../types.ts';
import {
  type Claim,
  type ConfigSource,
  type Container,
  claimOf,
  type PersistentVolume,
  type Pod,
} from './pod-types.ts';

interface Data extends KubeObject {
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
}

export type Environment = { kind: 'ok'; values: ReadonlyMap<string, string> } | { kind: 'failed'; message: string };

const KINDS = {
  configmaps: { lower: 'configmap', upper: 'ConfigMap' },
  secrets: { lower: 'secret', upper: 'Secret' },
} as const;

export function environmentOf(pod: Pod, container: Container, machine: Machine): Environment {
  const namespace = pod.metadata.namespace ?? '';
  const values = new Map<string, string>();
  const failed = (message: string): Environment => ({ kind: 'failed', message });
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const resource = configMapRef === undefined ? 'secrets' : 'configmaps';
    const { name = '', optional } = configMapRef ?? secretRef ?? {};
    const found = machine.get<Data>(resource, namespace, name);
    if (found === undefined && optional !== true) return failed(`${KINDS[resource].lower} "${name}" not found`);
    for (const [key, value] of Object.entries(found?.data ?? {}))
      values.set(`${prefix}${key}`, resource === 'secrets' ? decode(value) : value);
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const { configMapKeyRef, secretKeyRef, fieldRef } = valueFrom ?? {};
    const reference = configMapKeyRef ?? secretKeyRef;
    if (reference === undefined) {
      values.set(name, fieldRef === undefined ? expand(value ?? '', values) : fieldOf(pod, fieldRef.fieldPath));
      continue;
    }
    const resource = configMapKeyRef === undefined ? 'secrets' : 'configmaps';
    const found = machine.get<Data>(resource, namespace, reference.name ?? '');
    const text = found?.data?.[reference.key];
    if (text !== undefined) values.set(name, resource === 'secrets' ? decode(text) : text);
    else if (reference.optional === true) continue;
    else if (found === undefined) return failed(`${KINDS[resource].lower} "${reference.name}" not found`);
    else return failed(`couldn't find key ${reference.key} in ${KINDS[resource].upper} ${namespace}/${reference.name}`);
  }
  return { kind: 'ok', values };
}

const decode = (text: string) => Buffer.from(text, 'base64').toString('utf8');

/** `$(NAME)` of variables before it. */
const expand = (text: string, values: ReadonlyMap<string, string>) =>
  text.replace(/\$\(([A-Za-z_][\w.-]*)\)/g, (whole, name: string) => values.get(name) ?? whole);

function fieldOf(pod: Pod, path: string): string {
  switch (path) {
    case 'metadata.name':
      return pod.metadata.name;
    case 'metadata.namespace':
      return pod.metadata.namespace ?? '';
    case 'spec.nodeName':
      return pod.spec.nodeName ?? '';
    case 'status.podIP':
      return pod.status?.podIP ?? '';
    case 'status.hostIP':
      return pod.status?.hostIP ?? '';
    default:
      return '';
  }
}

/** The text of the FailedMount event for the first volume that cannot be mounted. */
export function mountProblem(pod: Pod, machine: Machine): string | undefined {
  for (const volume of pod.spec.volumes ?? []) {
    const claim = claimOf(pod, volume);
    if (claim !== undefined) {
      const why = claimProblem(pod, claim.name, machine);
      if (why === undefined) continue;
      const key = `${pod.metadata.namespace}/${claim.name}`;
      return (
        `Unable to attach or mount volumes: unmounted volumes=[${volume.name}], unattached volumes=[], ` +
        `failed to process volumes=[${volume.name}]: error processing PVC ${key}: ${why}`
      );
    }
    const { secret, configMap, projected } = volume;
    const sources = [
      ...(configMap === undefined ? [] : [sourceProblem(pod, 'configmaps', configMap, machine)]),
      ...(secret === undefined
        ? []
        : [sourceProblem(pod, 'secrets', { ...secret, name: secret.secretName ?? '' }, machine)]),
      ...(projected?.sources ?? []).flatMap((source) => [
        source.configMap === undefined ? undefined : sourceProblem(pod, 'configmaps', source.configMap, machine),
        source.secret === undefined ? undefined : sourceProblem(pod, 'secrets', source.secret, machine),
      ]),
    ];
    const why = sources.find((problem) => problem !== undefined);
    if (why !== undefined) return `MountVolume.SetUp failed for volume "${volume.name}" : ${why}`;
  }
  return undefined;
}

function sourceProblem(
  pod: Pod,
  resource: 'configmaps' | 'secrets',
  source: ConfigSource,
  machine: Machine,
): string | undefined {
  if (source.optional === true) return undefined;
  const found = machine.get<Data>(resource, pod.metadata.namespace ?? '', source.name ?? '');
  if (found === undefined) return `${KINDS[resource].lower} "${source.name}" not found`;
  const missing = (source.items ?? []).find(
    ({ key }) => found.data?.[key] === undefined && found.binaryData?.[key] === undefined,
  );
  if (missing === undefined) return undefined;
  return resource === 'configmaps'
    ? `configmap references non-existent config key: ${missing.key}`
    : `references non-existent secret key: ${missing.key}`;
}

function claimProblem(pod: Pod, name: string, machine: Machine): string | undefined {
  const claim = machine.get<Claim>('persistentvolumeclaims', pod.metadata.namespace ?? '', name);
  if (claim === undefined) return `failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`;
  if (claim.status?.phase !== 'Bound') return 'PVC is not bound';
  const volumeName = claim.spec.volumeName ?? '';
  if (volumeName === '') return 'PVC has empty pvc.Spec.VolumeName';
  if (machine.get<PersistentVolume>('persistentvolumes', '', volumeName) === undefined)
    return `failed to fetch PV ${volumeName} from API server: persistentvolumes "${volumeName}" not found`;
  return undefined;
}
