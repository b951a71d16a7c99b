/** The lines of one run of a container, for any window of time: made when asked for, always the same. */
import type { AppModel } from './app-model.ts';
import { type LineContext, STYLES, type Style } from './log-styles.ts';
import type { Terminated } from './pod-types.ts';
import type { ContainerRun } from './run-types.ts';
import { fraction, hash } from './seeded.ts';

export interface LogLine {
  /** Ms since the epoch. */
  at: number;
  /** Orders lines of one ms, and makes their nanoseconds. */
  order: number;
  text: string;
}

export interface Instance {
  /** Of pod, container and restart. */
  seed: string;
  startedAt: number;
  end: { at: number; terminated: Terminated } | undefined;
  /** Undefined: nothing is known of its program. */
  model: AppModel | undefined;
  outages: ContainerRun['outages'];
}

/** As much as the kubelet keeps of a busy log, about: older lines have been rotated away. */
const KEPT = 5000;
const OUTAGE_EVERY = 2000;
const EXTRA_EVERY = 7000;

/** Lines after `from` up to `to`; of each source the newest `limit` at most. */
export function linesBetween(instance: Instance, from: number, to: number, limit = KEPT): LogLine[] {
  const until = Math.min(to, instance.end?.at ?? Infinity);
  const { model, startedAt } = instance;
  const style = STYLES[model?.style ?? 'http-service'];
  const lines = fixedLines(instance, style).filter(({ at }) => at > from && at <= until);
  const busyFrom = startedAt + (model?.startMs ?? 800);
  const repeat = (
    everyMs: number,
    first: number,
    last: number,
    make: (context: LineContext, n: number) => string,
    name: string,
  ) => {
    if (!Number.isFinite(everyMs)) return;
    const end = Math.min(until, last);
    const highest = Math.floor((end - first) / everyMs);
    const lowest = Math.max(0, Math.floor((from - first) / everyMs), highest - limit);
    for (let n = lowest; n <= highest; n++) {
      const seed = `${instance.seed}/${name}/${n}`;
      const at = Math.floor(first + (n + 0.9 * fraction(`${seed}t`)) * everyMs);
      if (at <= from || at > end) continue;
      lines.push({ at, order: n, text: make({ seed, at, errorRate: model?.errorRate ?? 0 }, n) });
    }
  };
  const script = model?.program.kind === 'script' ? model.program : undefined;
  if (script === undefined || script.thenApp) repeat(style.everyMs, busyFrom, Infinity, style.line, 'line');
  if (script?.every !== undefined) {
    const { ms, from: since, text } = script.every;
    repeat(ms, startedAt + since, Infinity, () => text, 'loop');
  }
  if (model?.extraLog !== undefined) repeat(EXTRA_EVERY, busyFrom, Infinity, () => model.extraLog ?? '', 'extra');
  for (const [at, outage] of instance.outages.entries()) {
    const say = (context: LineContext, n: number) => style.error(outage.texts[n % outage.texts.length] ?? '', context);
    repeat(OUTAGE_EVERY, outage.from, outage.to, say, `outage${at}`);
  }
  return lines.sort((a, b) => a.at - b.at || a.order - b.order);
}

/** What is said once: at the start, when it listens, at its end. */
function fixedLines({ startedAt, end, model }: Instance, style: Style): LogLine[] {
  const lines: LogLine[] = [];
  const say = (at: number, texts: readonly string[]) => {
    for (const text of texts) lines.push({ at, order: lines.length - 1000, text });
  };
  const script = model?.program.kind === 'script' ? model.program : undefined;
  for (const { at, text } of script?.lines ?? []) say(startedAt + at, [text]);
  const startMs = model?.startMs ?? 800;
  if (script === undefined || script.thenApp) {
    say(startedAt + Math.min(50, startMs), style.start);
    if (end === undefined || end.at > startedAt + startMs) say(startedAt + startMs, style.ready);
  }
  if (end !== undefined) say(end.at, lastWords(end.terminated, model, style));
  return lines;
}

function lastWords(ended: Terminated, model: AppModel | undefined, style: Style): readonly string[] {
  const own = [...(model?.crashLog ?? []), ...(ended.message === undefined ? [] : [ended.message])];
  if (own.length > 0 && ended.reason !== 'OOMKilled') return own;
  // Killed by the kernel: it had no time to say anything.
  if (ended.reason === 'OOMKilled' || ended.exitCode === 137) return [];
  if (model?.program.kind === 'script' && !model.program.thenApp) return [];
  const onRequest = ended.exitCode === 143 || (ended.exitCode === 0 && model?.exit === undefined);
  if (onRequest) return style.stop;
  return ended.exitCode === 0 ? [] : style.crash;
}

/** As the runtime stamps it: `2026-03-01T10:00:00.123456789Z`. */
export function stampOf({ at, order, text }: LogLine): string {
  const below = String(hash(`${order}${text}`) % 1_000_000).padStart(6, '0');
  return `${new Date(at).toISOString().slice(0, -1)}${below}Z`;
}
