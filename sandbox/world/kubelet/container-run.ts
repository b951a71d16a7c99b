/** One container brought from what it was to what it is now: pulled, created, running, ended, restarted. */
import { rfc3339 } from '../timestamps.ts';
import { appModel, type Exit } from './app-model.ts';
import { goDuration } from './durations.ts';
import { environmentOf } from './environment.ts';
import { lookUpImage } from './image-pull.ts';
import type { Pod, Terminated } from './pod-types.ts';
import { downServices, runProbes, startProbes } from './probes.ts';
import type { ContainerRun, Look, Part } from './run-types.ts';
import { podText } from './run-types.ts';
import { digest, fraction } from './seeded.ts';

const FIRST_BACKOFF = 10_000;
const LONGEST_BACKOFF = 300_000;
/** A container that ran longer starts again without back-off: twice the longest one. */
const FORGIVEN_AFTER = 600_000;
/** How long ErrImagePull, and an ended container, are seen before the kubelet's next look. */
const NEXT_LOOK = 1500;
/** The kubelet looks again this often at a container that it cannot start. */
const RETRY = 12_000;
/** Kept for the logs. */
const MAX_OUTAGES = 20;

export function newContainerRun(name: string, role: ContainerRun['role']): ContainerRun {
  return {
    name,
    role,
    phase: { kind: 'idle' },
    shown: undefined,
    restarts: 0,
    last: undefined,
    id: undefined,
    image: undefined,
    env: new Map(),
    model: undefined,
    modelKey: '',
    crashBackoffMs: 0,
    pullBackoffMs: 0,
    pullError: undefined,
    probes: new Map(),
    started: false,
    ready: false,
    outages: [],
  };
}

/** The pod's rule, or the container's own. */
export function restarts(pod: Pod, { container, run }: Part, code: number): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  if (run.role === 'sidecar') return true;
  if (run.role === 'ephemeral') return false;
  const policy = container.restartPolicy ?? pod.spec.restartPolicy ?? 'Always';
  if (run.role === 'init' && code === 0) return false;
  return policy === 'Always' || (policy === 'OnFailure' && code !== 0) || (run.role === 'init' && policy !== 'Never');
}

/** Until nothing more happens at `look.now`. */
export function advance(part: Part, look: Look): void {
  // Each step is a change of phase; a loop that does not end would be a mistake here.
  for (let steps = 0; steps < 50; steps++) {
    const before = part.run.phase;
    step(part, look);
    const { phase } = part.run;
    if (phase === before) return;
    // Its reason is shown until the container runs, also while another try is made.
    if (phase.kind === 'waiting') part.run.shown = phase;
    if (phase.kind === 'running' || phase.kind === 'exited') part.run.shown = undefined;
  }
}

function step(part: Part, look: Look): void {
  const { run } = part;
  const { phase } = run;
  const { now } = look;
  switch (phase.kind) {
    case 'idle':
      if (look.run.ending === undefined) begin(part, look);
      return;
    case 'pulling':
      if (phase.until <= now) endPull(part, look, phase.since, phase.outcome);
      return;
    case 'waiting':
      wait(part, look, phase);
      return;
    case 'running':
      live(part, look, phase.startedAt);
      return;
    case 'stopping':
      if (phase.endsAt <= now)
        end(part, look, phase.startedAt, { at: 0, code: phase.code, reason: phase.reason }, phase.endsAt);
      return;
    case 'exited':
      if (phase.restartAt !== undefined && phase.restartAt <= now) again(part, look, phase.finishedAt);
  }
}

/** From the start: image, configuration, program. */
function begin(part: Part, look: Look): void {
  const { container, run } = part;
  const { emit, pod, machine, images, onNode, now } = look;
  const image = container.image ?? '';
  const answer = lookUpImage(image, images, pod, machine);
  if (answer.kind === 'invalid') {
    emit('Warning', 'InspectFailed', answer.message, run);
    block(part, look, 'InvalidImageName', answer.message);
    return;
  }
  const policy = container.imagePullPolicy ?? 'IfNotPresent';
  const full = answer.kind === 'ok' ? answer.image.reference.full : '';
  if (answer.kind === 'ok') run.image = answer.image;
  const present = onNode.has(full);
  if (policy === 'Never' && !present) {
    const message = `Container image "${image}" is not present with pull policy of Never`;
    emit('Warning', 'ErrImageNeverPull', message, run);
    block(part, look, 'ErrImageNeverPull', message);
    return;
  }
  if (policy !== 'Always' && present) {
    emit(
      'Normal',
      'Pulled',
      `Container image "${image}" already present on machine and can be accessed by the pod`,
      run,
    );
    create(part, look);
    return;
  }
  emit('Normal', 'Pulling', `Pulling image "${image}"`, run);
  // What is there already is only checked.
  const ms = present ? Math.round(250 + 400 * fraction(`${pod.metadata.uid}${now}`)) : answer.ms;
  const outcome = answer.kind === 'failed' ? answer.error : undefined;
  run.phase = { kind: 'pulling', since: now, until: now + ms, outcome };
}

function block({ run }: Part, look: Look, reason: string, message: string): void {
  look.emit('Warning', 'Failed', `Error: ${reason}`, run);
  run.phase = { kind: 'waiting', reason, message, until: look.now + RETRY };
}

function endPull(part: Part, look: Look, since: number, error: string | undefined): void {
  const { container, run } = part;
  const image = container.image ?? '';
  if (error === undefined) {
    run.pullBackoffMs = 0;
    run.pullError = undefined;
    if (run.image !== undefined) look.onNode.add(run.image.reference.full);
    const took = goDuration(look.now - since);
    const size = run.image?.entry.sizeBytes ?? 0;
    const text = `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${Math.round(size)} bytes.`;
    look.emit('Normal', 'Pulled', text, run);
    create(part, look);
    return;
  }
  look.emit('Warning', 'Failed', `Failed to pull image "${image}": ${error}`, run);
  look.emit('Warning', 'Failed', 'Error: ErrImagePull', run);
  run.pullError = error;
  run.pullBackoffMs = run.pullBackoffMs === 0 ? FIRST_BACKOFF : Math.min(LONGEST_BACKOFF, run.pullBackoffMs * 2);
  run.phase = { kind: 'waiting', reason: 'ErrImagePull', message: error, until: look.now + NEXT_LOOK };
}

function wait(part: Part, look: Look, phase: Extract<ContainerRun['phase'], { kind: 'waiting' }>): void {
  const { run, container } = part;
  const { now, pod } = look;
  if (phase.reason === 'ErrImagePull' && phase.until <= now) {
    const message = `Back-off pulling image "${container.image}": ErrImagePull: ${run.pullError}`;
    const until = phase.until - NEXT_LOOK + run.pullBackoffMs;
    run.phase = { kind: 'waiting', reason: 'ImagePullBackOff', message, until, repeatAt: now };
    return;
  }
  if (phase.until <= now) {
    if (phase.reason === 'CrashLoopBackOff') {
      run.crashBackoffMs = Math.min(LONGEST_BACKOFF, run.crashBackoffMs * 2);
      run.restarts += 1;
    }
    run.phase = { kind: 'idle' };
    return;
  }
  if (phase.repeatAt === undefined || phase.repeatAt > now) return;
  if (phase.reason === 'ImagePullBackOff') {
    look.emit('Normal', 'BackOff', `Back-off pulling image "${container.image}"`, run);
    look.emit('Warning', 'Failed', 'Error: ImagePullBackOff', run);
  } else
    look.emit('Warning', 'BackOff', `Back-off restarting failed container ${run.name} in pod ${podText(pod)}`, run);
  run.phase = { ...phase, repeatAt: now + RETRY };
}

/** The image is there: the container is made and started. */
function create(part: Part, look: Look): void {
  const { container, run } = part;
  const { pod, machine, now, emit } = look;
  const environment = environmentOf(pod, container, machine);
  if (environment.kind === 'failed') {
    emit('Warning', 'Failed', `Error: ${environment.message}`, run);
    run.phase = {
      kind: 'waiting',
      reason: 'CreateContainerConfigError',
      message: environment.message,
      until: now + RETRY,
    };
    return;
  }
  run.env = environment.values;
  refreshModel(part, look);
  run.id = `containerd://${digest(`${pod.metadata.uid}/${run.name}/${run.restarts}`)}`;
  emit('Normal', 'Created', 'Container created', run);
  if (run.model?.program.kind === 'missing') {
    notFound(part, look, run.model.program.name);
    return;
  }
  emit('Normal', 'Started', 'Container started', run);
  run.phase = { kind: 'running', startedAt: now };
  run.started = false;
  run.ready = false;
  startProbes(part, now);
}

function notFound(part: Part, look: Look, program: string): void {
  const message =
    'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ' +
    `unable to start container process: error during container init: exec: "${program}": executable file not found in $PATH`;
  look.emit('Warning', 'Failed', `Error: ${message}`, part.run);
  end(part, look, 0, { at: 0, code: 128, reason: 'StartError', message }, look.now);
}

/** Made anew when the pod's annotations or limits have changed. */
export function refreshModel(part: Part, look: Look): void {
  const { run, container } = part;
  if (run.image === undefined) return;
  const key = JSON.stringify([look.pod.metadata.annotations, container.resources, container.command, container.args]);
  if (run.model !== undefined && key === run.modelKey && run.phase.kind === 'running') return;
  run.modelKey = key;
  run.model = appModel(look.pod, container, run.image.entry, run.env);
}

function live(part: Part, look: Look, startedAt: number): void {
  const { run } = part;
  const { now } = look;
  refreshModel(part, look);
  const exit = exitOf(part, look);
  if (exit !== undefined && startedAt + exit.at <= now) {
    // Timers are exact: an end in the past is one that a change has brought just now.
    end(part, look, startedAt, exit, now);
    return;
  }
  noteOutage(part, look);
  const failed = runProbes(part, look);
  if (failed === undefined) return;
  const restarting = restarts(look.pod, part, 137);
  const message = `Container ${run.name} failed ${failed} probe${restarting ? ', will be restarted' : ''}`;
  look.emit('Normal', 'Killing', message, run);
  stop(part, look, (look.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000);
}

/** The program's own end; one that first waits for a service has none before that answers. */
export function exitOf({ run }: Part, look: Look): Exit | undefined {
  const { model } = run;
  if (model?.exit === undefined || model.program.kind !== 'script' || model.program.waits === undefined)
    return model?.exit;
  const { host, port } = model.program.waits;
  const target = { host, ...(port === undefined ? {} : { port }) };
  const waiting: ContainerRun = { ...run, model: { ...model, dependencies: [target] } };
  if (downServices(waiting, look).length === 0) return model.exit;
  return model.exit.reason === 'OOMKilled' ? model.exit : undefined;
}

function noteOutage({ run }: Part, look: Look): void {
  const texts = downServices(run, look);
  const open = run.outages.at(-1);
  const isOpen = open !== undefined && open.to === Infinity;
  if (texts.length === 0) {
    if (isOpen) open.to = look.now;
    return;
  }
  if (isOpen && open.texts.join() === texts.join()) return;
  if (isOpen) open.to = look.now;
  run.outages.push({ from: look.now, to: Infinity, texts });
  if (run.outages.length > MAX_OUTAGES) run.outages.shift();
}

/** SIGTERM, and SIGKILL when the grace is over. */
export function stop(part: Part, look: Look, graceMs: number): void {
  const { run, container } = part;
  const { phase, model } = run;
  if (phase.kind !== 'running') return;
  const hook = container.lifecycle?.preStop;
  const pause =
    (hook?.sleep?.seconds ?? Number(/\bsleep\s+(\d+)/.exec((hook?.exec?.command ?? []).join(' '))?.[1] ?? 0)) * 1000;
  const needed = model?.stopMs === undefined ? Infinity : pause + model.stopMs;
  const killed = needed > graceMs;
  // The runtime gives at least two seconds, but to a pod that is evicted none.
  const endsAt = look.now + Math.min(needed, graceMs === 0 ? 0 : Math.max(2000, graceMs));
  const code = killed ? 137 : (model?.termCode ?? 143);
  const reason = code === 0 ? 'Completed' : 'Error';
  run.phase = { kind: 'stopping', startedAt: phase.startedAt, endsAt, code, reason };
}

function end(part: Part, look: Look, startedAt: number, exit: Exit, at: number): void {
  const { run, container } = part;
  const ended: Terminated = {
    exitCode: exit.code,
    reason: exit.reason,
    ...(exit.message === undefined ? {} : { message: exit.message }),
    startedAt: rfc3339(startedAt),
    finishedAt: rfc3339(at),
    ...(run.id === undefined ? {} : { containerID: run.id }),
  };
  if (
    ended.message === undefined &&
    container.terminationMessagePolicy === 'FallbackToLogsOnError' &&
    exit.code !== 0
  ) {
    const message = run.model?.crashLog.join('\n') ?? '';
    if (message !== '') ended.message = message;
  }
  run.started = false;
  run.ready = false;
  run.probes = new Map();
  const open = run.outages.at(-1);
  if (open !== undefined && open.to === Infinity) open.to = at;
  const restarting = look.run.ending === undefined && restarts(look.pod, part, exit.code);
  if (at - startedAt > FORGIVEN_AFTER) run.crashBackoffMs = 0;
  run.phase = { kind: 'exited', ended, finishedAt: at, restartAt: restarting ? at + NEXT_LOOK : undefined };
}

/** The kubelet sees that it has ended: it starts it again, or makes it wait. */
function again(part: Part, look: Look, finishedAt: number): void {
  const { run } = part;
  if (run.phase.kind !== 'exited' || look.run.ending !== undefined) return;
  run.last = run.phase.ended;
  if (run.crashBackoffMs === 0) {
    run.crashBackoffMs = FIRST_BACKOFF;
    run.restarts += 1;
    run.phase = { kind: 'idle' };
    return;
  }
  const message = `back-off ${goDuration(run.crashBackoffMs)} restarting failed container=${run.name} pod=${podText(look.pod)}`;
  const until = finishedAt + run.crashBackoffMs;
  run.phase = { kind: 'waiting', reason: 'CrashLoopBackOff', message, until, repeatAt: look.now };
}

/** When the container wants to be looked at next. */
export function nextOf(part: Part, look: Look): number {
  const { run } = part;
  const { phase } = run;
  switch (phase.kind) {
    case 'idle':
      return Infinity;
    case 'pulling':
      return phase.until;
    case 'waiting':
      return Math.min(phase.until, phase.repeatAt ?? Infinity);
    case 'stopping':
      return phase.endsAt;
    case 'exited':
      return phase.restartAt ?? Infinity;
    case 'running': {
      const exit = exitOf(part, look);
      const probes = [...run.probes].map(([kind, { nextAt }]) =>
        (kind === 'startup') === run.started ? Infinity : nextAt,
      );
      return Math.min(exit === undefined ? Infinity : phase.startedAt + exit.at, ...probes);
    }
  }
}
