/** The row of a HorizontalPodAutoscaler; both served versions print alike. */
import { type Printer, printer } from './column.ts';
import { age, NONE, UNSET } from './format.ts';

interface Target {
  averageValue?: string;
  averageUtilization?: number;
  value?: string;
}

interface Source {
  name?: string;
  target?: Target;
  current?: Target;
}

type Metric = { type: string } & Partial<
  Record<'resource' | 'containerResource' | 'pods' | 'object' | 'external', Source>
>;

interface Autoscaler {
  spec: {
    scaleTargetRef: { kind: string; name: string };
    minReplicas?: number;
    maxReplicas: number;
    metrics?: readonly Metric[];
    targetCPUUtilizationPercentage?: number;
  };
  status?: {
    currentReplicas?: number;
    currentMetrics?: readonly Metric[];
    currentCPUUtilizationPercentage?: number;
  };
}

const SHOWN = 2;

export const AUTOSCALERS: Printer = printer<Autoscaler>(
  ['Name', 'Reference', 'Targets', 'MinPods', 'MaxPods', 'Replicas', 'Age'],
  (object, now) => [
    object.metadata.name,
    `${object.spec.scaleTargetRef.kind}/${object.spec.scaleTargetRef.name}`,
    targets(object),
    object.spec.minReplicas === undefined ? UNSET : `${object.spec.minReplicas}`,
    object.spec.maxReplicas,
    object.status?.currentReplicas ?? 0,
    age(object, now),
  ],
);

function targets({ spec, status }: Autoscaler): string {
  const metrics = spec.metrics ?? firstVersion(spec.targetCPUUtilizationPercentage);
  const current = status?.currentMetrics ?? firstVersion(undefined, status?.currentCPUUtilizationPercentage);
  if (metrics.length === 0) return NONE;
  const texts = metrics.map((metric, at) => metricText(metric, current[at]));
  const more = texts.length - SHOWN;
  return `${texts.slice(0, SHOWN).join(', ')}${more > 0 ? ` + ${more} more...` : ''}`;
}

/** What autoscaling/v1 says of CPU, in the form of v2. */
function firstVersion(target?: number, current?: number): Metric[] {
  if (target === undefined && current === undefined) return [];
  const use = (value: number | undefined): Target => (value === undefined ? {} : { averageUtilization: value });
  return [{ type: 'Resource', resource: { name: 'cpu', target: use(target), current: use(current) } }];
}

function metricText({ type, resource, containerResource, pods, object, external }: Metric, status: Metric | undefined) {
  switch (type) {
    case 'Resource':
      return resourceText(resource, status?.resource);
    case 'ContainerResource':
      return resourceText(containerResource, status?.containerResource);
    case 'Pods':
      return `${status?.pods?.current?.averageValue ?? '<unknown>'}/${pods?.target?.averageValue}`;
    case 'Object':
      return valueText(object, status?.object);
    case 'External':
      return valueText(external, status?.external);
    default:
      return '<unknown type>';
  }
}

function resourceText(source: Source | undefined, status: Source | undefined): string {
  const { averageValue, averageUtilization } = source?.target ?? {};
  const { current } = status ?? {};
  if (averageValue !== undefined) return `${source?.name}: ${current?.averageValue ?? '<unknown>'}/${averageValue}`;
  const used = current?.averageUtilization === undefined ? '<unknown>' : `${current.averageUtilization}%`;
  return `${source?.name}: ${used}/${averageUtilization === undefined ? '<auto>' : `${averageUtilization}%`}`;
}

function valueText(source: Source | undefined, status: Source | undefined): string {
  const { averageValue, value } = source?.target ?? {};
  if (averageValue !== undefined) return `${status?.current?.averageValue ?? '<unknown>'}/${averageValue} (avg)`;
  return `${status?.current?.value ?? '<unknown>'}/${value}`;
}

interface Scale {
  spec?: { replicas?: number };
  status?: { replicas?: number };
}

const scales = printer<Scale>(['Name', 'Desired:int', 'Available:int', 'Age'], (scale, now) => [
  scale.metadata.name,
  scale.spec?.replicas ?? 0,
  scale.status?.replicas ?? 0,
  age(scale, now),
]);

/** The one table whose first column is not said to be a name. */
export const SCALES: Printer = { ...scales, columns: scales.columns.map((column) => ({ ...column, format: '' })) };
