import type { NodeFacts } from '../facts.ts';
import type { Health } from '../types.ts';
import { condition, conditionsOf } from './conditions.ts';
import { defineKind } from './define-kind.ts';
import { quantity } from './quantity.ts';
import { dict, list, text, time } from './read.ts';

export const HOST_LABEL = 'kubernetes.io/hostname';
export const ZONE_LABEL = 'topology.kubernetes.io/zone';
const OLD_ZONE_LABEL = 'failure-domain.beta.kubernetes.io/zone';
const ROLE_PREFIX = 'node-role.kubernetes.io/';

export const node = defineKind<NodeFacts>({
  kind: 'Node',
  depth: 'object',
  fields: [
    'spec.unschedulable',
    'spec.taints',
    'status.conditions',
    'status.capacity',
    'status.allocatable',
    'status.nodeInfo.kubeletVersion',
  ],
  project(object, intern) {
    const spec = dict(object['spec']);
    const status = dict(object['status']);
    const labels = dict(dict(object.metadata)['labels']);
    const conditions = conditionsOf(status['conditions'], intern);
    return {
      ready: condition(conditions, 'Ready')?.status ?? 'Unknown',
      conditions,
      unschedulable: spec['unschedulable'] === true,
      taints: list(spec['taints']).map(taintOf),
      capacity: intern.shared(amountsOf(status['capacity'])),
      allocatable: intern.shared(amountsOf(status['allocatable'])),
      kubelet: intern.text(text(dict(status['nodeInfo'])['kubeletVersion'])),
      zone: intern.text(zoneOf(labels)),
      roles: intern.shared(rolesOf(labels)),
    };
  },
  health: nodeHealth,
});

export function zoneOf(labels: Readonly<Record<string, unknown>>): string {
  return text(labels[ZONE_LABEL]) || text(labels[OLD_ZONE_LABEL]);
}

function rolesOf(labels: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(labels)
    .filter((label) => label.startsWith(ROLE_PREFIX) && label.length > ROLE_PREFIX.length)
    .map((label) => text(label.slice(ROLE_PREFIX.length)));
}

function taintOf(value: unknown): NodeFacts['taints'][number] {
  const { key, value: mark, effect, timeAdded } = dict(value);
  return { key: text(key), value: text(mark), effect: text(effect), since: time(timeAdded) };
}

function amountsOf(value: unknown): NodeFacts['capacity'] {
  const { cpu, memory, pods } = dict(value);
  return { cpu: quantity(cpu), memory: quantity(memory), pods: quantity(pods) };
}

/** A cordon is somebody's will: no harm. All other conditions of a node are bad while they are True. */
function nodeHealth(facts: NodeFacts): Health {
  if (condition(facts.conditions, 'Ready') === undefined) return 'unknown';
  if (facts.ready !== 'True') return 'failed';
  return facts.conditions.some(({ type, status }) => type !== 'Ready' && status === 'True') ? 'warning' : 'ok';
}
