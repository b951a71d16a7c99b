/** What the kubelet says of a pod: its conditions and containers in each phase. */
import type { PodPhase, Release } from '../plan/types.ts';
import { draw, longHex } from '../stamp/texts.ts';
import type { Values } from '../stamp/values.ts';
import { hasInit, imageOf, SIDECAR_IMAGE } from './pod-spec.ts';

type Json = Record<string, unknown>;

export interface PodState {
  phase: PodPhase;
  restarts: number;
}

/** Seconds until a pod's containers run and answer, and until a task is done. */
export const startAfter = ({ app }: Release) => 3 + (app.look % 20);
export const doneAfter = ({ app }: Release) => 30 + (app.look % 600);

const READY = new Set<PodPhase>(['running', 'terminating']);
const PENDING = new Set<PodPhase>(['unscheduled', 'creating', 'image']);

export const isReady = ({ phase }: PodState): boolean => phase === 'running';
export const hasAddress = ({ phase }: PodState): boolean => phase !== 'unscheduled' && phase !== 'creating';

export function phaseText({ phase }: PodState): string {
  return PENDING.has(phase) ? 'Pending' : phase === 'succeeded' ? 'Succeeded' : 'Running';
}

export function podStatus(release: Release, name: string, state: PodState, values: Values, nodes: number): Json {
  const { phase } = state;
  if (phase === 'unscheduled') return unscheduled(release, values, nodes);
  const { app } = release;
  const address = app.ofNodes ? values.hostIP : values.podIP;
  return {
    observedGeneration: 1,
    phase: phaseText(state),
    conditions: conditionsOf(release, state, values),
    hostIP: values.hostIP,
    hostIPs: [{ ip: values.hostIP }],
    ...(hasAddress(state) ? { podIP: address, podIPs: [{ ip: address }] } : {}),
    startTime: values.created(0),
    ...(hasInit(app) ? { initContainerStatuses: [initStatus(release, state, values)] } : {}),
    containerStatuses: containerStatuses(release, name, state, values),
    qosClass: 'Burstable',
  };
}

/** What the scheduler says where no node has the memory. */
export const unschedulableText = (nodes: number) =>
  `0/${nodes} nodes are available: ${nodes} Insufficient memory. ` +
  `preemption: 0/${nodes} nodes are available: ${nodes} Preemption is not helpful for scheduling.`;

/** A pod that just came is not looked at yet; one that fits nowhere is told so. */
function unscheduled({ fault }: Release, values: Values, nodes: number): Json {
  if (fault !== 'unschedulable') return { phase: 'Pending', qosClass: 'Burstable' };
  const condition = {
    type: 'PodScheduled',
    observedGeneration: 1,
    status: 'False',
    lastProbeTime: null,
    lastTransitionTime: values.created(0),
    reason: 'Unschedulable',
    message: unschedulableText(nodes),
  };
  return { phase: 'Pending', conditions: [condition], qosClass: 'Burstable' };
}

function conditionsOf(release: Release, { phase }: PodState, values: Values): Json[] {
  const { app } = release;
  const condition = (type: string, status: boolean, at: string, reason?: string, message?: string): Json => ({
    type,
    observedGeneration: 1,
    status: status ? 'True' : 'False',
    lastProbeTime: null,
    lastTransitionTime: at,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  });
  const containersReady = READY.has(phase) || phase === 'lost';
  const readyAt = READY.has(phase) ? values.started(0) : values.changed(0);
  const why = containersReady
    ? []
    : phase === 'succeeded'
      ? ['PodCompleted']
      : ['ContainersNotReady', `containers with unready status: [${unreadyNames(release, phase)}]`];
  const began = phase !== 'creating';
  const initialized = !hasInit(app) || (began && phase !== 'image');
  return [
    condition(
      'PodReadyToStartContainers',
      began && phase !== 'succeeded',
      began ? values.started(0) : values.created(0),
    ),
    condition(
      'Initialized',
      initialized,
      hasInit(app) && began ? values.started(0) : values.created(0),
      ...(initialized ? (phase === 'succeeded' ? ['PodCompleted'] : []) : initProblem()),
    ),
    phase === 'lost' ? condition('Ready', false, readyAt) : condition('Ready', containersReady, readyAt, ...why),
    condition('ContainersReady', containersReady, phase === 'lost' ? values.started(0) : readyAt, ...why),
    condition('PodScheduled', true, values.created(0)),
  ];
}

const initProblem = () => ['ContainersNotInitialized', 'containers with incomplete status: [migrate]'];

function unreadyNames({ app }: Release, phase: PodPhase): string {
  return app.hasSidecar && (phase === 'creating' || (phase === 'image' && hasInit(app)))
    ? `${app.name} mesh-proxy`
    : app.name;
}

/** Of what the registry gave for a tag. */
function imageId(image: string): string {
  const repository = image.slice(0, image.lastIndexOf(':'));
  let word = 7;
  for (let at = 0; at < image.length; at++) word = draw(word, image.charCodeAt(at));
  return `${repository}@sha256:${longHex(word, word, 1)}`;
}

function containerStatuses(release: Release, name: string, state: PodState, values: Values): Json[] {
  const main = mainStatus(release, name, state, values);
  if (!release.app.hasSidecar) return [main];
  return [main, sidecarStatus(release, state, values)].sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1));
}

/** Ids differ from run to run. */
const runId = (values: Values, container: number, run: number) =>
  `containerd://${values.container(run * 4 + container)}`;

function mainStatus(release: Release, name: string, { phase, restarts }: PodState, values: Values): Json {
  const { app } = release;
  const image = imageOf(release);
  const waiting = (reason: string, message?: string) => ({
    name: app.name,
    state: { waiting: { reason, ...(message === undefined ? {} : { message }) } },
    lastState: {},
    ready: false,
    restartCount: 0,
    image,
    imageID: '',
    started: false,
  });
  if (phase === 'creating') return waiting(hasInit(app) ? 'PodInitializing' : 'ContainerCreating');
  if (phase === 'image') {
    return hasInit(app) ? waiting('PodInitializing') : waiting('ImagePullBackOff', imageProblem(image));
  }
  const ended = (run: number, exitCode: number, reason: string, startedAt: string, finishedAt: string) => ({
    terminated: { exitCode, reason, startedAt, finishedAt, containerID: runId(values, 0, run) },
  });
  const common = { image, imageID: imageId(image) };
  if (phase === 'succeeded') {
    const done = ended(0, 0, 'Completed', values.started(0), values.changed(0));
    const containerID = runId(values, 0, 0);
    return {
      name: app.name,
      state: done,
      lastState: {},
      ready: false,
      restartCount: 0,
      ...common,
      containerID,
      started: false,
    };
  }
  if (phase === 'crashing') {
    const backOff =
      `back-off 5m0s restarting failed container=${app.name} ` + `pod=${name}_${app.namespace}(${values.uid})`;
    return {
      name: app.name,
      state: { waiting: { reason: 'CrashLoopBackOff', message: backOff } },
      lastState: ended(restarts, 1, 'Error', values.started(0), values.changed(0)),
      ready: false,
      restartCount: restarts,
      ...common,
      containerID: runId(values, 0, restarts),
      started: false,
    };
  }
  return {
    name: app.name,
    state: { running: { startedAt: values.started(0) } },
    lastState: restarts === 0 ? {} : ended(restarts - 1, 1, 'Error', values.created(1), values.started(0)),
    ready: true,
    restartCount: restarts,
    ...common,
    containerID: runId(values, 0, restarts),
    started: true,
  };
}

function imageProblem(image: string): string {
  const resolve = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
  return `Back-off pulling image "${image}": ErrImagePull: rpc error: code = NotFound desc = ${resolve}`;
}

function sidecarStatus(release: Release, { phase }: PodState, values: Values): Json {
  const name = 'mesh-proxy';
  const image = SIDECAR_IMAGE;
  if (phase === 'creating' || (phase === 'image' && hasInit(release.app))) {
    const reason = hasInit(release.app) ? 'PodInitializing' : 'ContainerCreating';
    return {
      name,
      state: { waiting: { reason } },
      lastState: {},
      ready: false,
      restartCount: 0,
      image,
      imageID: '',
      started: false,
    };
  }
  return {
    name,
    state: { running: { startedAt: values.started(0) } },
    lastState: {},
    ready: true,
    restartCount: 0,
    image,
    imageID: imageId(image),
    containerID: runId(values, 1, 0),
    started: true,
  };
}

function initStatus(release: Release, { phase }: PodState, values: Values): Json {
  const image = imageOf(release);
  const name = 'migrate';
  if (phase === 'creating' || phase === 'image') {
    const reason = phase === 'image' ? 'ImagePullBackOff' : 'PodInitializing';
    const message = phase === 'image' ? { message: imageProblem(image) } : {};
    return {
      name,
      state: { waiting: { reason, ...message } },
      lastState: {},
      ready: false,
      restartCount: 0,
      image,
      imageID: '',
      started: false,
    };
  }
  const containerID = runId(values, 2, 0);
  const startedAt = values.created(0);
  const finishedAt = values.started(0);
  return {
    name,
    state: { terminated: { exitCode: 0, reason: 'Completed', startedAt, finishedAt, containerID } },
    lastState: {},
    ready: true,
    restartCount: 0,
    image,
    imageID: imageId(image),
    containerID,
    started: false,
  };
}
