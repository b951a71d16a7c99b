import { count, field, items, text } from './read.ts';

/** What kubectl prints of a pod, computed from the object as kubectl's printer does. */
export interface PodStatus {
  /** Running, CrashLoopBackOff, Init:0/1, Completed, Terminating… */
  status: string;
  ready: number;
  total: number;
  restarts: number;
  /** RFC 3339, when a container last ended. */
  lastRestart: string | undefined;
}

interface Tally {
  ready: number;
  restarts: number;
  lastRestart: string | undefined;
}

/** The STATUS, READY and RESTARTS of a pod. */
export function podStatus(pod: unknown): PodStatus {
  const initSpecs = items(pod, 'spec', 'initContainers');
  const sidecars = new Set(initSpecs.filter((c) => text(c, 'restartPolicy') === 'Always').map((c) => text(c, 'name')));
  const init = initPhase(pod, sidecars, initSpecs.length);
  const initialised = init.reason === undefined || hasCondition(pod, 'Initialized');
  const { reason, tally } = initialised ? mainPhase(pod, init.sidecars) : { reason: init.reason, tally: init.all };
  return {
    status: terminating(pod) ?? (reason || init.reason || basePhase(pod)),
    ready: tally.ready,
    total: items(pod, 'spec', 'containers').length + sidecars.size,
    restarts: tally.restarts,
    lastRestart: tally.lastRestart,
  };
}

function basePhase(pod: unknown): string {
  const gated = items(pod, 'status', 'conditions').some(
    (c) => text(c, 'type') === 'PodScheduled' && text(c, 'reason') === 'SchedulingGated',
  );
  if (gated) return 'SchedulingGated';
  return text(pod, 'status', 'reason') || text(pod, 'status', 'phase') || 'Unknown';
}

function hasCondition(pod: unknown, type: string): boolean {
  return items(pod, 'status', 'conditions').some((c) => text(c, 'type') === type && text(c, 'status') === 'True');
}

/** The first init container that holds the pod back, and what the init containers counted. */
function initPhase(pod: unknown, sidecars: ReadonlySet<string>, total: number) {
  const all: Tally = { ready: 0, restarts: 0, lastRestart: undefined };
  const ofSidecars: Tally = { ready: 0, restarts: 0, lastRestart: undefined };
  const statuses = items(pod, 'status', 'initContainerStatuses');
  for (const [i, status] of statuses.entries()) {
    const sidecar = sidecars.has(text(status, 'name'));
    addRestarts(all, status);
    if (sidecar) addRestarts(ofSidecars, status);
    const ended = field(status, 'state', 'terminated');
    if (ended !== undefined && count(ended, 'exitCode') === 0) continue;
    if (sidecar && field(status, 'started') === true) {
      if (field(status, 'ready') === true) {
        all.ready++;
        ofSidecars.ready++;
      }
      continue;
    }
    return { reason: `Init:${initReason(status) ?? `${i}/${total}`}`, all, sidecars: ofSidecars };
  }
  return { reason: undefined, all, sidecars: ofSidecars };
}

function initReason(status: unknown): string | undefined {
  const ended = field(status, 'state', 'terminated');
  if (ended !== undefined) return text(ended, 'reason') || exitReason(ended);
  const waiting = text(status, 'state', 'waiting', 'reason');
  return waiting !== '' && waiting !== 'PodInitializing' ? waiting : undefined;
}

function exitReason(ended: unknown): string {
  const signal = count(ended, 'signal');
  return signal === 0 ? `ExitCode:${count(ended, 'exitCode')}` : `Signal:${signal}`;
}

function mainPhase(pod: unknown, tally: Tally): { reason: string; tally: Tally } {
  let reason = basePhase(pod);
  let running = false;
  for (const status of items(pod, 'status', 'containerStatuses').toReversed()) {
    addRestarts(tally, status);
    const waiting = text(status, 'state', 'waiting', 'reason');
    const ended = field(status, 'state', 'terminated');
    if (waiting !== '') reason = waiting;
    else if (ended !== undefined) reason = text(ended, 'reason') || exitReason(ended);
    else if (field(status, 'ready') === true && field(status, 'state', 'running') !== undefined) {
      running = true;
      tally.ready++;
    }
  }
  if (reason === 'Completed' && running) reason = hasCondition(pod, 'Ready') ? 'Running' : 'NotReady';
  return { reason, tally };
}

function addRestarts(tally: Tally, status: unknown): void {
  tally.restarts += count(status, 'restartCount');
  const ended = text(status, 'lastState', 'terminated', 'finishedAt');
  if (ended !== '' && (tally.lastRestart === undefined || ended > tally.lastRestart)) tally.lastRestart = ended;
}

function terminating(pod: unknown): string | undefined {
  if (text(pod, 'metadata', 'deletionTimestamp') === '') return undefined;
  if (text(pod, 'status', 'reason') === 'NodeLost') return 'Unknown';
  const phase = text(pod, 'status', 'phase');
  return phase === 'Succeeded' || phase === 'Failed' ? undefined : 'Terminating';
}
