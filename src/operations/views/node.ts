import { z } from 'zod';
import { ageOf } from '../../kernel/text/age.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { View } from '../query/list-tool.ts';
import { field, items, text, textMap } from '../query/read.ts';
import { cell } from '../shape/cell.ts';

export const nodeSchema = z.looseObject({
  name: z.string(),
  /** `Ready`, `NotReady`, `Ready,SchedulingDisabled`. */
  status: z.string(),
  roles: z.array(z.string()),
  /** Pressure and other conditions that should not be there. */
  problems: z.array(z.string()),
  taints: z.array(z.string()),
  version: z.string(),
  internal_ip: z.string(),
  allocatable: z.looseObject({ cpu: z.string(), memory: z.string(), pods: z.string() }),
  age: z.string(),
});

export type NodeItem = z.infer<typeof nodeSchema>;

export const nodeView: View<NodeItem> = {
  kind: ['nodes', 'v1'],
  noun: 'node',
  columns: ['NAME', 'STATUS', 'ROLES', 'AGE', 'VERSION', 'INTERNAL-IP', 'CPU', 'MEMORY', 'PODS', 'TAINTS', 'PROBLEMS'],
  project: nodeItem,
  cells: (n) =>
    [
      n.name,
      n.status,
      n.roles.join(','),
      n.age,
      n.version,
      n.internal_ip,
      n.allocatable.cpu,
      n.allocatable.memory,
      n.allocatable.pods,
      n.taints.join(','),
      n.problems.join(','),
    ].map((value) => cell(value)),
  order: (a, b) => Number(isFine(a)) - Number(isFine(b)) || (a.name < b.name ? -1 : 1),
};

const isFine = (node: NodeItem) => node.status === 'Ready' && node.problems.length === 0;

const ROLE = 'node-role.kubernetes.io/';

function nodeItem(node: KubeObject, now: number): NodeItem {
  const labels = textMap(node, 'metadata', 'labels');
  const roles = Object.keys(labels).flatMap((name) => (name.startsWith(ROLE) ? [name.slice(ROLE.length)] : []));
  return {
    name: text(node, 'metadata', 'name'),
    status: statusOf(node),
    roles,
    problems: items(node, 'status', 'conditions')
      .filter((c) => text(c, 'type') !== 'Ready' && text(c, 'status') === 'True')
      .map((c) => text(c, 'type')),
    taints: items(node, 'spec', 'taints').map((t) => `${text(t, 'key')}${taintValue(t)}:${text(t, 'effect')}`),
    version: text(node, 'status', 'nodeInfo', 'kubeletVersion'),
    internal_ip: text(
      items(node, 'status', 'addresses').find((a) => text(a, 'type') === 'InternalIP'),
      'address',
    ),
    allocatable: {
      cpu: quantity(node, 'cpu'),
      memory: quantity(node, 'memory'),
      pods: quantity(node, 'pods'),
    },
    age: ageOf(text(node, 'metadata', 'creationTimestamp'), now),
  };
}

const taintValue = (taint: unknown) => (text(taint, 'value') === '' ? '' : `=${text(taint, 'value')}`);

const quantity = (node: KubeObject, name: string) => String(field(node, 'status', 'allocatable', name) ?? '');

function statusOf(node: KubeObject): string {
  const ready = text(
    items(node, 'status', 'conditions').find((c) => text(c, 'type') === 'Ready'),
    'status',
  );
  const word = ready === 'True' ? 'Ready' : ready === '' ? 'Unknown' : 'NotReady';
  return field(node, 'spec', 'unschedulable') === true ? `${word},SchedulingDisabled` : word;
}
