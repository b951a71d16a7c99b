import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from './ports.ts';
import { identify, isRunning, type ProcessIdentity, terminate } from './processes.ts';

/** A component that runs, and the ports it was given. */
export interface Daemon {
  readonly name: string;
  readonly process: ProcessIdentity;
  readonly ports: readonly number[];
}

/** How to start one component. */
export interface DaemonPlan {
  readonly name: string;
  readonly binary: string;
  readonly logFile: string;
  readonly portCount: number;
  /** Soft limit of the Go heap, so that a busy run does not eat the machine. */
  readonly memoryLimit: string;
  readonly args: (ports: readonly number[]) => readonly string[];
  /** Whether it serves; asked again and again. Undefined: having survived its first moment is enough. */
  readonly ready?: (ports: readonly number[]) => Promise<boolean>;
}

const READY_WITHIN_MS = 60_000;
/** A component without a question to ask counts as started when it has lived this long. */
const SETTLED_AFTER_MS = 200;
const POLL_MS = 50;
/** A free port may be lost between finding and binding it; so often in a row it is no accident. */
const BIND_ATTEMPTS = 5;
const SHOWN_LOG_LINES = 15;

/** Starts a component on free ports and waits until it serves; a lost port is chosen anew. */
export async function startDaemon(plan: DaemonPlan, started: (process: ProcessIdentity) => void): Promise<Daemon> {
  for (let attempt = 1; ; attempt++) {
    const ports = await freePorts(plan.portCount);
    const process = launch(plan, ports);
    started(process);
    const outcome = await watchStart(plan, ports, process);
    if (outcome === 'ready') return { name: plan.name, process, ports };
    await terminate(process);
    const log = tail(plan.logFile);
    if (attempt < BIND_ATTEMPTS && outcome === 'ended' && /address already in use/i.test(log)) continue;
    const problem = outcome === 'ended' ? 'ended while starting' : `did not get ready in ${READY_WITHIN_MS / 1000} s`;
    throw new Error(`${plan.name} ${problem}; the end of ${plan.logFile}:\n${log}`);
  }
}

/** The last lines of a log file. */
function tail(file: string, lines = SHOWN_LOG_LINES): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no log)';
  }
}

function launch(plan: DaemonPlan, ports: readonly number[]): ProcessIdentity {
  const log = openSync(plan.logFile, 'w');
  try {
    const child = spawn(plan.binary, plan.args(ports), {
      // A session of its own: Ctrl-C in the terminal must reach the runner only, which then stops things in order.
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, GOMEMLIMIT: plan.memoryLimit },
    });
    child.once('error', () => {});
    child.unref();
    if (child.pid === undefined) throw new Error(`${plan.name} cannot be started: ${plan.binary}`);
    // One that ended before it was looked at is as one that ended a moment later.
    return identify(child.pid) ?? { pid: child.pid, startedAt: 'ended at once' };
  } finally {
    closeSync(log);
  }
}

async function watchStart(
  plan: DaemonPlan,
  ports: readonly number[],
  process: ProcessIdentity,
): Promise<'ready' | 'ended' | 'slow'> {
  const started = Date.now();
  const ready = plan.ready ?? (async () => Date.now() - started >= SETTLED_AFTER_MS);
  while (Date.now() - started < READY_WITHIN_MS) {
    const serves = await ready(ports).catch(() => false);
    // Looked at after the question: whoever lost its port may have had the question answered by the winner.
    if (!isRunning(process)) return 'ended';
    if (serves) return 'ready';
    await sleep(POLL_MS);
  }
  return 'slow';
}
