/** `pods/log`: the log of a container as the kubelet gives it, with the apiserver's and the kubelet's refusals. */
import { badRequest, type FieldError, invalid } from '../../api/failure.ts';
import type { SandboxClock } from '../../clock.ts';
import type { LogOptions, LogSink } from '../../server/ports.ts';
import type { KubeObject } from '../../types.ts';
import { parseTime } from '../timestamps.ts';
import type { Kubelet } from './create-kubelet.ts';
import { type Instance, type LogLine, linesBetween, stampOf } from './log-lines.ts';
import type { ContainerStatus, Pod } from './pod-types.ts';

export interface LogParts {
  clock: SandboxClock;
  kubelet: Pick<Kubelet, 'runOf'>;
  /** The pod as it is now, to follow it. */
  podNow(namespace: string, name: string): Pod | undefined;
  /** Lines that containers of this name have written, whatever they run; undefined for those that their image speaks for. */
  recorded?(container: string, previous: boolean): readonly { at: number; text: string }[] | undefined;
}

/** How often a followed log looks for more. */
const FOLLOW_MS = 500;

export function createPodLogs(parts: LogParts): (pod: KubeObject, options: LogOptions, sink: LogSink) => () => void {
  return (object, options, sink) => podLogs(parts, object as Pod, options, sink);
}

function podLogs(parts: LogParts, pod: Pod, options: LogOptions, sink: LogSink): () => void {
  validate(pod.metadata.name, options);
  const name = containerName(pod, options.container);
  if ((pod.spec.nodeName ?? '') === '') {
    sink.end();
    return () => undefined;
  }
  const instance = instanceOf(parts, pod, name, options.previous);
  if (options.stream === 'Stderr') {
    sink.end();
    return () => undefined;
  }
  const { clock } = parts;
  const since = sinceOf(options, clock.now());
  const writer = createWriter(options, sink);
  let seen = clock.now();
  const { tailLines } = options;
  const recorded = parts.recorded?.(name, options.previous)?.map((line, order) => ({ ...line, order }));
  const past =
    recorded?.filter(({ at }) => at > since) ??
    linesBetween(instance, since, seen, tailLines === undefined ? undefined : Math.max(1, tailLines));
  writer.write(tailLines === undefined ? past : tailLines === 0 ? [] : past.slice(-tailLines));
  let cancel: () => void = () => undefined;
  let current = instance;

  function more(): void {
    const now = clock.now();
    const fresh = refresh();
    writer.write(linesBetween(fresh, seen, now));
    seen = now;
    if (fresh.end !== undefined || writer.full()) sink.end();
    else cancel = clock.after(FOLLOW_MS, more);
  }

  /** The same run of the container as it is known now. */
  function refresh(): Instance {
    const now = parts.podNow(pod.metadata.namespace ?? '', pod.metadata.name);
    if (now === undefined || now.metadata.uid !== pod.metadata.uid)
      return { ...current, end: current.end ?? { at: clock.now(), terminated: { exitCode: 0 } } };
    const status = statusOf(now, name);
    const running = status?.state.running;
    if (running !== undefined && secondOf(parseTime(running.startedAt)) === secondOf(current.startedAt)) {
      current = instanceOf(parts, now, name, false);
      return current;
    }
    const terminated = status?.state.terminated ?? status?.lastState.terminated;
    return { ...current, end: { at: clock.now(), terminated: terminated ?? { exitCode: 0 } } };
  }

  if (!options.follow || writer.full() || instance.end !== undefined) sink.end();
  else cancel = clock.after(FOLLOW_MS, more);
  return () => cancel();
}

function createWriter(options: LogOptions, sink: LogSink) {
  let left = options.limitBytes ?? Infinity;
  return {
    full: () => left <= 0,
    write(lines: readonly LogLine[]): void {
      if (lines.length === 0 || left <= 0) return;
      const text = lines.map((line) => `${options.timestamps ? `${stampOf(line)} ` : ''}${line.text}\n`).join('');
      const bytes = Buffer.from(text);
      const taken = bytes.length <= left ? bytes : bytes.subarray(0, left);
      left -= taken.length;
      sink.write(taken);
    },
  };
}

function validate(name: string, { tailLines, limitBytes, sinceSeconds, sinceTime }: LogOptions): void {
  const errors: FieldError[] = [];
  const wrong = (field: string, value: number, why: string) =>
    errors.push({ reason: 'FieldValueInvalid', field, message: `Invalid value: ${value}: ${why}` });
  if (tailLines !== undefined && tailLines < 0) wrong('tailLines', tailLines, 'must be greater than or equal to 0');
  if (limitBytes !== undefined && limitBytes < 1) wrong('limitBytes', limitBytes, 'must be greater than 0');
  if (sinceSeconds !== undefined && sinceTime !== undefined)
    errors.push({
      reason: 'FieldValueForbidden',
      field: '',
      message: 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
    });
  else if (sinceSeconds !== undefined && sinceSeconds < 1)
    wrong('sinceSeconds', sinceSeconds, 'must be greater than 0');
  if (errors.length > 0) throw invalid({ kind: 'PodLogOptions', group: '' }, name, errors);
}

/** The apiserver's part: which container is meant. */
function containerName(pod: Pod, asked: string | undefined): string {
  const { initContainers = [], containers, ephemeralContainers = [] } = pod.spec;
  const all = [...initContainers, ...containers, ...ephemeralContainers].map(({ name }) => name);
  const [only, second] = pod.spec.containers;
  const { name } = pod.metadata;
  if (asked !== undefined && asked !== '') {
    if (!all.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${name}`);
    return asked;
  }
  if (only === undefined) throw badRequest(`a container name must be specified for pod ${name}`);
  if (second === undefined) return only.name;
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${all.join(' ')}]`);
}

const secondOf = (ms: number) => Math.floor(ms / 1000);

const statusOf = (pod: Pod, name: string): ContainerStatus | undefined =>
  [
    ...(pod.status?.containerStatuses ?? []),
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.ephemeralContainerStatuses ?? []),
  ].find((status) => status.name === name);

/** The kubelet's part: the run of the container whose log is there. */
function instanceOf(parts: LogParts, pod: Pod, name: string, previous: boolean): Instance {
  const status = statusOf(pod, name);
  const where = `container "${name}" in pod "${pod.metadata.name}"`;
  if (status === undefined) throw badRequest(`${where} is not available`);
  const { running, terminated, waiting } = status.state;
  const last = status.lastState.terminated;
  const run = parts.kubelet.runOf(pod)?.containers.get(name);
  // What runs or has just ended is known to the ms, what is told by its status to the second.
  const phase = run?.phase;
  const made = (startedAt: number, restart: number, end: Instance['end']): Instance => ({
    seed: `${pod.metadata.uid}/${name}/${restart}`,
    startedAt,
    end,
    model: run?.model,
    outages: run?.outages ?? [],
  });
  const over = (ended: NonNullable<typeof terminated>, restart: number) => {
    const exact = phase?.kind === 'exited' && phase.ended.containerID === ended.containerID;
    const at = exact ? phase.finishedAt : parseTime(ended.finishedAt) + 999;
    return made(parseTime(ended.startedAt), restart, { at, terminated: ended });
  };
  if (previous) {
    if ((last?.containerID ?? '') === '' || last === undefined)
      throw badRequest(`previous terminated container "${name}" in pod "${pod.metadata.name}" not found`);
    // While it waits, the run that has ended is still the newest.
    return over(last, status.restartCount - (waiting === undefined ? 1 : 0));
  }
  if (running !== undefined) {
    const exact = phase?.kind === 'running' || phase?.kind === 'stopping' ? phase.startedAt : undefined;
    return made(exact ?? parseTime(running.startedAt), status.restartCount, undefined);
  }
  if (terminated !== undefined && (terminated.containerID ?? '') !== '') return over(terminated, status.restartCount);
  if (last !== undefined && (last.containerID ?? '') !== '') return over(last, status.restartCount);
  if (terminated !== undefined || last !== undefined) throw badRequest(`${where} is terminated`);
  if (waiting === undefined) throw badRequest(`${where} is waiting to start - no logs yet`);
  const whys: Readonly<Record<string, string>> = {
    ErrImagePull: "image can't be pulled",
    ImagePullBackOff: 'trying and failing to pull image',
  };
  throw badRequest(`${where} is waiting to start: ${whys[waiting.reason ?? ''] ?? waiting.reason}`);
}

function sinceOf({ sinceSeconds, sinceTime }: LogOptions, now: number): number {
  if (sinceSeconds !== undefined) return now - sinceSeconds * 1000 - 1;
  return sinceTime === undefined ? -Infinity : parseTime(sinceTime) - 1;
}
