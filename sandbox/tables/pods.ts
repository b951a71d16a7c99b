/** The row of a pod: one word for all that its containers' states say. */
import { printer } from './column.ts';
import { age, type Container, NONE, since } from './format.ts';

interface Terminated {
  exitCode: number;
  signal?: number;
  reason?: string;
  finishedAt?: string;
}

interface ContainerStatus {
  name: string;
  ready?: boolean;
  started?: boolean;
  restartCount?: number;
  state?: { waiting?: { reason?: string }; running?: object; terminated?: Terminated };
  lastState?: { terminated?: Terminated };
}

interface Condition {
  type: string;
  status: string;
  reason?: string;
}

interface Pod {
  metadata: { name: string; deletionTimestamp?: string };
  spec: {
    containers: readonly Container[];
    initContainers?: readonly Container[];
    nodeName?: string;
    readinessGates?: readonly { conditionType: string }[];
  };
  status?: {
    phase?: string;
    reason?: string;
    conditions?: readonly Condition[];
    initContainerStatuses?: readonly ContainerStatus[];
    containerStatuses?: readonly ContainerStatus[];
    podIPs?: readonly { ip: string }[];
    nominatedNodeName?: string;
  };
}

/** What the rows of pods that ended carry, so that clients can leave them out. */
const ENDED: Readonly<Record<string, readonly unknown[]>> = {
  Succeeded: [
    { type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' },
  ],
  Failed: [{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }],
};

export const PODS = printer<Pod>(
  ['Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP*', 'Node*', 'Nominated Node*', 'Readiness Gates*'],
  (pod, now) => {
    const { ready, total, reason, restarts, lastRestart } = summary(pod);
    const { status = {}, spec } = pod;
    return [
      pod.metadata.name,
      `${ready}/${total}`,
      reason,
      restarts > 0 && lastRestart !== undefined ? `${restarts} (${since(lastRestart, now)} ago)` : `${restarts}`,
      age(pod, now),
      status.podIPs?.[0]?.ip || NONE,
      spec.nodeName || NONE,
      status.nominatedNodeName || NONE,
      gates(pod),
    ];
  },
  ({ status }) => ENDED[status?.phase ?? ''],
);

interface Summary {
  ready: number;
  total: number;
  reason: string;
  restarts: number;
  lastRestart: string | undefined;
}

function summary(pod: Pod): Summary {
  const { spec, status = {}, metadata } = pod;
  const sidecars = new Set(
    spec.initContainers?.filter((one) => one.restartPolicy === 'Always').map(({ name }) => name),
  );
  const isGated = status.conditions?.some(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated',
  );
  const phase = isGated ? 'SchedulingGated' : status.reason || status.phase || '';
  const init = initState(pod, sidecars);
  const initialized = status.conditions?.some(({ type, status: is }) => type === 'Initialized' && is === 'True');
  const isInitializing = init.reason !== undefined && initialized !== true;
  const main = isInitializing ? undefined : mainState(pod, init.reason ?? phase);
  const total = spec.containers.length + sidecars.size;
  const counted =
    main === undefined
      ? init.all
      : { restarts: init.sidecars.restarts + main.restarts, last: later(init.sidecars.last, main.last) };
  return {
    ready: init.ready + (main?.ready ?? 0),
    total,
    reason: ending(metadata.deletionTimestamp, status) ?? main?.reason ?? init.reason ?? phase,
    restarts: counted.restarts,
    lastRestart: counted.last,
  };
}

/** What a deleted pod shows, whatever its containers do. */
function ending(
  deleted: string | undefined,
  { reason, phase }: { reason?: string; phase?: string },
): string | undefined {
  if (deleted === undefined) return undefined;
  if (reason === 'NodeLost') return 'Unknown';
  return phase === 'Succeeded' || phase === 'Failed' ? undefined : 'Terminating';
}

interface Restarts {
  restarts: number;
  last: string | undefined;
}

const later = (a: string | undefined, b: string | undefined) => (a === undefined || (b !== undefined && b > a) ? b : a);

function addRestarts(sum: Restarts, { restartCount = 0, lastState }: ContainerStatus): Restarts {
  return { restarts: sum.restarts + restartCount, last: later(sum.last, lastState?.terminated?.finishedAt) };
}

function initState(pod: Pod, sidecarNames: ReadonlySet<string>) {
  let all: Restarts = { restarts: 0, last: undefined };
  let sidecars: Restarts = all;
  let ready = 0;
  const statuses = pod.status?.initContainerStatuses ?? [];
  for (const [index, status] of statuses.entries()) {
    const isSidecar = sidecarNames.has(status.name);
    all = addRestarts(all, status);
    if (isSidecar) sidecars = addRestarts(sidecars, status);
    const { terminated, waiting } = status.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (isSidecar && status.started === true) {
      if (status.ready === true) ready += 1;
      continue;
    }
    const isNamed = waiting?.reason !== undefined && waiting.reason !== '' && waiting.reason !== 'PodInitializing';
    const why = terminated ? endedReason(terminated) : isNamed ? waiting.reason : undefined;
    return { all, sidecars, ready, reason: `Init:${why ?? `${index}/${pod.spec.initContainers?.length ?? 0}`}` };
  }
  return { all, sidecars, ready, reason: undefined };
}

function endedReason({ reason, signal, exitCode }: Terminated): string {
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

function mainState(pod: Pod, phase: string) {
  const { containerStatuses = [], conditions } = pod.status ?? {};
  let reason = phase;
  let failure: string | undefined;
  let sum: Restarts = { restarts: 0, last: undefined };
  let ready = 0;
  for (const status of containerStatuses.toReversed()) {
    sum = addRestarts(sum, status);
    const { waiting, running, terminated } = status.state ?? {};
    if (waiting?.reason) reason = waiting.reason;
    else if (terminated) {
      reason = endedReason(terminated);
      if (terminated.exitCode !== 0) failure = reason;
    } else if (status.ready === true && running) ready += 1;
  }
  if (reason === 'Completed') {
    const isReady = conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
    if (ready > 0 && isReady) reason = 'Running';
    else if (failure !== undefined) reason = failure;
    else if (ready > 0) reason = 'NotReady';
  }
  return { reason, ready, ...sum };
}

function gates({ spec, status }: Pod): string {
  const wanted = spec.readinessGates ?? [];
  if (wanted.length === 0) return NONE;
  const open = wanted.filter(({ conditionType }) =>
    status?.conditions?.some(({ type, status: is }) => type === conditionType && is === 'True'),
  );
  return `${open.length}/${wanted.length}`;
}
