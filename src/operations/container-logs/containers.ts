import { AppError } from '../../kernel/errors.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { count, field, items, text } from '../query/read.ts';

/** One container whose log is asked for; `closed` says why there is none to read. */
export interface LogSource {
  pod: string;
  container: string;
  closed: string | undefined;
}

/**
 * The containers of a pod to read: the one named, or all, init containers only where they have not succeeded.
 * Sidecars (init containers that run on) count as containers.
 */
export function logSources(pod: KubeObject, wanted: string | undefined, previous: boolean): LogSource[] {
  const name = text(pod, 'metadata', 'name');
  const statuses = statusesOf(pod);
  const main = namesOf(pod, 'containers');
  const init = namesOf(pod, 'initContainers');
  const names = wanted === undefined ? [...init.filter((c) => !succeeded(statuses.get(c))), ...main] : [wanted];
  const known = [...main, ...init, ...namesOf(pod, 'ephemeralContainers')];
  if (wanted !== undefined && !known.includes(wanted)) {
    throw new AppError('invalid_argument', `Pod ${name} has no container ${wanted}.`, {
      candidates: known,
      remedy: 'Use one of these, or leave container out to read all.',
    });
  }
  return names.map((container) => ({
    pod: name,
    container,
    closed: closedReason(pod, statuses.get(container), previous),
  }));
}

function namesOf(pod: KubeObject, list: string): string[] {
  return items(pod, 'spec', list).map((container) => text(container, 'name'));
}

function statusesOf(pod: KubeObject): Map<string, unknown> {
  const lists = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'];
  return new Map(lists.flatMap((list) => items(pod, 'status', list)).map((status) => [text(status, 'name'), status]));
}

function succeeded(status: unknown): boolean {
  const ended = field(status, 'state', 'terminated');
  return ended !== undefined && count(ended, 'exitCode') === 0;
}

/** Why the kubelet would refuse: asked of the pod's status, as its own answer is a bare 400. */
function closedReason(pod: KubeObject, status: unknown, previous: boolean): string | undefined {
  if (text(pod, 'spec', 'nodeName') === '') return `not scheduled: ${schedulingReason(pod)}`;
  const ranBefore = field(status, 'lastState', 'terminated') !== undefined;
  if (previous) return ranBefore ? undefined : 'has no previous run';
  const waiting = field(status, 'state', 'waiting');
  if (waiting === undefined || ranBefore) return undefined;
  const [reason, message] = [text(waiting, 'reason'), text(waiting, 'message')];
  return `not started: ${[reason, message].filter((part) => part !== '').join(': ') || 'waiting'}`;
}

function schedulingReason(pod: KubeObject): string {
  const condition = items(pod, 'status', 'conditions').find((c) => text(c, 'type') === 'PodScheduled');
  return text(condition, 'message') || text(condition, 'reason') || 'waiting for a node';
}
