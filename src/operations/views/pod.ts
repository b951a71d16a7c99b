import { z } from 'zod';
import { ageOf } from '../../kernel/text/age.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { View } from '../query/list-tool.ts';
import { podStatus } from '../query/pod-status.ts';
import { count, field, items, text } from '../query/read.ts';
import { cell } from '../shape/cell.ts';

/** A pod as k8s-get-pods answers it; field names are the seed's. */
export const podSchema = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  /** As kubectl shows it: CrashLoopBackOff, Init:0/1, Completed… */
  status: z.string(),
  /** `1/2`. */
  ready: z.string(),
  restarts: z.number(),
  last_restart: z.string(),
  age: z.string(),
  node: z.string(),
  ip: z.string(),
  /** Left out where pods of all namespaces are listed. */
  containers: z
    .array(z.looseObject({ name: z.string(), image: z.string(), ready: z.boolean(), restarts: z.number() }))
    .optional(),
});

export type PodItem = z.infer<typeof podSchema>;

export const podView: View<PodItem> = {
  kind: ['pods', 'v1'],
  noun: 'pod',
  columns: ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE', 'NODE'],
  project: podItem,
  fromRow: { needs: ['Ready', 'Status', 'Restarts', 'Age', 'IP', 'Node'], project: podOfRow },
  cells: (pod) => [pod.name, pod.ready, pod.status, restartsText(pod), pod.age, pod.node].map((value) => cell(value)),
  order: comparePods,
};

function podItem(pod: KubeObject, now: number): PodItem {
  const { status, ready, total, restarts, lastRestart } = podStatus(pod);
  const statuses = new Map(items(pod, 'status', 'containerStatuses').map((s) => [text(s, 'name'), s]));
  return {
    name: text(pod, 'metadata', 'name'),
    namespace: text(pod, 'metadata', 'namespace'),
    status,
    ready: `${ready}/${total}`,
    restarts,
    last_restart: restarts > 0 && lastRestart !== undefined ? ageOf(lastRestart, now) : '',
    age: ageOf(text(pod, 'metadata', 'creationTimestamp'), now),
    node: text(pod, 'spec', 'nodeName'),
    ip: text(pod, 'status', 'podIP'),
    containers: items(pod, 'spec', 'containers').map((c) => ({
      name: text(c, 'name'),
      image: text(c, 'image'),
      ready: field(statuses.get(text(c, 'name')), 'ready') === true,
      restarts: count(statuses.get(text(c, 'name')), 'restartCount'),
    })),
  };
}

/** The same from the server's own table, whose cells are what kubectl prints. */
function podOfRow({ name, namespace }: { name: string; namespace: string }, column: (name: string) => string): PodItem {
  const [, restarts = '0', last = ''] = /^(\d+)(?: \((.+) ago\))?$/.exec(column('Restarts')) ?? [];
  const given = (value: string) => (value === '<none>' ? '' : value);
  return {
    name,
    namespace,
    status: column('Status'),
    ready: column('Ready'),
    restarts: Number(restarts),
    last_restart: last,
    age: column('Age'),
    node: given(column('Node')),
    ip: given(column('IP')),
  };
}

/** `5 (3m ago)`, as kubectl writes it. */
function restartsText({ restarts, last_restart: last }: PodItem): string {
  return last === '' ? `${restarts}` : `${restarts} (${last} ago)`;
}

/** Pods in trouble first, then by namespace and name. */
function comparePods(a: PodItem, b: PodItem): number {
  return Number(isFine(a)) - Number(isFine(b)) || order(a.namespace, b.namespace) || order(a.name, b.name);
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function isFine({ status, ready }: PodItem): boolean {
  const [up, total] = ready.split('/');
  return status === 'Completed' || status === 'Succeeded' || (status === 'Running' && up === total);
}
