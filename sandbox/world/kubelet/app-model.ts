/** How the program of one container behaves: its image's entry, changed by the pod's annotations and its command. */
import { parseQuantity } from '../../kinds/quantity.ts';
import { annotation, msOf, quantityOf } from './annotations.ts';
import { type Program, programOf } from './commands.ts';
import type { ImageEntry } from './images.ts';
import type { Container, Pod } from './pod-types.ts';
import { parseTargets, type Target } from './services.ts';

export interface Exit {
  /** Ms after the start. */
  at: number;
  code: number;
  reason: string;
  message?: string;
}

export interface AppModel {
  /** Undefined: whatever port it is asked at (nothing is known of it). */
  ports: readonly number[] | undefined;
  startMs: number;
  /** Undefined: it ignores SIGTERM. */
  stopMs: number | undefined;
  termCode: number;
  baseBytes: number;
  memoryBytes: number;
  /** Until it has grown from base to memory. */
  rampMs: number;
  leakPerMs: number;
  cpuMilli: number;
  limitBytes: number | undefined;
  cpuLimitMilli: number | undefined;
  exit: Exit | undefined;
  dependencies: readonly Target[];
  notReadyAt: number | undefined;
  hangAt: number | undefined;
  httpStatus: number | undefined;
  errorRate: number;
  crashLog: readonly string[];
  extraLog: string | undefined;
  program: Program;
  style: ImageEntry['log'];
}

const DEFAULT_MEMORY = 24 * 1024 * 1024;
const SERVICE_NAME = /(?:^|_)(?:ADDR|ADDRESS|HOST|HOSTS|URL|URI|ENDPOINT|DSN|BROKERS?|SERVERS?|SERVICE)$/;
/** Programs that crash say why within this time. */
const CRASH_MS = 900;

export function appModel(
  pod: Pod,
  container: Container,
  entry: ImageEntry,
  env: ReadonlyMap<string, string>,
): AppModel {
  const program = programOf(container, env, entry.log === 'shell');
  const isApp = program.kind === 'app' || (program.kind === 'script' && program.thenApp);
  const memoryBytes = quantityOf(pod, container, 'memory') ?? (isApp ? entry.memoryBytes : undefined) ?? DEFAULT_MEMORY;
  const leak = quantityOf(pod, container, 'memory-leak') ?? 0;
  const model: AppModel = {
    ports: portsOf(pod, container, entry, env, isApp),
    startMs: msOf(pod, container, 'start-seconds') ?? (entry.startSeconds ?? 0.8) * 1000,
    stopMs:
      annotation(pod, container, 'stop-seconds') === 'never' || !isApp
        ? undefined
        : (msOf(pod, container, 'stop-seconds') ?? (entry.stopSeconds ?? 0.5) * 1000),
    termCode: entry.termCode ?? 143,
    baseBytes: Math.min(memoryBytes * 0.6, DEFAULT_MEMORY),
    memoryBytes,
    rampMs: 15_000,
    leakPerMs: leak / 60_000,
    cpuMilli: (quantityOf(pod, container, 'cpu') ?? 0) * 1000 || (isApp ? (entry.cpuMilli ?? 5) : 1),
    limitBytes: limitOf(container, 'memory'),
    cpuLimitMilli: scaled(limitOf(container, 'cpu'), 1000),
    exit: undefined,
    dependencies: [...named(pod, container), ...(isApp && entry.needsServices === true ? inEnvironment(env) : [])],
    notReadyAt: msOf(pod, container, 'not-ready-after'),
    hangAt: msOf(pod, container, 'hang-after'),
    httpStatus: scaled(msOf(pod, container, 'http-status'), 0.001),
    errorRate: Math.min(1, (msOf(pod, container, 'error-rate') ?? 0) / 1000),
    crashLog: (annotation(pod, container, 'crash-log') ?? '').split('\n').filter((line) => line !== ''),
    extraLog: annotation(pod, container, 'log'),
    program,
    style: isApp ? entry.log : 'shell',
  };
  const exits = [ownExit(pod, container, entry, env, program, isApp), outOfMemory(model)];
  for (const exit of exits) if (exit !== undefined && exit.at < (model.exit?.at ?? Infinity)) model.exit = exit;
  return model;
}

/** How much memory it holds so many ms after its start, were there no limit. */
export function memoryAt(model: AppModel, ms: number): number {
  const grown = Math.min(1, Math.max(0, ms) / model.rampMs);
  return model.baseBytes + (model.memoryBytes - model.baseBytes) * grown + model.leakPerMs * Math.max(0, ms);
}

const scaled = (value: number | undefined, factor: number) => (value === undefined ? undefined : value * factor);

const limitOf = (container: Container, name: string): number | undefined => {
  const text = container.resources?.limits?.[name];
  return text === undefined ? undefined : parseQuantity(String(text));
};

function portsOf(
  pod: Pod,
  container: Container,
  entry: ImageEntry,
  env: ReadonlyMap<string, string>,
  isApp: boolean,
): readonly number[] | undefined {
  const told = annotation(pod, container, 'listen');
  if (told !== undefined) return told.split(',').map(Number);
  if (!isApp) return [];
  if (entry.ports !== undefined) return entry.ports;
  const declared = (container.ports ?? []).map(({ containerPort }) => containerPort);
  const own = Number(env.get('PORT'));
  if (Number.isInteger(own) && own > 0) return [...new Set([own, ...declared])];
  return declared.length === 0 ? undefined : declared;
}

const named = (pod: Pod, container: Container): Target[] =>
  parseTargets(annotation(pod, container, 'depends-on') ?? '');

/** The services that variables name; an address of its own (`0.0.0.0:8080`, `:8080`) is none. */
function inEnvironment(env: ReadonlyMap<string, string>): Target[] {
  const found = new Map<string, Target>();
  for (const [name, value] of env) {
    if (!SERVICE_NAME.test(name) || value === '') continue;
    const port = Number(env.get(name.replace(/_(?:HOST|ADDR|ADDRESS)$/, '_PORT')));
    for (const target of parseTargets(value)) {
      if (/^[\d.]+$|^localhost$/.test(target.host)) continue;
      const full = target.port === undefined && port > 0 ? { ...target, port } : target;
      found.set(`${full.host}:${full.port}`, full);
    }
  }
  return [...found.values()];
}

function ownExit(
  pod: Pod,
  container: Container,
  entry: ImageEntry,
  env: ReadonlyMap<string, string>,
  program: Program,
  isApp: boolean,
): Exit | undefined {
  const message = annotation(pod, container, 'exit-message');
  const end = (at: number, code: number): Exit => ({
    at,
    code,
    reason: code === 0 ? 'Completed' : 'Error',
    ...(message === undefined ? {} : { message }),
  });
  const crash = annotation(pod, container, 'crash-on-start');
  if (crash !== undefined && crash !== 'false') return end(CRASH_MS, crash === 'true' ? 1 : Number(crash) & 255);
  const after = msOf(pod, container, 'exit-after');
  if (after !== undefined) return end(after, Number(annotation(pod, container, 'exit-code') ?? 0) & 255);
  if (program.kind === 'script' && program.end !== undefined) return end(program.end.at + 50, program.end.code);
  if (!isApp) return undefined;
  if ((entry.needsEnv ?? []).some((name) => (env.get(name) ?? '') === '')) return end(CRASH_MS, 1);
  return entry.runSeconds === undefined ? undefined : end(entry.runSeconds * 1000 + 100, 0);
}

function outOfMemory(model: AppModel): Exit | undefined {
  const { limitBytes: limit, memoryBytes, baseBytes, rampMs, leakPerMs } = model;
  if (limit === undefined || limit <= 0) return undefined;
  const killed = (at: number): Exit => ({ at: Math.max(700, Math.round(at)), code: 137, reason: 'OOMKilled' });
  if (baseBytes >= limit) return killed(0);
  const slope = (memoryBytes - baseBytes) / rampMs + leakPerMs;
  const inRamp = (limit - baseBytes) / slope;
  if (slope > 0 && inRamp <= rampMs) return killed(inRamp);
  return leakPerMs > 0 ? killed((limit - memoryBytes) / leakPerMs) : undefined;
}
