/** What pods of one template share, read from a pod's spec or a workload's template. */
import type { ProbeFacts, TemplateFacts } from '../facts.ts';
import type { Intern } from '../types.ts';
import { createMemo } from './memo.ts';
import { quantity } from './quantity.ts';
import { type Dict, dict, exact, has, list, number, numberOr, port, text, texts, word } from './read.ts';

type ContainerTemplate = TemplateFacts['containers'][number];

/** The server's default where spec does not say. */
const DEFAULT_GRACE_S = 30;

const PROBE_WAYS = ['httpGet', 'tcpSocket', 'grpc', 'exec'] as const;
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
/** More values than any sane template has are not worth a look. */
const MAX_VALUES = 500;

/** The last one, by what was decoded once for all pods that have it (recent.ts): their containers. */
let last: { intern: Intern; parts: readonly unknown[]; made: TemplateFacts } | undefined;

export function templateOf(spec: Dict, intern: Intern): TemplateFacts {
  const parts = partsOf(spec);
  if (last !== undefined && last.intern === intern && isSame(last.parts, parts)) return last.made;
  const made = rememberedTemplate(spec, intern);
  last = { intern, parts, made };
  return made;
}

function rememberedTemplate(spec: Dict, intern: Intern): TemplateFacts {
  const values = valuesOf(spec);
  if (values.length > MAX_VALUES) return readTemplate(spec, intern);
  return remembered(intern, word(dict(list(spec['containers'])[0])['image']), values, () => readTemplate(spec, intern));
}

function isSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  if (some.length !== others.length) return false;
  for (let at = 0; at < some.length; at++) if (some[at] !== others[at]) return false;
  return true;
}

/** Exactly what `readTemplate` reads: pods differ in what is beside it. */
function valuesOf(spec: Dict): unknown[] {
  const values = plainValuesOf(spec);
  for (const entry of list(spec['initContainers'])) addContainer(values, dict(entry), 'init');
  for (const entry of list(spec['containers'])) addContainer(values, dict(entry), 'main');
  return values;
}

/** The same with each container as it is. */
function partsOf(spec: Dict): unknown[] {
  const parts = plainValuesOf(spec);
  for (const one of list(spec['initContainers'])) parts.push(one);
  parts.push('main');
  for (const one of list(spec['containers'])) parts.push(one);
  return parts;
}

function plainValuesOf(spec: Dict): unknown[] {
  const values: unknown[] = [
    spec['serviceAccountName'],
    spec['hostNetwork'],
    spec['priorityClassName'],
    spec['restartPolicy'],
    spec['terminationGracePeriodSeconds'],
  ];
  const selector = dict(spec['nodeSelector']);
  for (const label in selector) values.push(label, selector[label]);
  for (const entry of list(spec['tolerations'])) {
    const { key, operator, value, effect } = dict(entry);
    values.push(key, operator, value, effect);
  }
  return values;
}

function addContainer(values: unknown[], container: Dict, role: string): void {
  values.push(role, container['name'], container['image'], container['restartPolicy']);
  for (const entry of list(container['ports'])) {
    const { name, containerPort, protocol } = dict(entry);
    values.push(name, containerPort, protocol);
  }
  const resources = dict(container['resources']);
  const requests = dict(resources['requests']);
  const limits = dict(resources['limits']);
  values.push(requests['cpu'], requests['memory'], limits['cpu'], limits['memory']);
  for (const name of PROBES) {
    const probe = container[name];
    if (probe === undefined) values.push(0);
    else addProbe(values, dict(probe));
  }
}

function addProbe(values: unknown[], probe: Dict): void {
  for (const way of PROBE_WAYS) values.push(has(probe[way]), dict(probe[way])['port']);
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
  return exact(found);
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
