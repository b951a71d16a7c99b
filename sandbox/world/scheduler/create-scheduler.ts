/** The scheduler: every pod without a node gets one, or is told why not and is tried again when that may have changed. */
import { keyOf, type Pod, type PodStatus, splitKey } from '../kubelet/pod-types.ts';
import { rfc3339 } from '../timestamps.ts';
import type { Controller, Machine } from '../types.ts';
import { createCluster, type NodeState, SCHEDULER_NAME } from './cluster.ts';
import { createFilter, type Refusal, type Request } from './filters.ts';
import { findVictims, preempt, unavailable } from './preemption.ts';
import { addTo, podRequests } from './requests.ts';
import { bestNodes } from './scores.ts';
import { volumesOf } from './volumes.ts';

/** The real one looks again at what it could not place after five minutes at the latest. */
const RETRY_MS = 300_000;
/** Condition messages are cut by the events API at 1024 bytes. */
const EVENT_LIMIT = 1024;

export function createScheduler(): Controller {
  const cluster = createCluster();
  /** Pods that could not be placed: whether the pods on the nodes, not only their room, were the reason. */
  const failed = new Map<string, { byCompany: boolean }>();

  function retries(cause: 'room' | 'company' | 'other'): string[] {
    const keys: string[] = [];
    for (const [key, { byCompany }] of failed) if (cause !== 'company' || byCompany) keys.push(key);
    return keys;
  }

  return {
    name: SCHEDULER_NAME,
    user: 'system:kube-scheduler',
    fieldManager: 'kube-scheduler',
    watches: {
      nodes: (event) => (cluster.seeNode(event) ? retries('other') : []),
      pods(event) {
        const key = `${event.version.namespace}/${event.version.name}`;
        const cause = cluster.seePod(event);
        const keys = cause === undefined ? [] : retries(cause);
        if (!cluster.waiting.has(key)) failed.delete(key);
        // A change of its status only is our own doing.
        else if (event.type === 'ADDED' || specChanged(event.previous.body.object(), event.version.body.object()))
          keys.push(key);
        return keys;
      },
      persistentvolumeclaims: () => retries('other'),
      persistentvolumes: () => retries('other'),
      'storageclasses.storage.k8s.io': () => retries('other'),
    },
    reconcile(key, machine) {
      const { namespace, name } = splitKey(key);
      const pod = machine.get<Pod>('pods', namespace, name);
      if (pod === undefined || !cluster.waiting.has(key) || pod.metadata.deletionTimestamp !== undefined) {
        failed.delete(key);
        return undefined;
      }
      if ((pod.spec.schedulingGates ?? []).length > 0) {
        tellGated(pod, machine);
        return undefined;
      }
      return place(pod, machine);
    },
  };

  function place(pod: Pod, machine: Machine): number | undefined {
    const key = keyOf(pod);
    const request: Request = {
      pod,
      requests: podRequests(pod),
      volumes: volumesOf(pod, machine),
      namespaceLabels: (namespace) => machine.get('namespaces', '', namespace)?.metadata.labels ?? {},
    };
    const all = [...cluster.nodes.values()].map((state) => withNominated(state, pod));
    if (all.length === 0) return fail(pod, 'no nodes available to schedule pods', false, machine);
    if (request.volumes.blocked !== undefined) {
      // The real scheduler's last words are those of a plugin that had no turn.
      const message = `${unavailable(all.length, [])} ${request.volumes.blocked}. not found`;
      return fail(pod, message, false, machine);
    }
    const filter = createFilter(request, all);
    const refusals = new Map<string, Refusal>();
    const fitting: NodeState[] = [];
    for (const state of all) {
      const refusal = filter(state);
      if (refusal === undefined) fitting.push(state);
      else refusals.set(state.node.metadata.name, refusal);
    }
    if (fitting.length === 0) return refuse(request, all, refusals, machine);
    const nominated = fitting.find(({ node }) => node.metadata.name === pod.status?.nominatedNodeName);
    const best = nominated === undefined ? bestNodes(request, fitting, all) : [nominated.node.metadata.name];
    const chosen = best[Math.floor(machine.random() * best.length)] ?? best[0];
    const state = fitting.find(({ node }) => node.metadata.name === chosen);
    if (state === undefined || chosen === undefined) return RETRY_MS;
    if (!request.volumes.bind(state.node)) {
      // Comes again when its claims are bound.
      failed.set(key, { byCompany: false });
      return RETRY_MS;
    }
    failed.delete(key);
    machine.bind(pod.metadata.namespace ?? '', pod.metadata.name, chosen);
    machine.event(pod, 'Normal', 'Scheduled', `Successfully assigned ${key} to ${chosen}`);
    return undefined;
  }

  /** A node as it will be when more important pods that wait for room there have it. */
  function withNominated(state: NodeState, pod: Pod): NodeState {
    let result = state;
    for (const [key, { node, pod: other, requests }] of cluster.nominated) {
      const mine = other.metadata.uid === pod.metadata.uid;
      if (mine || node !== state.node.metadata.name || (other.spec.priority ?? 0) < (pod.spec.priority ?? 0)) continue;
      if (result === state) result = { node: state.node, pods: new Map(state.pods), used: { ...state.used } };
      result.pods.set(key, { pod: other, requests });
      addTo(result.used, requests);
    }
    return result;
  }

  function refuse(
    request: Request,
    all: readonly NodeState[],
    refusals: ReadonlyMap<string, Refusal>,
    machine: Machine,
  ): number {
    const { pod } = request;
    const said = [...refusals.values()];
    const message = unavailable(
      all.length,
      said.flatMap(({ reasons }) => reasons),
    );
    const byCompany = said.some((refusal) => refusal.byCompany === true);
    const found = findVictims(request, all, refusals);
    if (found.kind === 'none') {
      const keeps = found.message.startsWith('not eligible');
      // Its first words are those of the plugin that could give device claims back.
      const whole = `${message} no new claims to deallocate, preemption: ${found.message}`;
      return fail(pod, whole, byCompany, machine, keeps ? undefined : '');
    }
    preempt(pod, found.node, found.victims, machine, rfc3339(machine.clock.now()));
    return fail(pod, message, byCompany, machine, found.node);
  }

  /** `nominated`: the node where room is being made; '' takes an earlier nomination back. */
  function fail(pod: Pod, message: string, byCompany: boolean, machine: Machine, nominated?: string): number {
    failed.set(keyOf(pod), { byCompany });
    machine.event(pod, 'Warning', 'FailedScheduling', cut(message));
    setScheduled(pod, machine, 'Unschedulable', message, (status) => {
      if (nominated === '') delete status.nominatedNodeName;
      else if (nominated !== undefined) status.nominatedNodeName = nominated;
    });
    return RETRY_MS;
  }
}

const cut = (message: string) => (message.length <= EVENT_LIMIT ? message : `${message.slice(0, EVENT_LIMIT - 3)}...`);

function specChanged(before: unknown, now: unknown): boolean {
  const seen = (pod: unknown) => {
    const { spec, metadata } = pod as Pod;
    return JSON.stringify([spec, metadata.labels]);
  };
  return seen(before) !== seen(now);
}

/** The apiserver says so itself when a pod is created. */
function tellGated(pod: Pod, machine: Machine): void {
  if (pod.status?.conditions?.some(({ type }) => type === 'PodScheduled') === true) return;
  setScheduled(pod, machine, 'SchedulingGated', 'Scheduling is blocked due to non-empty scheduling gates');
}

function setScheduled(
  pod: Pod,
  machine: Machine,
  reason: string,
  message: string,
  also: (status: PodStatus) => void = () => undefined,
): void {
  const { namespace = '', name } = pod.metadata;
  machine.modify<Pod>(
    'pods',
    namespace,
    name,
    (draft) => {
      draft.status ??= {};
      const { status } = draft;
      const conditions = status.conditions ?? [];
      const before = conditions.find(({ type }) => type === 'PodScheduled');
      const condition = {
        type: 'PodScheduled',
        ...(reason === 'SchedulingGated' || draft.metadata.generation === undefined
          ? {}
          : { observedGeneration: draft.metadata.generation }),
        status: 'False',
        lastProbeTime: null,
        lastTransitionTime:
          before?.status === 'False' ? (before.lastTransitionTime ?? null) : rfc3339(machine.clock.now()),
        reason,
        message,
      };
      status.conditions = [...conditions.filter((other) => other !== before), condition];
      also(status);
    },
    'status',
  );
}
