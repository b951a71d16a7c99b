/** The status of a pod as the kubelet writes it: phase, conditions and containers from what runs. */
import { addQuantities } from '../../kinds/quantity.ts';
import { qosClass } from '../scheduler/requests.ts';
import { rfc3339 } from '../timestamps.ts';
import { restarts } from './container-run.ts';
import type { Condition, Container, ContainerState, ContainerStatus, KubeNode, Pod, PodStatus } from './pod-types.ts';
import { isSidecar, isTerminal } from './pod-types.ts';
import type { ContainerRun, Look, Part } from './run-types.ts';

const OWNED = new Set(['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled']);

export function podStatus(look: Look, parts: readonly Part[]): PodStatus {
  const { pod, run } = look;
  const before = pod.status ?? {};
  const initial = parts.filter(({ run: { role } }) => role === 'init' || role === 'sidecar');
  const main = parts.filter((part) => part.run.role === 'main');
  const hasInit = initial.length > 0;
  const statuses = main.map((part) => containerStatus(look, part, hasInit));
  const initStatuses = initial.map((part) => containerStatus(look, part, hasInit));
  const ephemeral = parts.filter((part) => part.run.role === 'ephemeral');
  // A verdict shows when the last container has ended.
  const failed = isOver(look) ? run.verdict : undefined;
  const phase = failed === undefined ? phaseOf(look, parts, [...initStatuses, ...statuses]) : 'Failed';
  const verdict =
    failed ?? (before.phase === phase ? { reason: before.reason ?? '', message: before.message ?? '' } : undefined);
  const sums = podResources(pod);
  return {
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    phase,
    ...(verdict === undefined || verdict.message === '' ? {} : { message: verdict.message }),
    ...(verdict === undefined || verdict.reason === '' ? {} : { reason: verdict.reason }),
    conditions: conditionsOf(look, phase, initStatuses, statuses),
    ...addresses(look),
    startTime: rfc3339(run.startTime),
    qosClass: qosClass(pod),
    ...(initStatuses.length === 0 ? {} : { initContainerStatuses: initStatuses }),
    ...(ephemeral.length === 0
      ? {}
      : { ephemeralContainerStatuses: ephemeral.map((part) => containerStatus(look, part, false)) }),
    containerStatuses: [...statuses].sort((a, b) => (a.name < b.name ? -1 : 1)),
    ...(sums === undefined ? {} : sums),
  };
}

export function hostAddress(node: KubeNode | undefined): string | undefined {
  return node?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
}

function addresses({ node, run, pod }: Look): Partial<PodStatus> {
  const host = hostAddress(node) ?? pod.status?.hostIP;
  const ip = run.sandboxAt === undefined ? undefined : run.ip;
  return {
    ...(host === undefined ? {} : { hostIP: host, hostIPs: [{ ip: host }] }),
    ...(ip === undefined ? {} : { podIP: ip, podIPs: [{ ip }] }),
  };
}

function podResources(pod: Pod): Pick<PodStatus, 'allocatedResources' | 'resources'> | undefined {
  const sum = (kind: 'requests' | 'limits') => {
    const total: Record<string, string> = {};
    const counted = [...pod.spec.containers, ...(pod.spec.initContainers ?? []).filter(isSidecar)];
    for (const { resources } of counted)
      for (const [name, text] of Object.entries(resources?.[kind] ?? {}))
        total[name] = addQuantities(total[name] ?? '0', text);
    return total;
  };
  const requests = sum('requests');
  const limits = sum('limits');
  if (Object.keys(requests).length + Object.keys(limits).length === 0) return undefined;
  return {
    allocatedResources: requests,
    resources: {
      ...(Object.keys(limits).length === 0 ? {} : { limits }),
      ...(Object.keys(requests).length === 0 ? {} : { requests }),
    },
  };
}

function stateOf(run: ContainerRun, hasInit: boolean): ContainerState {
  const { phase } = run;
  if (phase.kind === 'running' || phase.kind === 'stopping')
    return { running: { startedAt: rfc3339(phase.startedAt) } };
  if (phase.kind === 'exited') return { terminated: phase.ended };
  const shown = phase.kind === 'waiting' ? phase : run.shown;
  const { reason, message } = shown ?? {
    reason: hasInit ? 'PodInitializing' : 'ContainerCreating',
    message: undefined,
  };
  return { waiting: { ...(message === undefined ? {} : { message }), reason } };
}

function containerStatus(look: Look, { container, run }: Part, hasInit: boolean): ContainerStatus {
  const { phase } = run;
  const made = run.id !== undefined;
  const ended = phase.kind === 'exited' && phase.ended.exitCode === 0;
  const limits = container.resources?.limits;
  const requests = container.resources?.requests;
  const id = run.id;
  return {
    ...(made && requests !== undefined ? { allocatedResources: requests } : {}),
    ...(id === undefined ? {} : { containerID: id }),
    image: made ? (run.image?.reference.full ?? container.image ?? '') : (container.image ?? ''),
    imageID: made ? (run.image?.imageID ?? '') : '',
    lastState: run.last === undefined ? {} : { terminated: run.last },
    name: run.name,
    ready: run.role === 'ephemeral' ? false : run.role === 'init' ? ended : run.ready,
    ...(made
      ? { resources: { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) } }
      : {}),
    restartCount: run.restarts,
    ...(run.role === 'ephemeral' ? {} : { started: run.role === 'init' ? false : run.started }),
    state: stateOf(run, hasInit),
    ...(made ? { user: userOf(look.pod) } : {}),
    ...mounts(container),
  };
}

function userOf(pod: Pod): { linux: { uid: number; gid: number; supplementalGroups: number[] } } {
  const { runAsUser = 0, runAsGroup = 0, fsGroup, supplementalGroups = [] } = pod.spec.securityContext ?? {};
  const groups = [runAsGroup, ...(fsGroup === undefined ? [] : [fsGroup]), ...supplementalGroups];
  return { linux: { gid: runAsGroup, supplementalGroups: [...new Set(groups)], uid: runAsUser } };
}

function mounts(container: Container): { volumeMounts?: object[] } {
  const list = (container.volumeMounts ?? []).map(({ name, mountPath, readOnly }) => ({
    mountPath,
    name,
    ...(readOnly === true ? { readOnly, recursiveReadOnly: 'Disabled' } : {}),
  }));
  return list.length === 0 ? {} : { volumeMounts: list };
}

/** The kubelet's rules for `status.phase`. */
function phaseOf(look: Look, parts: readonly Part[], statuses: readonly ContainerStatus[]): string {
  const { pod, run } = look;
  if (isTerminal(pod)) return pod.status?.phase ?? 'Failed';
  const count = { pendingInit: 0, pendingSidecar: 0, running: 0, waiting: 0, stopped: 0, final: 0, succeeded: 0 };
  let begun = false;
  for (const part of parts) {
    if (part.run.role === 'ephemeral') continue;
    const status = statuses.find(({ name }) => name === part.run.name);
    const { running, waiting, terminated } = status?.state ?? {};
    const last = terminated ?? status?.lastState.terminated;
    if (part.run.role === 'init') {
      if (terminated?.exitCode === 0) continue;
      if (last !== undefined && !restarts(pod, part, last.exitCode) && last.exitCode !== 0) return 'Failed';
      count.pendingInit += running !== undefined || last === undefined ? 1 : 0;
    } else if (part.run.role === 'sidecar') {
      if (running !== undefined) {
        count.running += 1;
        if (!part.run.started) count.pendingSidecar += 1;
      } else if (waiting !== undefined && last === undefined) {
        count.pendingSidecar += 1;
        count.waiting += 1;
      }
    } else if (running !== undefined) {
      count.running += 1;
      begun = true;
    } else if (last !== undefined) {
      begun = true;
      count.stopped += 1;
      if (!restarts(pod, part, last.exitCode)) count.final += 1;
      if (terminated?.exitCode === 0) count.succeeded += 1;
    } else count.waiting += 1;
  }
  if (count.pendingInit > 0 || (count.pendingSidecar > 0 && !begun) || count.waiting > 0) return 'Pending';
  if (count.running > 0) return 'Running';
  if (count.stopped === 0) return 'Pending';
  const over = run.ending !== undefined || count.stopped === count.final;
  if (!over) return 'Running';
  return count.stopped === count.succeeded ? 'Succeeded' : 'Failed';
}

function conditionsOf(
  look: Look,
  phase: string,
  initStatuses: readonly ContainerStatus[],
  statuses: readonly ContainerStatus[],
): Condition[] {
  const { pod, run } = look;
  const before = pod.status?.conditions ?? [];
  const others = before.filter(
    ({ type }) => !OWNED.has(type) && !(type === 'DisruptionTarget' && run.verdict?.disrupted === true),
  );
  const make = (type: string, status: boolean, reason?: string, message?: string): Condition => {
    const old = before.find((condition) => condition.type === type);
    const text = status ? 'True' : 'False';
    const same = old?.status === text && old.lastTransitionTime != null;
    return {
      lastProbeTime: null,
      lastTransitionTime: same ? (old.lastTransitionTime ?? null) : rfc3339(look.now),
      ...(message === undefined ? {} : { message }),
      ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
      ...(reason === undefined ? {} : { reason }),
      status: text,
      type,
    };
  };
  const containersReady = readiness(look, phase, initStatuses, statuses);
  const gates = containersReady.ready ? closedGates(pod, others) : [];
  const ready =
    gates.length === 0
      ? containersReady
      : { ready: false, reason: 'ReadinessGatesNotReady', message: gates.join(', ') };
  const initialized = initialization(look, phase, initStatuses, statuses);
  const sandbox = run.sandboxAt !== undefined && !(phase === 'Failed' || phase === 'Succeeded') && !isOver(look);
  return [
    ...others,
    ...(run.verdict?.disrupted === true
      ? [make('DisruptionTarget', true, 'TerminationByKubelet', run.verdict.message)]
      : []),
    make('PodReadyToStartContainers', sandbox),
    make('Initialized', initialized.ready, initialized.reason, initialized.message),
    make('Ready', ready.ready, ready.reason, ready.message),
    make('ContainersReady', containersReady.ready, containersReady.reason, containersReady.message),
    make('PodScheduled', true),
  ];
}

/** Nothing of it runs, and nothing will. */
export const isOver = ({ run }: Pick<Look, 'run'>): boolean =>
  run.ending !== undefined &&
  [...run.containers.values()].every(({ phase }) => phase.kind === 'exited' || phase.kind === 'idle');

interface Verdict {
  ready: boolean;
  reason?: string;
  message?: string;
}

function readiness(
  { pod }: Look,
  phase: string,
  initStatuses: readonly ContainerStatus[],
  statuses: readonly ContainerStatus[],
): Verdict {
  if (phase === 'Succeeded') return { ready: false, reason: 'PodCompleted' };
  if (phase === 'Failed') return { ready: false, reason: 'PodFailed' };
  const sidecars = (pod.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name);
  const watched = [...initStatuses.filter(({ name }) => sidecars.includes(name)), ...statuses];
  const unready = watched.filter(({ ready }) => !ready).map(({ name }) => name);
  if (unready.length === 0) return { ready: true };
  return {
    ready: false,
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${unready.join(' ')}]`,
  };
}

function closedGates(pod: Pod, conditions: readonly Condition[]): string[] {
  return (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const found = conditions.find(({ type }) => type === conditionType);
    if (found === undefined)
      return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    return found.status === 'True'
      ? []
      : [`the status of pod readiness gate "${conditionType}" is not "True", but ${found.status}`];
  });
}

function initialization(
  { pod, run }: Look,
  phase: string,
  initStatuses: readonly ContainerStatus[],
  statuses: readonly ContainerStatus[],
): Verdict {
  if (phase === 'Succeeded') return { ready: true, reason: 'PodCompleted' };
  const begun = statuses.some(
    ({ state, lastState }) =>
      state.running !== undefined || state.terminated !== undefined || lastState.terminated !== undefined,
  );
  const waiting = initStatuses.filter(({ name, ready, started }) =>
    run.containers.get(name)?.role === 'sidecar' ? started !== true : !ready,
  );
  if (begun || waiting.length === 0 || (pod.spec.initContainers ?? []).length === 0) return { ready: true };
  return {
    ready: false,
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${waiting.map(({ name }) => name).join(' ')}]`,
  };
}
