import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { instancesRoot } from './cache.ts';
import { isRunning, type ProcessIdentity, signal, terminate } from './processes.ts';

/** What is written down about a control plane, so that another process can show and stop it. */
export interface InstanceState {
  readonly name: string;
  readonly kubeconfig: string;
  readonly kubectl: string;
  /** The test run it belongs to; an instance without one was started by hand and stays. */
  readonly owner?: ProcessIdentity;
  /** In the order they were started. */
  readonly processes: readonly (ProcessIdentity & { readonly component: string })[];
  readonly ready: boolean;
}

const STATE_FILE = 'state.json';
/** Instance names become folder names. */
const NAME = /^[a-z0-9][a-z0-9-]{0,40}$/;

/** The folder of an instance, below the common one unless told otherwise. */
export function instanceFolder(name: string): string {
  if (!NAME.test(name)) throw new Error(`"${name}" is no instance name: use lower-case letters, digits and dashes`);
  return join(instancesRoot(), name);
}

/** Writes the state so that a reader sees the old or the new one, never half of it. */
export function writeState(folder: string, state: InstanceState): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const partial = join(folder, `.${STATE_FILE}`);
  writeFileSync(partial, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(partial, join(folder, STATE_FILE));
}

/** The state of an instance, or undefined when there is none that can be read. */
export function readState(folder: string): InstanceState | undefined {
  try {
    // Written by writeState of this very file.
    return JSON.parse(readFileSync(join(folder, STATE_FILE), 'utf8')) as InstanceState;
  } catch {
    return undefined;
  }
}

/** Every instance that has a state file, with whether all of it still runs. */
export function listInstances(): readonly (InstanceState & { readonly running: boolean })[] {
  const root = instancesRoot();
  if (!existsSync(root)) return [];
  return readdirSync(root).flatMap((name) => {
    const state = readState(join(root, name));
    return state === undefined ? [] : [{ ...state, running: state.ready && state.processes.every(isRunning) }];
  });
}

/** Stops what still runs of an instance, in reverse order of starting, and removes its folder. */
export async function stopInstance(folder: string): Promise<void> {
  const processes = readState(folder)?.processes ?? [];
  for (const process of processes.toReversed()) await terminate(process);
  rmSync(folder, { recursive: true, force: true });
}

/** Like stopInstance, at once and by force: for a process that is about to exit and cannot wait. */
export function discardInstance(folder: string): void {
  for (const process of readState(folder)?.processes ?? []) signal(process, 'SIGKILL');
  // A component may write its last while the folder goes: then removing is tried again.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}

/** Clears away instances of test runs that were killed before they could. */
export async function sweepAbandoned(): Promise<void> {
  for (const { name, owner } of listInstances()) {
    if (owner !== undefined && !isRunning(owner)) await stopInstance(instanceFolder(name));
  }
}
