/** Pods that do not tolerate their node's NoExecute taints, or only for a while, are deleted. */

import { sameJson } from '../../json-value.ts';
import type { LogEvent } from '../../store/types.ts';
import { rfc3339 } from '../timestamps.ts';
import type { Controller, Machine } from '../types.ts';
import { setCondition } from './kit/conditions.ts';
import { keyOf, managed, ownKey, splitKey } from './kit/keys.ts';
import { isTerminating } from './kit/pods.ts';
import type { Node, Pod, Taint } from './kit/shapes.ts';
import { tolerates } from './kit/taints.ts';

const noExecute = (node: Node | undefined): readonly Taint[] =>
  (node?.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');

export function taintEvictionController(): Controller {
  /** When each pod goes. */
  const due = new Map<string, number>();
  return {
    ...managed('taint-eviction-controller', 'node-controller'),
    watches: {
      pods: ownKey,
      nodes: (event, machine) => (taintsChanged(event) ? podsOn(event.version.name, machine) : []),
    },
    reconcile(key, machine) {
      const { namespace, name } = splitKey(key);
      const pod = machine.get<Pod>('pods', namespace, name);
      if (pod === undefined || isTerminating(pod) || !pod.spec.nodeName) {
        due.delete(key);
        return undefined;
      }
      const now = machine.clock.now();
      const stay = staysFor(pod, noExecute(machine.get<Node>('nodes', '', pod.spec.nodeName)));
      if (stay === undefined) {
        if (due.delete(key)) {
          machine.event(reference(pod), 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`);
        }
        return undefined;
      }
      const at = stay === 0 ? now : Math.min(due.get(key) ?? now + stay, now + stay);
      due.set(key, at);
      if (at > now) return at - now;
      due.delete(key);
      evict(pod, key, machine);
      return undefined;
    },
  };
}

/** Ms that the pod may stay; undefined for as long as it likes. */
function staysFor({ spec }: Pod, taints: readonly Taint[]): number | undefined {
  let shortest: number | undefined;
  for (const taint of taints) {
    const tolerations = (spec.tolerations ?? []).filter((one) => tolerates(one, taint));
    if (tolerations.length === 0) return 0;
    for (const { tolerationSeconds } of tolerations) {
      if (tolerationSeconds === undefined) continue;
      const ms = Math.max(0, tolerationSeconds) * 1000;
      shortest = Math.min(shortest ?? ms, ms);
    }
  }
  return shortest;
}

const reference = ({ metadata: { name, namespace = '', uid } }: Pod) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, ...(uid === undefined ? {} : { uid }) },
});

function evict(pod: Pod, key: string, machine: Machine): void {
  const { namespace = '', name } = pod.metadata;
  machine.event(reference(pod), 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${key}`);
  machine.modify<Pod>(
    'pods',
    namespace,
    name,
    (draft) => {
      const condition = {
        type: 'DisruptionTarget',
        status: 'True' as const,
        lastProbeTime: null,
        lastTransitionTime: rfc3339(machine.clock.now()),
        reason: 'DeletionByTaintManager',
        message: 'Taint manager: deleting due to NoExecute taint',
      };
      draft.status = { ...draft.status, conditions: setCondition(draft.status?.conditions, condition) };
    },
    'status',
  );
  machine.delete('pods', namespace, name);
}

function taintsChanged(event: LogEvent): boolean {
  const now = noExecute(event.version.body.object() as Node);
  if (event.type !== 'MODIFIED') return now.length > 0;
  return !sameJson(now, noExecute(event.previous.body.object() as Node));
}

const podsOn = (node: string, machine: Machine) =>
  machine
    .list<Pod>('pods')
    .filter(({ spec }) => spec.nodeName === node)
    .map(keyOf);
