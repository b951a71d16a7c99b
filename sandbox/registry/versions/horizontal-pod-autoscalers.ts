/** autoscaling/v1 and v2: v1 knows a CPU target only and keeps the rest of v2 in annotations. */
import type { KubeObject } from '../../types.ts';
import { isRecord, type Json, numberAt, recordAt, recordsAt, textAt, textsAt } from '../json.ts';

const METRICS = 'autoscaling.alpha.kubernetes.io/metrics';
const CURRENT_METRICS = 'autoscaling.alpha.kubernetes.io/current-metrics';
const CONDITIONS = 'autoscaling.alpha.kubernetes.io/conditions';
const BEHAVIOR = 'autoscaling.alpha.kubernetes.io/behavior';
const OURS = [METRICS, CURRENT_METRICS, CONDITIONS, BEHAVIOR];

const isCpu = (metric: Json) =>
  metric['type'] === 'Resource' &&
  textAt(metric, 'resource', 'name') === 'cpu' &&
  numberAt(metric, 'resource', 'target', 'averageUtilization') !== undefined;

export function autoscalerToV1(v2: KubeObject): KubeObject {
  const { metrics: _metrics, behavior, ...spec } = recordAt(v2, 'spec');
  const { currentMetrics: _current, conditions, ...status } = recordAt(v2, 'status');
  const metrics = recordsAt(v2, 'spec', 'metrics');
  const current = recordsAt(v2, 'status', 'currentMetrics');
  const cpu = metrics.find(isCpu);
  const target = cpu && numberAt(cpu, 'resource', 'target', 'averageUtilization');
  const cpuNow = current.find((m) => m['type'] === 'Resource' && textAt(m, 'resource', 'name') === 'cpu');
  const utilization = cpuNow && numberAt(cpuNow, 'resource', 'current', 'averageUtilization');
  const others = metrics.filter((metric) => metric !== cpu).map((metric) => flatten(metric, 'target'));
  const annotations: Record<string, string> = { ...v2.metadata.annotations };
  if (others.length > 0) annotations[METRICS] = JSON.stringify(others);
  if (current.length > 0) annotations[CURRENT_METRICS] = JSON.stringify(current.map((m) => flatten(m, 'current')));
  if (Array.isArray(conditions) && conditions.length > 0) annotations[CONDITIONS] = JSON.stringify(conditions);
  if (isRecord(behavior)) annotations[BEHAVIOR] = JSON.stringify(capitalised(behavior));
  return {
    ...v2,
    apiVersion: 'autoscaling/v1',
    metadata: withAnnotations(v2, annotations),
    spec: { ...spec, ...given('targetCPUUtilizationPercentage', target) },
    status: {
      ...given('observedGeneration', status['observedGeneration']),
      ...given('lastScaleTime', status['lastScaleTime']),
      currentReplicas: numberAt(status, 'currentReplicas') ?? 0,
      desiredReplicas: numberAt(status, 'desiredReplicas') ?? 0,
      ...given('currentCPUUtilizationPercentage', utilization),
    },
  };
}

export function autoscalerToV2(v1: KubeObject): KubeObject {
  const annotations = textsAt(v1, 'metadata', 'annotations');
  const { targetCPUUtilizationPercentage: target, ...spec } = recordAt(v1, 'spec');
  const { currentCPUUtilizationPercentage: _now, ...status } = recordAt(v1, 'status');
  const metrics = parsed(annotations[METRICS]).map((metric) => unflatten(metric, 'target'));
  if (typeof target === 'number') {
    const averageUtilization = target;
    metrics.push({
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
    });
  }
  const current = parsed(annotations[CURRENT_METRICS]).map((metric) => unflatten(metric, 'current'));
  const conditions = parsed(annotations[CONDITIONS]);
  const [behavior] = parsed(annotations[BEHAVIOR] === undefined ? undefined : `[${annotations[BEHAVIOR]}]`);
  const kept = Object.fromEntries(Object.entries(annotations).filter(([key]) => !OURS.includes(key)));
  return {
    ...v1,
    apiVersion: 'autoscaling/v2',
    metadata: withAnnotations(v1, kept),
    spec: {
      ...spec,
      ...(metrics.length === 0 ? {} : { metrics }),
      ...given('behavior', behavior && uncapitalised(behavior)),
    },
    status: {
      ...status,
      desiredReplicas: numberAt(status, 'desiredReplicas') ?? 0,
      currentMetrics: current.length === 0 ? null : current,
      ...(conditions.length === 0 ? {} : { conditions }),
    },
  };
}

function withAnnotations(object: KubeObject, annotations: Record<string, string>): KubeObject['metadata'] {
  const { annotations: _old, ...rest } = object.metadata;
  return Object.keys(annotations).length === 0 ? rest : { ...rest, annotations };
}

const given = (key: string, value: unknown) => (value === undefined ? {} : { [key]: value });

function parsed(text: string | undefined): Json[] {
  if (text === undefined) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isRecord) : [];
  } catch {
    return [];
  }
}

const SOURCES = ['resource', 'containerResource', 'pods', 'object', 'external'];
/** v1's flat names of what stands under `target` and `current` in v2. */
const FLAT: Readonly<Record<'target' | 'current', Readonly<Record<string, string>>>> = {
  target: {
    averageUtilization: 'targetAverageUtilization',
    averageValue: 'targetAverageValue',
    value: 'targetValue',
  },
  current: {
    averageUtilization: 'currentAverageUtilization',
    averageValue: 'currentAverageValue',
    value: 'currentValue',
  },
};

function flatten(metric: Json, part: 'target' | 'current'): Json {
  return mapSource(metric, (source) => {
    const { [part]: values, ...rest } = source;
    const flat = Object.entries(FLAT[part]).flatMap(([name, flatName]) => {
      const value = recordAt({ values }, 'values')[name];
      return value === undefined ? [] : [[flatName, value] as const];
    });
    return { ...rest, ...Object.fromEntries(flat) };
  });
}

function unflatten(metric: Json, part: 'target' | 'current'): Json {
  return mapSource(metric, (source) => {
    const rest = { ...source };
    const values: Json = {};
    for (const [name, flatName] of Object.entries(FLAT[part])) {
      if (rest[flatName] !== undefined) values[name] = rest[flatName];
      delete rest[flatName];
    }
    const type =
      values['averageUtilization'] !== undefined
        ? 'Utilization'
        : values['averageValue'] !== undefined
          ? 'AverageValue'
          : 'Value';
    return { ...rest, [part]: part === 'target' ? { type, ...values } : values };
  });
}

function mapSource(metric: Json, change: (source: Json) => Json): Json {
  return Object.fromEntries(
    Object.entries(metric).map(([key, value]) => [
      key,
      SOURCES.includes(key) && isRecord(value) ? change(value) : value,
    ]),
  );
}

/** v1 keeps behaviour in the spelling of the internal Go type, with all its fields. */
function capitalised(behavior: Json): Json {
  const rules = (value: unknown) =>
    isRecord(value)
      ? {
          StabilizationWindowSeconds: value['stabilizationWindowSeconds'] ?? null,
          SelectPolicy: value['selectPolicy'] ?? null,
          Policies: recordsAt(value, 'policies').map(({ type, value: amount, periodSeconds }) => ({
            Type: type,
            Value: amount,
            PeriodSeconds: periodSeconds,
          })),
          Tolerance: value['tolerance'] ?? null,
        }
      : null;
  return { ScaleUp: rules(behavior['scaleUp']), ScaleDown: rules(behavior['scaleDown']) };
}

function uncapitalised(behavior: Json): Json {
  const rules = (value: unknown) =>
    isRecord(value)
      ? {
          ...known('stabilizationWindowSeconds', value['StabilizationWindowSeconds']),
          ...known('selectPolicy', value['SelectPolicy']),
          policies: recordsAt(value, 'Policies').map((policy) => ({
            type: policy['Type'],
            value: policy['Value'],
            periodSeconds: policy['PeriodSeconds'],
          })),
          ...known('tolerance', value['Tolerance']),
        }
      : undefined;
  return {
    ...known('scaleUp', rules(behavior['ScaleUp'])),
    ...known('scaleDown', rules(behavior['ScaleDown'])),
  };
}

const known = (key: string, value: unknown) => (value === undefined || value === null ? {} : { [key]: value });
