import { ageOf } from '../../kernel/text/age.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { podStatus } from '../query/pod-status.ts';
import { count, field, items, text, textMap } from '../query/read.ts';
import { cell } from '../shape/cell.ts';
import { labelText } from './service.ts';

/** Everything about a pod that explains its state, as lines for a model. */
export function podLines(pod: KubeObject, now: number): string[] {
  const { status, ready, total, restarts } = podStatus(pod);
  const [namespace, name] = [text(pod, 'metadata', 'namespace'), text(pod, 'metadata', 'name')];
  const node = text(pod, 'spec', 'nodeName');
  const age = ageOf(text(pod, 'metadata', 'creationTimestamp'), now);
  return [
    `Pod ${namespace}/${name}: ${status}, ready ${ready}/${total}, ${restarts} restarts, age ${age}`,
    line('Reason', [text(pod, 'status', 'reason'), text(pod, 'status', 'message')].filter(Boolean).join(': ')),
    line('Node', node === '' ? 'not scheduled' : `${node} ${text(pod, 'status', 'hostIP')}`.trim()),
    line('IP', text(pod, 'status', 'podIP')),
    line(
      'Owner',
      items(pod, 'metadata', 'ownerReferences')
        .map((o) => `${text(o, 'kind')}/${text(o, 'name')}`)
        .join(', '),
    ),
    line('Labels', labelText(textMap(pod, 'metadata', 'labels'))),
    line('Service account', text(pod, 'spec', 'serviceAccountName')),
    line('QoS', text(pod, 'status', 'qosClass')),
    line('Deleting since', text(pod, 'metadata', 'deletionTimestamp')),
    line('Finalizers', items(pod, 'metadata', 'finalizers').map(String).join(', ')),
    line('Not true', badConditions(pod).join('; ')),
    line('Node selector', labelText(textMap(pod, 'spec', 'nodeSelector'))),
    ...containerBlock(pod, 'Init containers', 'initContainers', 'initContainerStatuses', now),
    ...containerBlock(pod, 'Containers', 'containers', 'containerStatuses', now),
    ...containerBlock(pod, 'Ephemeral containers', 'ephemeralContainers', 'ephemeralContainerStatuses', now),
    ...volumeBlock(pod),
  ].filter((part) => part !== '');
}

const line = (name: string, value: string) => (value === '' ? '' : `${name}: ${cell(value, 600)}`);

function badConditions(pod: KubeObject): string[] {
  return items(pod, 'status', 'conditions').flatMap((condition) => {
    if (text(condition, 'status') === 'True') return [];
    const why = [text(condition, 'reason'), text(condition, 'message')].filter((part) => part !== '').join(': ');
    return [`${text(condition, 'type')}${why === '' ? '' : ` (${why})`}`];
  });
}

function containerBlock(pod: KubeObject, title: string, list: string, statusList: string, now: number): string[] {
  const containers = items(pod, 'spec', list);
  if (containers.length === 0) return [];
  const statuses = new Map(items(pod, 'status', statusList).map((status) => [text(status, 'name'), status]));
  const lines = containers.flatMap((c) => containerLines(c, statuses.get(text(c, 'name')), now));
  return [`${title}:`, ...lines];
}

function containerLines(container: unknown, status: unknown, now: number): string[] {
  const resources = (part: string) => quantities(field(container, 'resources', part));
  const facts = [
    `state ${stateText(field(status, 'state'), now)}`,
    field(status, 'ready') === true ? 'ready' : 'not ready',
    count(status, 'restartCount') > 0 ? `${count(status, 'restartCount')} restarts` : '',
    field(status, 'lastState') === undefined || stateText(field(status, 'lastState'), now) === 'unknown'
      ? ''
      : `last run ${stateText(field(status, 'lastState'), now)}`,
  ];
  const config = [
    named(
      'ports',
      items(container, 'ports').map((p) => `${count(p, 'containerPort')}/${text(p, 'protocol') || 'TCP'}`),
    ),
    named('requests', resources('requests')),
    named('limits', resources('limits')),
    ...['livenessProbe', 'readinessProbe', 'startupProbe'].map((probe) =>
      named(probe, probeText(field(container, probe))),
    ),
    named('env', envNames(container)),
    named(
      'mounts',
      shownMounts(container).map((m) => `${text(m, 'name')}:${text(m, 'mountPath')}`),
    ),
  ].filter((part) => part !== '');
  return [
    `- ${text(container, 'name')} (${text(container, 'image')}): ${facts.filter((part) => part !== '').join(', ')}`,
    ...(config.length === 0 ? [] : [`  ${config.join('; ')}`]),
  ];
}

const named = (name: string, values: readonly string[]) =>
  values.length === 0 ? '' : `${name} ${cell(values.join(', '), 400)}`;

/** `running for 3m`, `waiting CrashLoopBackOff: back-off…`, `ended Error exit 1 5m ago`. */
function stateText(state: unknown, now: number): string {
  const running = field(state, 'running');
  if (running !== undefined) return `running for ${ageOf(text(running, 'startedAt'), now)}`;
  const waiting = field(state, 'waiting');
  if (waiting !== undefined) {
    const message = text(waiting, 'message');
    return `waiting ${text(waiting, 'reason')}${message === '' ? '' : `: ${cell(message, 300)}`}`;
  }
  const ended = field(state, 'terminated');
  if (ended === undefined) return 'unknown';
  const signal = count(ended, 'signal');
  const message = text(ended, 'message');
  return [
    `ended ${text(ended, 'reason')}`.trim(),
    signal === 0 ? `exit ${count(ended, 'exitCode')}` : `signal ${signal}`,
    ...(text(ended, 'finishedAt') === '' ? [] : [`${ageOf(text(ended, 'finishedAt'), now)} ago`]),
    ...(message === '' ? [] : [`(${cell(message, 300)})`]),
  ].join(' ');
}

function quantities(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([name, quantity]) => `${name}=${String(quantity)}`);
}

function probeText(probe: unknown): string[] {
  if (probe === undefined) return [];
  const http = field(probe, 'httpGet');
  if (http !== undefined) return [`http ${text(http, 'path') || '/'} port ${String(field(http, 'port'))}`];
  const tcp = field(probe, 'tcpSocket');
  if (tcp !== undefined) return [`tcp port ${String(field(tcp, 'port'))}`];
  const grpc = field(probe, 'grpc');
  return [grpc === undefined ? 'exec' : `grpc port ${String(field(grpc, 'port'))}`];
}

/** The token that every pod gets says nothing. */
const isTokenVolume = (name: string) => name.startsWith('kube-api-access-');

const shownMounts = (container: unknown) =>
  items(container, 'volumeMounts').filter((mount) => !isTokenVolume(text(mount, 'name')));

/** Names and where values come from; values themselves stay in get_resource. */
function envNames(container: unknown): string[] {
  const single = items(container, 'env').map((variable) => {
    const from = field(variable, 'valueFrom');
    const name = text(variable, 'name');
    for (const [key, kind] of [
      ['secretKeyRef', 'secret'],
      ['configMapKeyRef', 'configmap'],
    ] as const) {
      const ref = field(from, key);
      if (ref !== undefined) return `${name}<-${kind}/${text(ref, 'name')}:${text(ref, 'key')}`;
    }
    return name;
  });
  const whole = items(container, 'envFrom').map((source) => {
    const secret = text(source, 'secretRef', 'name');
    return secret === '' ? `*<-configmap/${text(source, 'configMapRef', 'name')}` : `*<-secret/${secret}`;
  });
  return [...single, ...whole];
}

const VOLUME_NAMES: Readonly<Record<string, string>> = {
  configMap: 'name',
  secret: 'secretName',
  persistentVolumeClaim: 'claimName',
  hostPath: 'path',
};

function volumeBlock(pod: KubeObject): string[] {
  const volumes = items(pod, 'spec', 'volumes').flatMap((volume) => {
    const name = text(volume, 'name');
    const source = Object.keys(volume as object).find((key) => key !== 'name') ?? 'unknown';
    if (isTokenVolume(name)) return [];
    const target = text(volume, source, VOLUME_NAMES[source] ?? '');
    return [`${name}=${source}${target === '' ? '' : ` ${target}`}`];
  });
  return volumes.length === 0 ? [] : [`Volumes: ${cell(volumes.join(', '), 600)}`];
}
