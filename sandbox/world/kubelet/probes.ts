/** Probes asked of the app model, with the answers in the words of the kubelet's probers. */
import { memoryAt } from './app-model.ts';
import type { ContainerPort, Probe } from './pod-types.ts';
import type { ContainerRun, Look, Part, ProbeKind, ProbeRun } from './run-types.ts';
import { reach } from './services.ts';

export type Answer = { kind: 'ok' } | { kind: 'failed'; text: string } | { kind: 'errored'; text: string };

const OK: Answer = { kind: 'ok' };
const NAMES: Readonly<Record<ProbeKind, string>> = { startup: 'Startup', liveness: 'Liveness', readiness: 'Readiness' };
/** The first probe comes this long after a start when no initial delay is set: when the kubelet's worker has seen it run. */
const FIRST_MS = 1000;

const seconds = (value: number | undefined, fallback: number) => (value ?? fallback) * 1000;
const periodOf = (probe: Probe) => Math.max(1000, seconds(probe.periodSeconds, 10));

export function specOf({ container }: Part, kind: ProbeKind): Probe | undefined {
  if (kind === 'startup') return container.startupProbe;
  return kind === 'liveness' ? container.livenessProbe : container.readinessProbe;
}

/** The errors of services that it needs and that do not answer now. */
export function downServices(run: ContainerRun, look: Look): string[] {
  const namespace = look.pod.metadata.namespace ?? '';
  return (run.model?.dependencies ?? []).flatMap((target) => {
    const found = reach(target, namespace, look.machine);
    return found.kind === 'up' ? [] : [found.error];
  });
}

/** What the probe would answer at `at`. */
export function ask(kind: ProbeKind, part: Part, look: Look, at: number): Answer {
  const probe = specOf(part, kind);
  const { model, phase } = part.run;
  if (probe === undefined || model === undefined || phase.kind !== 'running') return OK;
  const age = at - phase.startedAt;
  const listens = age >= model.startMs;
  const hangs = model.hangAt !== undefined && age >= model.hangAt;
  const { httpGet, tcpSocket, grpc, exec } = probe;
  if (exec !== undefined) return execAnswer(exec.command ?? [], listens, hangs, probe);
  const named = httpGet?.port ?? tcpSocket?.port ?? grpc?.port ?? 0;
  const port = portOf(named, part.container.ports ?? []);
  if (port === undefined) return { kind: 'errored', text: `strconv.Atoi: parsing "${String(named)}": invalid syntax` };
  const host = httpGet?.host ?? tcpSocket?.host ?? look.run.ip ?? '';
  const address = `${host}:${port}`;
  const open = listens && (model.ports === undefined || model.ports.includes(port));
  const away = readinessLost(kind, part, look, age);
  if (httpGet !== undefined) {
    const path = httpGet.path ?? '/';
    const url = `${(httpGet.scheme ?? 'HTTP').toLowerCase()}://${address}${path.startsWith('/') ? '' : '/'}${path}`;
    if (!open) return { kind: 'failed', text: `Get "${url}": dial tcp ${address}: connect: connection refused` };
    if (hangs)
      return {
        kind: 'failed',
        text: `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
      };
    const status = model.httpStatus ?? (away ? 503 : 200);
    return status >= 200 && status < 400
      ? OK
      : { kind: 'failed', text: `HTTP probe failed with statuscode: ${status}` };
  }
  if (grpc !== undefined) {
    const timeout = `${probe.timeoutSeconds ?? 1}s`;
    if (!open || hangs)
      return {
        kind: 'failed',
        text: `timeout: failed to connect service "${address}" within ${timeout}: context deadline exceeded`,
      };
    return away ? { kind: 'failed', text: 'service unhealthy (responded with "NOT_SERVING")' } : OK;
  }
  return open ? OK : { kind: 'failed', text: `dial tcp ${address}: connect: connection refused` };
}

function readinessLost(kind: ProbeKind, { run }: Part, look: Look, age: number): boolean {
  if (kind !== 'readiness') return false;
  if (run.model?.notReadyAt !== undefined && age >= run.model.notReadyAt) return true;
  return downServices(run, look).length > 0;
}

function execAnswer(command: readonly string[], listens: boolean, hangs: boolean, probe: Probe): Answer {
  const line = command.join(' ');
  if (/(?:^|\s)(?:false|exit [1-9]\d*)\s*$/.test(line)) return { kind: 'failed', text: '' };
  if (hangs)
    return {
      kind: 'failed',
      text: `command timed out: "${line}" timed out after ${probe.timeoutSeconds ?? 1}s`,
    };
  return listens ? OK : { kind: 'failed', text: '' };
}

function portOf(port: number | string, ports: readonly ContainerPort[]): number | undefined {
  if (typeof port === 'number') return port;
  return ports.find(({ name }) => name === port)?.containerPort ?? (/^\d+$/.test(port) ? Number(port) : undefined);
}

/** Fresh ones, for a container that has just started. */
export function startProbes(part: Part, startedAt: number): void {
  part.run.probes = new Map();
  for (const kind of ['startup', 'liveness', 'readiness'] as const) {
    const probe = specOf(part, kind);
    if (probe === undefined) continue;
    const nextAt = startedAt + Math.max(FIRST_MS, seconds(probe.initialDelaySeconds, 0));
    part.run.probes.set(kind, { nextAt, last: undefined, row: 0, result: kind === 'liveness' });
  }
}

/** As `startProbes`, for a container that was found running: what its status says is what the kubelet holds. */
export function adoptProbes(part: Part, startedAt: number, now: number): void {
  startProbes(part, startedAt);
  for (const [kind, state] of part.run.probes) {
    const probe = specOf(part, kind);
    if (probe === undefined) continue;
    state.result = kind === 'liveness' || (kind === 'readiness' ? part.run.ready : part.run.started);
    if (state.result) state.last = true;
    state.row = probe.successThreshold ?? 1;
    state.nextAt = nextTick(probe, startedAt, now);
  }
}

/** The next of the probe's turns that is not before `now`. */
function nextTick(probe: Probe, startedAt: number, now: number): number {
  const first = startedAt + Math.max(FIRST_MS, seconds(probe.initialDelaySeconds, 0));
  const period = periodOf(probe);
  return now <= first ? first : first + Math.ceil((now - first) / period) * period;
}

/**
 * Asks what is due; returns which probe wants the container ended, and sets `started` and `ready`. A probe whose answer cannot
 * change on its own is not asked again until something else changes.
 */
export function runProbes(part: Part, look: Look): 'liveness' | 'startup' | undefined {
  const { run } = part;
  if (run.phase.kind !== 'running') return undefined;
  const { startedAt } = run.phase;
  for (const kind of ['startup', 'liveness', 'readiness'] as const) {
    const state = run.probes.get(kind);
    const probe = specOf(part, kind);
    if (state === undefined || probe === undefined) continue;
    if (kind === 'startup' ? run.started : !isStarted(run)) continue;
    if (state.nextAt === Infinity) wake(kind, part, look, state, probe, startedAt);
    // Turns that it had no chance to take (the startup probe held it back) are not made up for.
    else if (state.nextAt < look.now - periodOf(probe)) state.nextAt = look.now;
    while (state.nextAt <= look.now) {
      const at = state.nextAt;
      const verdict = turn(kind, part, look, state, probe, at);
      if (verdict === 'kill' && kind !== 'readiness') return kind;
      state.nextAt = settled(kind, part, look, state, probe, at) ? Infinity : at + periodOf(probe);
      if (kind === 'startup' && state.result) {
        run.started = true;
        state.nextAt = Infinity;
      }
    }
  }
  run.started = isStarted(run);
  const readiness = run.probes.get('readiness');
  run.ready = run.started && (readiness === undefined || readiness.result);
  return undefined;
}

const isStarted = (run: ContainerRun) => run.probes.get('startup')?.result ?? true;

function turn(kind: ProbeKind, part: Part, look: Look, state: ProbeRun, probe: Probe, at: number): 'kill' | undefined {
  const answer = ask(kind, part, look, at);
  if (answer.kind === 'errored') {
    look.emit(
      'Warning',
      'Unhealthy',
      `${NAMES[kind]} probe errored and resulted in unknown state: ${answer.text}`,
      part.run,
    );
    return undefined;
  }
  const success = answer.kind === 'ok';
  if (!success) look.emit('Warning', 'Unhealthy', `${NAMES[kind]} probe failed: ${answer.text}`, part.run);
  state.row = state.last === success ? state.row + 1 : 1;
  state.last = success;
  if (state.row < (success ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3))) return undefined;
  state.result = success;
  return success || look.pod.metadata.deletionTimestamp !== undefined ? undefined : 'kill';
}

/** The kubelet holds what it would be told again, and time alone changes nothing. */
function settled(kind: ProbeKind, part: Part, look: Look, state: ProbeRun, probe: Probe, at: number): boolean {
  if (state.last !== true || !state.result || state.row < (probe.successThreshold ?? 1)) return false;
  return ask(kind, part, look, at + 86_400_000).kind === 'ok';
}

/** After a change of something else: is it still what it was told? */
function wake(kind: ProbeKind, part: Part, look: Look, state: ProbeRun, probe: Probe, startedAt: number): void {
  if (settled(kind, part, look, state, probe, look.now) && ask(kind, part, look, look.now).kind === 'ok') return;
  state.nextAt = nextTick(probe, startedAt, look.now);
}

/** The memory that a container holds now, within its limit. */
export function memoryNow(run: ContainerRun, at: number): number {
  if (run.model === undefined || run.phase.kind !== 'running') return 0;
  const held = memoryAt(run.model, at - run.phase.startedAt);
  return run.model.limitBytes === undefined ? held : Math.min(held, run.model.limitBytes);
}
