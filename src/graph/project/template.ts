/** What pods of one template share, read from a pod's spec or a workload's template. */
import type { ProbeFacts, TemplateFacts } from '../facts.ts';
import type { Intern } from '../types.ts';
import { createMemo } from './memo.ts';
import { quantity } from './quantity.ts';
import { type Dict, dict, has, list, number, numberOr, port, text, texts } from './read.ts';

type ContainerTemplate = TemplateFacts['containers'][number];

/** The server's default where spec does not say. */
const DEFAULT_GRACE_S = 30;

const PROBES = ['readinessProbe', 'livenessProbe', 'startupProbe'] as const;
const CONTAINER_FIELDS: readonly string[] = [
  'name',
  'image',
  'restartPolicy',
  'ports.name',
  'ports.containerPort',
  'ports.protocol',
  'resources.requests',
  'resources.limits',
  ...PROBES.flatMap((probe) => ['httpGet.port', 'tcpSocket.port', 'grpc.port', 'exec'].map((way) => `${probe}.${way}`)),
];

/** Paths that `templateOf` reads, below `prefix` (`spec`, `spec.template.spec`). */
export function templateFields(prefix: string): readonly string[] {
  return [
    ...['containers', 'initContainers'].flatMap((of) => CONTAINER_FIELDS.map((field) => `${prefix}.${of}.${field}`)),
    ...[
      'serviceAccountName',
      'hostNetwork',
      'priorityClassName',
      'restartPolicy',
      'terminationGracePeriodSeconds',
      'nodeSelector',
      'tolerations',
    ].map((field) => `${prefix}.${field}`),
  ];
}

const remembered = createMemo<TemplateFacts>();

export function templateOf(spec: Dict, intern: Intern): TemplateFacts {
  return remembered(intern, rawTemplate(spec), () => readTemplate(spec, intern));
}

/** Exactly what `readTemplate` reads: pods differ in what is beside it. */
function rawTemplate(spec: Dict): unknown[] {
  const raw: unknown[] = [
    spec['serviceAccountName'],
    spec['hostNetwork'],
    spec['priorityClassName'],
    spec['restartPolicy'],
    spec['terminationGracePeriodSeconds'],
    spec['nodeSelector'],
    spec['tolerations'],
  ];
  for (const containers of [list(spec['initContainers']), list(spec['containers'])]) {
    raw.push(containers.length);
    for (const entry of containers) {
      const one = dict(entry);
      raw.push(one['name'], one['image'], one['restartPolicy'], one['ports'], one['resources']);
      for (const probe of PROBES) raw.push(one[probe]);
    }
  }
  return raw;
}

function readTemplate(spec: Dict, intern: Intern): TemplateFacts {
  return intern.shared({
    containers: containersOf(spec),
    serviceAccount: text(spec['serviceAccountName']) || 'default',
    hostNetwork: spec['hostNetwork'] === true,
    priorityClass: text(spec['priorityClassName']),
    restartPolicy: text(spec['restartPolicy']) || 'Always',
    grace: numberOr(spec['terminationGracePeriodSeconds'], DEFAULT_GRACE_S),
    nodeSelector: texts(spec['nodeSelector']),
    tolerations: list(spec['tolerations']).map(tolerationOf),
  });
}

function containersOf(spec: Dict): ContainerTemplate[] {
  const found: ContainerTemplate[] = [];
  for (const entry of list(spec['initContainers'])) {
    const container = dict(entry);
    found.push(containerOf(container, container['restartPolicy'] === 'Always' ? 'sidecar' : 'init'));
  }
  for (const entry of list(spec['containers'])) found.push(containerOf(dict(entry), 'main'));
  return found;
}

function containerOf(container: Dict, role: ContainerTemplate['role']): ContainerTemplate {
  const resources = dict(container['resources']);
  return {
    name: text(container['name']),
    role,
    image: text(container['image']),
    ports: list(container['ports']).map(portOf),
    requests: amountsOf(resources['requests']),
    limits: amountsOf(resources['limits']),
    readiness: probeOf(container['readinessProbe']),
    liveness: probeOf(container['livenessProbe']),
    startup: probeOf(container['startupProbe']),
  };
}

function portOf(value: unknown): { name: string; port: number; protocol: string } {
  const { name, containerPort, protocol } = dict(value);
  return { name: text(name), port: number(containerPort), protocol: text(protocol) || 'TCP' };
}

function amountsOf(value: unknown): { cpu: number; memory: number } {
  const amounts = dict(value);
  return { cpu: quantity(amounts['cpu']), memory: quantity(amounts['memory']) };
}

function probeOf(value: unknown): ProbeFacts | undefined {
  const probe = dict(value);
  if (has(probe['httpGet'])) return { kind: 'http', port: port(dict(probe['httpGet'])['port']) };
  if (has(probe['tcpSocket'])) return { kind: 'tcp', port: port(dict(probe['tcpSocket'])['port']) };
  if (has(probe['grpc'])) return { kind: 'grpc', port: port(dict(probe['grpc'])['port']) };
  return has(probe['exec']) ? { kind: 'exec', port: '' } : undefined;
}

function tolerationOf(value: unknown): TemplateFacts['tolerations'][number] {
  const { key, operator, value: wanted, effect } = dict(value);
  return { key: text(key), operator: text(operator) || 'Equal', value: text(wanted), effect: text(effect) };
}
