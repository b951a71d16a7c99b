/** What pods and nodes use, and metrics.k8s.io made of it. Smooth, and the same for the same moment. */
import { notFound } from '../../api/failure.ts';
import { parseLabelSelector } from '../../api/label-selector.ts';
import { parseQuantity } from '../../kinds/quantity.ts';
import type { MetricsTarget } from '../../server/ports.ts';
import type { KubeObject, ResourceId } from '../../types.ts';
import { parseTime, rfc3339 } from '../timestamps.ts';
import { memoryAt } from './app-model.ts';
import type { Kubelet } from './create-kubelet.ts';
import type { Container, ContainerStatus, KubeNode, Pod } from './pod-types.ts';
import type { ContainerRun } from './run-types.ts';
import { fraction } from './seeded.ts';

export interface ContainerUsage {
  name: string;
  cpuMilli: number;
  memoryBytes: number;
}

export interface PodUsage {
  containers: ContainerUsage[];
}

export interface UsageParts {
  now(): number;
  kubelet: Pick<Kubelet, 'runOf'>;
  list<T extends KubeObject>(resource: ResourceId, namespace?: string): readonly T[];
  get<T extends KubeObject>(resource: ResourceId, namespace: string, name: string): T | undefined;
}

/** The knots between which usage glides. */
const KNOT_MS = 45_000;
/** metrics-server knows a container after its second scrape. */
const FIRST_SAMPLE_MS = 15_000;
/** What the node itself needs: kubelet, runtime, kernel. */
const SYSTEM = { cpuMilli: 90, memoryBytes: 620 * 1024 * 1024 };
const MI = 1024 * 1024;

/** [0, 1), gliding. */
function noise(seed: string, at: number): number {
  const knot = Math.floor(at / KNOT_MS);
  const way = (at - knot * KNOT_MS) / KNOT_MS;
  const eased = way * way * (3 - 2 * way);
  return fraction(`${seed}/${knot}`) * (1 - eased) + fraction(`${seed}/${knot + 1}`) * eased;
}

export function podUsage(pod: Pod, at: number, kubelet: Pick<Kubelet, 'runOf'>): PodUsage {
  const run = kubelet.runOf(pod);
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const containers: ContainerUsage[] = [];
  for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
    const status = statuses.find(({ name }) => name === container.name);
    if (status?.state.running === undefined) continue;
    containers.push(containerUsage(pod, container, status, run?.containers.get(container.name), at));
  }
  return { containers };
}

function containerUsage(
  pod: Pod,
  container: Container,
  status: ContainerStatus,
  run: ContainerRun | undefined,
  at: number,
): ContainerUsage {
  const age = at - parseTime(status.state.running?.startedAt);
  const seed = `${pod.metadata.uid}/${container.name}`;
  const amount = (name: string, kind: 'requests' | 'limits') => {
    const text = container.resources?.[kind]?.[name];
    return text === undefined ? undefined : parseQuantity(String(text));
  };
  const model = run?.model;
  // Without a model (a world whose pods are only told of), about half of what it asks for.
  const cpu = model?.cpuMilli ?? Math.max(2, (amount('cpu', 'requests') ?? 0.01) * 500);
  const memory = model === undefined ? (amount('memory', 'requests') ?? 32 * MI) * 0.6 : memoryAt(model, age);
  const starting = age < 10_000 ? 2.5 : 1;
  const busy = cpu * starting * (0.65 + 0.7 * noise(`${seed}/cpu`, at));
  const held = memory * (0.96 + 0.06 * noise(`${seed}/memory`, at));
  const cpuLimit = (amount('cpu', 'limits') ?? Infinity) * 1000;
  const memoryLimit = (amount('memory', 'limits') ?? Infinity) * 0.995;
  return { name: container.name, cpuMilli: Math.min(busy, cpuLimit), memoryBytes: Math.min(held, memoryLimit) };
}

/** All pods of a node, and the node's own. */
export function nodeUsage(
  node: KubeNode,
  pods: readonly Pod[],
  at: number,
  kubelet: Pick<Kubelet, 'runOf'>,
): Omit<ContainerUsage, 'name'> {
  const sum = {
    cpuMilli: SYSTEM.cpuMilli * (0.8 + 0.4 * noise(`${node.metadata.name}/cpu`, at)),
    memoryBytes: SYSTEM.memoryBytes * (0.97 + 0.06 * noise(`${node.metadata.name}/memory`, at)),
  };
  for (const pod of pods) {
    if (pod.spec.nodeName !== node.metadata.name) continue;
    for (const { cpuMilli, memoryBytes } of podUsage(pod, at, kubelet).containers) {
      sum.cpuMilli += cpuMilli;
      sum.memoryBytes += memoryBytes;
    }
  }
  return sum;
}

const API_VERSION = 'metrics.k8s.io/v1beta1';

/** The answers of metrics-server. */
export function createMetrics(parts: UsageParts): (target: MetricsTarget) => object {
  const { kubelet, now } = parts;

  function podMetrics(pod: Pod): object | undefined {
    const { at, stamp, window } = sampleTime(pod.spec.nodeName ?? '', now());
    if (pod.status?.phase !== 'Running') return undefined;
    const young = (pod.status.containerStatuses ?? []).some(
      ({ state }) => state.running !== undefined && at - parseTime(state.running.startedAt) < FIRST_SAMPLE_MS,
    );
    const { containers } = podUsage(pod, at, kubelet);
    if (young || containers.length === 0) return undefined;
    return {
      metadata: metadataOf(pod, now()),
      timestamp: stamp,
      window,
      containers: containers.map(({ name, ...used }) => ({ name, usage: quantities(used) })),
    };
  }

  function nodeMetrics(node: KubeNode, pods: readonly Pod[]): object | undefined {
    const ready = node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
    if (ready !== true) return undefined;
    const { at, stamp, window } = sampleTime(node.metadata.name, now());
    return {
      metadata: metadataOf(node, now()),
      timestamp: stamp,
      window,
      usage: quantities(nodeUsage(node, pods, at, kubelet)),
    };
  }

  return ({ resource, namespace, name, labelSelector }) => {
    const kind = resource === 'pods' ? 'PodMetrics' : 'NodeMetrics';
    const selector = parseLabelSelector(labelSelector);
    const one = (object: KubeObject, pods: readonly Pod[]) =>
      resource === 'pods' ? podMetrics(object as Pod) : nodeMetrics(object as KubeNode, pods);
    const pods = resource === 'nodes' ? parts.list<Pod>('pods') : [];
    if (name !== undefined && name !== '') {
      const object = parts.get(resource, namespace ?? '', name);
      const shown = namespace === undefined ? name : `${namespace}/${name}`;
      if (object === undefined) throw notFound({ plural: resource, group: '' }, shown);
      const found = one(object, pods);
      if (found === undefined) throw notFound({ plural: kind.toLowerCase(), group: 'metrics.k8s.io' }, shown);
      return { kind, apiVersion: API_VERSION, ...found };
    }
    const items = parts
      .list(resource, namespace)
      .filter(({ metadata }) => selector.matches(metadata.labels ?? {}))
      .flatMap((object) => one(object, pods) ?? []);
    return { kind: `${kind}List`, apiVersion: API_VERSION, metadata: {}, items };
  };
}

/** When the node was last scraped: every 15 s, each node at its own moment. */
function sampleTime(node: string, now: number): { at: number; stamp: string; window: string } {
  const phase = Math.floor(15_000 * fraction(node));
  const at = Math.floor((now - phase) / 15_000) * 15_000 + phase;
  const window = `${(10 + 9 * fraction(`${node}/${at}`)).toFixed(3).replace(/0+$/, '')}s`;
  return { at, stamp: rfc3339(at), window };
}

const metadataOf = ({ metadata }: KubeObject, now: number) => ({
  name: metadata.name,
  ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  creationTimestamp: rfc3339(now),
  ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
});

const quantities = ({ cpuMilli, memoryBytes }: Omit<ContainerUsage, 'name'>) => ({
  cpu: `${Math.round(cpuMilli * 1_000_000)}n`,
  memory: `${Math.round(memoryBytes / 1024)}Ki`,
});

/** All containers together, for autoscalers; undefined while nothing of the pod runs. */
export function totalUsage(
  pod: Pod,
  at: number,
  kubelet: Pick<Kubelet, 'runOf'>,
): Omit<ContainerUsage, 'name'> | undefined {
  const { containers } = podUsage(pod, at, kubelet);
  if (containers.length === 0) return undefined;
  return containers.reduce(
    (sum, { cpuMilli, memoryBytes }) => ({
      cpuMilli: sum.cpuMilli + cpuMilli,
      memoryBytes: sum.memoryBytes + memoryBytes,
    }),
    { cpuMilli: 0, memoryBytes: 0 },
  );
}
