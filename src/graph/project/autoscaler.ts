import type { AutoscalerFacts } from '../facts.ts';
import { groupOf } from '../kind-key.ts';
import type { Health } from '../types.ts';
import { condition, conditionsOf, isFalse } from './conditions.ts';
import { defineKind } from './define-kind.ts';
import { dict, list, number, numberOr, text, time } from './read.ts';

export const autoscaler = defineKind<AutoscalerFacts>({
  kind: 'HorizontalPodAutoscaler.autoscaling',
  depth: 'object',
  fields: [
    'spec.minReplicas',
    'spec.maxReplicas',
    'spec.scaleTargetRef',
    'spec.metrics',
    'status.currentReplicas',
    'status.desiredReplicas',
    'status.lastScaleTime',
    'status.conditions',
  ],
  project(object, intern) {
    const spec = dict(object['spec']);
    const status = dict(object['status']);
    const target = dict(spec['scaleTargetRef']);
    return {
      min: numberOr(spec['minReplicas'], 1),
      max: number(spec['maxReplicas']),
      current: number(status['currentReplicas']),
      desired: number(status['desiredReplicas']),
      target: {
        kind: intern.text(text(target['kind'])),
        group: intern.text(groupOf(text(target['apiVersion']))),
        name: intern.text(text(target['name'])),
      },
      metrics: intern.shared(list(spec['metrics']).map(metricOf)),
      conditions: conditionsOf(status['conditions'], intern),
      lastScaled: time(status['lastScaleTime']),
    };
  },
  health: autoscalerHealth,
});

/** `{type: Pods, pods: {metric: {name}}}`, `{type: Resource, resource: {name}}`. */
function metricOf(value: unknown): { type: string; name: string } {
  const metric = dict(value);
  const type = text(metric['type']);
  const source = dict(metric[type === '' ? type : `${type[0]?.toLowerCase()}${type.slice(1)}`]);
  return { type, name: text(source['name']) || text(dict(source['metric'])['name']) };
}

/** Scaling that is switched off (a target of no replicas) is nobody's fault. */
function autoscalerHealth({ conditions }: AutoscalerFacts): Health {
  if (isFalse(conditions, 'AbleToScale')) return 'warning';
  const active = condition(conditions, 'ScalingActive');
  return active?.status === 'False' && active.reason !== 'ScalingDisabled' ? 'warning' : 'ok';
}
