/** A node that runs out of something: which pods it refuses, which it evicts, and what it says. */
import { parseQuantity } from '../../kinds/quantity.ts';
import { podRequests, qosClass } from '../scheduler/requests.ts';
import { tolerates } from '../scheduler/selectors.ts';
import { PRESSURE_ANNOTATION } from './annotations.ts';
import type { KubeNode, Pod } from './pod-types.ts';
import { memoryNow } from './probes.ts';
import type { PodRun } from './run-types.ts';

export type Pressure = 'memory' | 'disk' | 'pid';

const CONDITIONS: Readonly<Record<Pressure, string>> = {
  memory: 'MemoryPressure',
  disk: 'DiskPressure',
  pid: 'PIDPressure',
};
/** Pods at or above it are never evicted for pressure: system-cluster-critical. */
const CRITICAL = 2_000_000_000;

export function pressures(node: KubeNode): Pressure[] {
  const told = (node.metadata.annotations?.[PRESSURE_ANNOTATION] ?? '').split(',').map((part) => part.trim());
  return (['memory', 'disk', 'pid'] as const).filter((kind) => told.includes(kind));
}

/** Why the kubelet does not take the pod in. */
export function refusal(pod: Pod, node: KubeNode): { reason: string; message: string } | undefined {
  const under = pressures(node);
  if (under.length === 0 || (pod.spec.priority ?? 0) >= CRITICAL) return undefined;
  if (under.length === 1 && under[0] === 'memory') {
    const taint = { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' };
    if (qosClass(pod) !== 'BestEffort' || tolerates(pod.spec.tolerations, taint)) return undefined;
  }
  const conditions = under.map((kind) => CONDITIONS[kind]).join(' ');
  return { reason: 'Evicted', message: `The node had condition: [${conditions}]. ` };
}

/** What goes first: pods that use more than they asked for, the least important and the greediest before others. */
export function nextVictim(
  pods: readonly Pod[],
  runOf: (pod: Pod) => PodRun | undefined,
  pressure: Pressure,
  now: number,
): { pod: Pod; message: string } | undefined {
  if (pressure === 'pid') return undefined;
  const ranked = pods
    .filter((pod) => (pod.spec.priority ?? 0) < CRITICAL && pod.metadata.deletionTimestamp === undefined)
    .flatMap((pod) => {
      const run = runOf(pod);
      if (run === undefined || run.verdict !== undefined) return [];
      const used = [...run.containers.values()].reduce((sum, container) => sum + memoryNow(container, now), 0);
      const excess = used - (podRequests(pod)['memory'] ?? 0);
      return excess > 0 && used > 0 ? [{ pod, run, excess }] : [];
    })
    .sort((a, b) => (a.pod.spec.priority ?? 0) - (b.pod.spec.priority ?? 0) || b.excess - a.excess);
  const [first] = ranked;
  if (first === undefined) return undefined;
  const { pod, run } = first;
  return { pod, message: pressure === 'memory' ? memoryMessage(pod, run, now) : DISK_MESSAGE };
}

const DISK_MESSAGE =
  'The node was low on resource: ephemeral-storage. Threshold quantity: 10737418240, available: 9871204Ki. ';

function memoryMessage(pod: Pod, run: PodRun, now: number): string {
  let text = 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 87236Ki. ';
  for (const { name, resources } of pod.spec.containers) {
    const container = run.containers.get(name);
    const used = container === undefined ? 0 : Math.round(memoryNow(container, now) / 1024);
    const request = resources?.requests?.['memory'] ?? '0';
    if (used * 1024 > (parseQuantity(request) ?? 0))
      text += `Container ${name} was using ${used}Ki, request is ${request}, has larger consumption of memory. `;
  }
  return text;
}
