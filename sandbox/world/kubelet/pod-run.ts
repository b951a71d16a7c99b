/** A whole pod brought to now: sandbox and volumes, init containers in order, the others, its deadlines and its end. */
import { parseTime } from '../timestamps.ts';
import { advance, newContainerRun, nextOf, refreshModel, restarts, stop } from './container-run.ts';
import { environmentOf, mountProblem } from './environment.ts';
import { lookUpImage, missingPullSecrets } from './image-pull.ts';
import { type Container, type ContainerStatus, isSidecar, isTerminal, type Pod } from './pod-types.ts';
import { adoptProbes } from './probes.ts';
import type { ContainerRun, Look, Part, PodRun } from './run-types.ts';

/** From the mounted volumes to a sandbox with its address. */
const SANDBOX_MS = 600;
/** Of the volume manager: first and longest wait after a mount that failed. */
const FIRST_MOUNT_RETRY = 500;
const LONGEST_MOUNT_RETRY = 122_000;

export function newPodRun(pod: Pod, key: string, now: number): PodRun {
  const role = (container: Container): ContainerRun['role'] => (isSidecar(container) ? 'sidecar' : 'init');
  const runs = [
    ...(pod.spec.initContainers ?? []).map((container) => newContainerRun(container.name, role(container))),
    ...pod.spec.containers.map(({ name }) => newContainerRun(name, 'main')),
    ...(pod.spec.ephemeralContainers ?? []).map(({ name }) => newContainerRun(name, 'ephemeral')),
  ];
  return {
    uid: pod.metadata.uid ?? '',
    key,
    node: pod.spec.nodeName ?? '',
    startTime: parseTime(pod.status?.startTime) || now,
    sandboxAt: undefined,
    ip: pod.status?.podIP,
    mountRetry: undefined,
    toldPullSecrets: false,
    containers: new Map(runs.map((run) => [run.name, run])),
    ending: undefined,
    verdict: undefined,
  };
}

export function partsOf({ pod: { spec }, run: { containers } }: Pick<Look, 'pod' | 'run'>): Part[] {
  const { initContainers = [], ephemeralContainers = [] } = spec;
  // These are added while the pod runs.
  for (const { name } of ephemeralContainers)
    if (!containers.has(name)) containers.set(name, newContainerRun(name, 'ephemeral'));
  return [...initContainers, ...spec.containers, ...ephemeralContainers].flatMap((container) => {
    const run = containers.get(container.name);
    return run === undefined ? [] : [{ container, run }];
  });
}

/** Takes over a pod that ran before: what its status says is so. */
export function adopt(look: Look): void {
  const { pod, run, now } = look;
  if (pod.status?.podIP !== undefined) run.sandboxAt = now;
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = pod.status ?? {};
  const known = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses];
  for (const part of partsOf(look)) {
    const status = known.find(({ name }) => name === part.run.name);
    if (status !== undefined) adoptContainer(part, status, look);
  }
}

function adoptContainer(part: Part, status: ContainerStatus, look: Look): void {
  const { run, container } = part;
  const { running, terminated } = status.state;
  const answer = lookUpImage(container.image ?? '', look.images, look.pod, look.machine);
  if (answer.kind === 'ok') {
    run.image = answer.image;
    if (status.imageID !== '') look.onNode.add(answer.image.reference.full);
  }
  run.restarts = status.restartCount;
  run.last = status.lastState.terminated;
  run.id = status.containerID;
  run.ready = status.ready;
  run.started = status.started === true;
  if (run.last !== undefined) run.crashBackoffMs = Math.min(300_000, 10_000 * 2 ** Math.min(5, run.restarts));
  const environment = environmentOf(look.pod, container, look.machine);
  if (environment.kind === 'ok') run.env = environment.values;
  if (terminated !== undefined) {
    const finishedAt = parseTime(terminated.finishedAt) || look.now;
    const restartAt = restarts(look.pod, part, terminated.exitCode) && !isTerminal(look.pod) ? look.now : undefined;
    run.phase = { kind: 'exited', ended: terminated, finishedAt, restartAt };
    return;
  }
  if (running === undefined || run.image === undefined) return;
  const startedAt = parseTime(running.startedAt) || look.now;
  run.phase = { kind: 'running', startedAt };
  refreshModel(part, look);
  adoptProbes(part, startedAt, look.now);
}

/** Brings everything to `look.now`; returns when it wants to be looked at next. */
export function advancePod(look: Look): number {
  const { pod, run, now } = look;
  const parts = partsOf(look);
  if (!isTerminal(pod)) {
    checkDeadline(look, parts);
    if (pod.metadata.deletionTimestamp !== undefined) finish(look, parts, graceOf(pod, now));
  }
  if (run.ending !== undefined || isTerminal(pod)) {
    for (const part of parts) advance(part, look);
    return Math.min(...parts.map((part) => nextOf(part, look)));
  }
  const ready = prepare(look);
  if (ready > now) return Math.min(ready, deadlineOf(look));
  runContainers(look, parts);
  return Math.min(deadlineOf(look), ...parts.map((part) => nextOf(part, look)));
}

function graceOf(pod: Pod, now: number): number {
  const until = parseTime(pod.metadata.deletionTimestamp);
  return until === 0 ? 30_000 : Math.max(0, until - now);
}

/** When the sandbox is ready; the mounts before it are tried as often as they fail. */
function prepare(look: Look): number {
  const { pod, run, now, machine, emit } = look;
  if (run.sandboxAt !== undefined) return run.sandboxAt;
  if (!run.toldPullSecrets) {
    run.toldPullSecrets = true;
    const missing = missingPullSecrets(pod, machine);
    if (missing.length > 0) {
      const list = missing.join(', ');
      const message = `Unable to retrieve some image pull secrets (${list}); attempting to pull the image may not succeed.`;
      emit('Warning', 'FailedToRetrieveImagePullSecret', message);
    }
  }
  const problem = mountProblem(pod, machine);
  if (problem === undefined) {
    run.sandboxAt = now + SANDBOX_MS;
    return run.sandboxAt;
  }
  const retry = run.mountRetry;
  if (retry !== undefined && retry.at > now) return retry.at;
  emit('Warning', 'FailedMount', problem);
  const delay = retry === undefined ? FIRST_MOUNT_RETRY : Math.min(LONGEST_MOUNT_RETRY, retry.delay * 2);
  run.mountRetry = { at: now + delay, delay };
  return run.mountRetry.at;
}

function runContainers(look: Look, parts: readonly Part[]): void {
  for (const part of parts) if (part.run.role === 'ephemeral') advance(part, look);
  for (const part of parts) {
    if (part.run.role === 'main' || part.run.role === 'ephemeral') continue;
    advance(part, look);
    const { phase } = part.run;
    const done = part.run.role === 'init' ? phase.kind === 'exited' && phase.ended.exitCode === 0 : part.run.started;
    const begun = parts.some(({ run }) => run.role === 'main' && run.phase.kind !== 'idle');
    if (!done && !begun) return;
  }
  for (const part of parts) {
    if (part.run.role !== 'main') continue;
    advance(part, look);
    // Containers are made one after the other: a pull holds up those behind it that have not begun.
    if (part.run.phase.kind === 'pulling' && part.run.restarts === 0 && part.run.shown === undefined) {
      for (const other of parts) if (other.run.phase.kind !== 'idle') advance(other, look);
      break;
    }
  }
  retire(look, parts);
}

/** When the last ordinary container has ended for good, the sidecars are ended too. */
function retire(look: Look, parts: readonly Part[]): void {
  const main = parts.filter(({ run }) => run.role === 'main');
  const over = main.every(({ run }) => run.phase.kind === 'exited' && run.phase.restartAt === undefined);
  if (over && parts.length > main.length)
    finish(look, parts, (look.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000);
}

/** Everything that runs is stopped, once. */
export function finish(look: Look, parts: readonly Part[], graceMs: number): void {
  const { run, now, emit } = look;
  if (run.ending !== undefined) return;
  run.ending = { at: now, graceMs };
  for (const part of parts) {
    const { phase } = part.run;
    if (phase.kind === 'running') {
      emit('Normal', 'Killing', `Stopping container ${part.run.name}`, part.run);
      stop(part, look, graceMs);
    } else if (phase.kind === 'exited') part.run.phase = { ...phase, restartAt: undefined };
    else if (phase.kind !== 'stopping') part.run.phase = { kind: 'idle' };
  }
}

function deadlineOf({ pod, run }: Look): number {
  const { activeDeadlineSeconds } = pod.spec;
  return activeDeadlineSeconds === undefined ? Infinity : run.startTime + activeDeadlineSeconds * 1000;
}

function checkDeadline(look: Look, parts: readonly Part[]): void {
  if (look.run.verdict !== undefined || deadlineOf(look) > look.now) return;
  const message = 'Pod was active on the node longer than the specified deadline';
  look.emit('Normal', 'DeadlineExceeded', message);
  look.run.verdict = { reason: 'DeadlineExceeded', message, disrupted: false };
  finish(look, parts, (look.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000);
}
