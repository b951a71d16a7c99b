/** How many replicas each metric of an autoscaler asks for. */
import { parseQuantity } from '../../../kinds/quantity.ts';
import { isReady, isTerminating } from '../kit/pods.ts';
import type { Pod } from '../kit/shapes.ts';
import {
  type Autoscaler,
  MetricFailure,
  type MetricSpec,
  type MetricTarget,
  type Proposal,
  type Usage,
} from './shapes.ts';

/** Changes within a tenth are let be. */
const TOLERANCE = 0.1;

interface Asked {
  pods: readonly Pod[];
  replicas: number;
  usage: Usage;
  namespace: string;
}

export function proposalOf(metric: MetricSpec, asked: Asked): Proposal {
  if (metric.type === 'Resource' && metric.resource !== undefined) {
    return resourceProposal(metric.resource.name, metric.resource.target, undefined, asked);
  }
  if (metric.type === 'ContainerResource' && metric.containerResource !== undefined) {
    const { name, target, container } = metric.containerResource;
    return resourceProposal(name, target, container, asked);
  }
  throw unavailable(metric, asked.namespace);
}

/** No adapters for other metrics run here: said as by a cluster without them. */
function unavailable(metric: MetricSpec, namespace: string): MetricFailure {
  const name = metric.pods?.metric.name ?? metric.object?.metric.name ?? metric.external?.metric.name ?? '';
  const custom =
    'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';
  const external =
    'unable to fetch metrics from external metrics API: the server could not find the requested resource (get ' +
    `${name}.external.metrics.k8s.io)`;
  if (metric.type === 'Pods') {
    return new MetricFailure(
      'FailedGetPodsMetric',
      'failed to get pods metric value',
      `unable to get metric ${name}: ${custom}`,
    );
  }
  if (metric.type === 'Object') {
    const of = metric.object?.describedObject;
    const text = `unable to get metric ${name}: ${of?.kind ?? ''} on ${namespace} ${of?.name ?? ''}/${custom}`;
    return new MetricFailure('FailedGetObjectMetric', 'failed to get object metric value', text);
  }
  const text = `unable to get external metric ${namespace}/${name}/nil: ${external}`;
  return new MetricFailure('FailedGetExternalMetric', `failed to get ${name} external metric value`, text);
}

function resourceProposal(
  resource: string,
  target: MetricTarget,
  container: string | undefined,
  asked: Asked,
): Proposal {
  const kind = container === undefined ? 'resource' : 'container resource';
  const by = target.averageUtilization === undefined ? 'usage' : 'utilization';
  const fail = (why: string) =>
    new MetricFailure(
      container === undefined ? 'FailedGetResourceMetric' : 'FailedGetContainerResourceMetric',
      container === undefined
        ? `failed to get ${resource} resource metric value`
        : `failed to get ${container} container metric value`,
      `failed to get ${resource} ${by}: ${why}`,
    );
  const groups = groupPods(resource, asked);
  if (groups.measured.length + groups.unready.length === 0) {
    throw fail(`unable to get metrics for resource ${resource}: no metrics returned from resource metrics API`);
  }
  if (groups.measured.length === 0) throw fail('did not receive metrics for targeted pods (pods might be unready)');
  const used = groups.measured.reduce((sum, { value }) => sum + value, 0);
  const average = used / groups.measured.length;
  const averageValue = quantityText(resource, average);
  const wrap = (replicas: number, metric: string, current: Record<string, unknown>): Proposal => ({
    replicas,
    metric,
    status:
      container === undefined
        ? { type: 'Resource', resource: { name: resource, current } }
        : { type: 'ContainerResource', containerResource: { name: resource, container, current } },
  });
  if (target.averageUtilization === undefined) {
    const wanted = (parseQuantity(target.averageValue ?? '0') ?? 0) * (resource === 'cpu' ? 1000 : 1);
    const each = () => wanted;
    return wrap(replicasFor(groups, each, 1, asked), `${resource} ${kind}`, { averageValue });
  }
  const requestOf = (pod: Pod) => requests(pod, resource, container, fail);
  const requested = groups.measured.reduce((sum, { pod }) => sum + requestOf(pod), 0);
  if (requested === 0) throw fail('no metrics returned matched known pods');
  const averageUtilization = Math.floor((used * 100) / requested);
  const replicas = replicasFor(groups, requestOf, target.averageUtilization / 100, asked);
  return wrap(replicas, `${resource} ${kind} utilization (percentage of request)`, {
    averageUtilization,
    averageValue,
  });
}

interface Groups {
  measured: { pod: Pod; value: number }[];
  unready: Pod[];
  missing: Pod[];
}

function groupPods(resource: string, { pods, usage }: Asked): Groups {
  const groups: Groups = { measured: [], unready: [], missing: [] };
  for (const pod of pods) {
    if (isTerminating(pod) || pod.status?.phase === 'Failed') continue;
    const found = usage(pod);
    if (pod.status?.phase === 'Pending' || (resource === 'cpu' && !isReady(pod))) groups.unready.push(pod);
    else if (found === undefined) groups.missing.push(pod);
    else groups.measured.push({ pod, value: resource === 'cpu' ? found.cpuMilli : found.memoryBytes });
  }
  return groups;
}

/** `share` of what `baseOf` says of each pod is the aim. Pods without a measure count against any change. */
function replicasFor(
  { measured, unready, missing }: Groups,
  baseOf: (pod: Pod) => number,
  share: number,
  { replicas }: Asked,
): number {
  const ratioOf = (items: readonly { pod: Pod; value: number }[]) => {
    const base = items.reduce((sum, { pod }) => sum + baseOf(pod), 0) * share;
    return base === 0 ? 1 : items.reduce((sum, { value }) => sum + value, 0) / base;
  };
  const ratio = ratioOf(measured);
  const withUnready = unready.length > 0 && ratio > 1;
  if (!withUnready && missing.length === 0) {
    return Math.abs(ratio - 1) <= TOLERANCE ? replicas : Math.ceil(ratio * measured.length);
  }
  const all = [...measured];
  for (const pod of missing) all.push({ pod, value: ratio < 1 ? baseOf(pod) * Math.max(1, share) : 0 });
  if (withUnready) for (const pod of unready) all.push({ pod, value: 0 });
  const next = ratioOf(all);
  const turned = (ratio < 1 && next > 1) || (ratio > 1 && next < 1);
  if (Math.abs(next - 1) <= TOLERANCE || turned) return replicas;
  const proposed = Math.ceil(next * all.length);
  return (next < 1 && proposed > replicas) || (next > 1 && proposed < replicas) ? replicas : proposed;
}

/** In milli-CPU or bytes. */
function requests(
  { spec, metadata }: Pod,
  resource: string,
  container: string | undefined,
  fail: (why: string) => Error,
): number {
  let sum = 0;
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  for (const { name, resources } of [...spec.containers, ...sidecars]) {
    if (container !== undefined && container !== name) continue;
    const text = resources?.requests?.[resource];
    if (text === undefined) throw fail(`missing request for ${resource} in container ${name} of Pod ${metadata.name}`);
    sum += (parseQuantity(text) ?? 0) * (resource === 'cpu' ? 1000 : 1);
  }
  return sum;
}

function quantityText(resource: string, value: number): string {
  const rounded = Math.round(value);
  if (resource === 'cpu') return rounded % 1000 === 0 ? String(rounded / 1000) : `${rounded}m`;
  for (const [unit, size] of [
    ['Gi', 2 ** 30],
    ['Mi', 2 ** 20],
    ['Ki', 2 ** 10],
  ] as const) {
    if (rounded !== 0 && rounded % size === 0) return `${rounded / size}${unit}`;
  }
  return String(rounded);
}

/** What a new autoscaler is about when it names no metric. */
export const metricsOf = ({ spec }: Autoscaler): readonly MetricSpec[] =>
  spec.metrics ?? [
    { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
  ];
