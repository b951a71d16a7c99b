/** How a pod's containers are, from its status. */
import type { ContainerFacts } from '../facts.ts';
import type { Intern } from '../types.ts';
import { createMemo } from './memo.ts';
import { type Dict, dict, exact, has, list, number, text, time, word } from './read.ts';

const NONE: readonly ContainerFacts[] = Object.freeze([]);

const STATUS_FIELDS = ['name', 'ready', 'started', 'restartCount', 'state', 'lastState'];
export const CONTAINER_STATUS_FIELDS: readonly string[] = [
  'status.containerStatuses',
  'status.initContainerStatuses',
  'status.ephemeralContainerStatuses',
].flatMap((of) => STATUS_FIELDS.map((field) => `${of}.${field}`));

const remembered = createMemo<readonly ContainerFacts[]>();

/** Init containers first, as they run. Those of healthy pods of one template are one list. */
export function containersOf(spec: Dict, status: Dict, intern: Intern): readonly ContainerFacts[] {
  const main = list(status['containerStatuses']);
  const init = list(status['initContainerStatuses']);
  const ephemeral = list(status['ephemeralContainerStatuses']);
  if (main.length + init.length + ephemeral.length === 0) return NONE;
  const read = () => {
    const sidecars = init.length > 0 ? sidecarsOf(spec) : undefined;
    const found: ContainerFacts[] = [];
    for (const entry of init) {
      const one = dict(entry);
      found.push(containerOf(one, sidecars?.has(text(one['name'])) === true ? 'sidecar' : 'init', intern));
    }
    for (const entry of main) found.push(containerOf(dict(entry), 'main', intern));
    for (const entry of ephemeral) found.push(containerOf(dict(entry), 'ephemeral', intern));
    return exact(found);
  };
  const values = init.length + ephemeral.length === 0 ? runningValues(main) : undefined;
  if (values !== undefined) return remembered(intern, word(values[0]), values, () => intern.shared(read()));
  const found = read();
  return found.every((container) => container.since === 0 && container.last === undefined)
    ? remembered(intern, found[0]?.name ?? '', found.flatMap(valuesOf), () => intern.shared(found))
    : found;
}

/** All that the facts of ready containers that never failed depend on, as most pods have them; undefined where there are others. */
function runningValues(statuses: readonly unknown[]): unknown[] | undefined {
  const values: unknown[] = [];
  for (const entry of statuses) {
    const status = dict(entry);
    const well =
      status['ready'] === true && number(status['restartCount']) === 0 && has(dict(status['state'])['running']);
    if (!well || has(dict(status['lastState'])['terminated'])) return undefined;
    values.push(status['name'], status['started']);
  }
  return values;
}

/** All that can differ between containers that are as they should be, and between those that only wait. */
function valuesOf(container: ContainerFacts): unknown[] {
  const { name, role, ready, started, restarts, state, reason, message, exitCode } = container;
  return [name, role, ready, started, restarts, state, reason, message, exitCode];
}

function sidecarsOf(spec: Dict): ReadonlySet<string> {
  const names = new Set<string>();
  for (const entry of list(spec['initContainers'])) {
    const container = dict(entry);
    if (container['restartPolicy'] === 'Always') names.add(text(container['name']));
  }
  return names;
}

function containerOf(status: Dict, role: ContainerFacts['role'], intern: Intern): ContainerFacts {
  const restarts = number(status['restartCount']);
  const ready = status['ready'] === true;
  const { state, reason, message, exitCode, since } = stateOf(dict(status['state']), intern);
  // Field by field: a literal with a spread takes half as much again.
  const container: ContainerFacts = {
    name: intern.text(text(status['name'])),
    role,
    ready,
    started: status['started'] === true,
    restarts,
    state,
    reason,
    message,
    exitCode,
    since,
    last: lastOf(dict(status['lastState']), intern),
  };
  if (isAsItShould(container)) container.since = 0;
  return container;
}

/** Nobody asks since when; and without it healthy pods of one template can share their containers (facts.ts). */
function isAsItShould({ role, state, ready, restarts, exitCode }: ContainerFacts): boolean {
  if (restarts > 0) return false;
  if (state === 'running') return ready;
  return role === 'init' && state === 'terminated' && exitCode === 0;
}

type State = Pick<ContainerFacts, 'state' | 'reason' | 'message' | 'exitCode' | 'since'>;

function stateOf(state: Dict, intern: Intern): State {
  if (has(state['running'])) {
    return {
      state: 'running',
      reason: '',
      message: '',
      exitCode: 0,
      since: time(dict(state['running'])['startedAt']),
    };
  }
  if (has(state['terminated'])) {
    const end = dict(state['terminated']);
    return {
      state: 'terminated',
      reason: intern.text(text(end['reason'])),
      message: intern.text(text(end['message'])),
      exitCode: number(end['exitCode']),
      since: time(end['finishedAt']),
    };
  }
  const waiting = dict(state['waiting']);
  return {
    state: 'waiting',
    reason: intern.text(text(waiting['reason'])),
    message: intern.text(text(waiting['message'])),
    exitCode: 0,
    since: 0,
  };
}

function lastOf(state: Dict, intern: Intern): ContainerFacts['last'] {
  if (!has(state['terminated'])) return undefined;
  const end = dict(state['terminated']);
  return {
    reason: intern.text(text(end['reason'])),
    exitCode: number(end['exitCode']),
    at: time(end['finishedAt']),
  };
}
