/** `/sandbox/...`: what the sandbox does that no Kubernetes does. Its own command line asks here; RBAC decides who may. */

import { nearest } from '../src/kernel/nearest.ts';
import type { SandboxClock } from './clock.ts';
import type { AdminAnswer, AdminRequest } from './server/ports.ts';
import type { Store } from './store/types.ts';
import type { Machine } from './world/types.ts';
import type { Incident, World } from './worlds/types.ts';

interface AdminParts {
  world: World;
  store: Store;
  clock: SandboxClock;
  operator: Machine;
  stop(): void;
}

/** A month: as far as `advance` goes at once. */
const LONGEST_MS = 30 * 24 * 3_600_000;

const COUNTED = ['nodes', 'namespaces', 'pods', 'deployments.apps', 'services'] as const;

export function createAdmin(
  parts: AdminParts,
): (request: AdminRequest) => AdminAnswer | undefined | Promise<AdminAnswer> {
  const { world, clock, operator } = parts;
  const incidents = world.incidents ?? [];
  return ({ method, path, body }) => {
    const route = `${method} ${path}`;
    switch (route) {
      case 'GET status':
        return ok(status(parts));
      case 'GET incidents':
        return ok({ world: world.name, incidents: incidents.map((incident) => shown(incident, operator)) });
      case 'POST break':
      case 'POST heal':
        return play(route === 'POST break' ? 'break' : 'heal', namesIn(body), incidents, operator);
      case 'POST advance':
        return advance(clock, body);
      case 'POST stop':
        // After the answer is on its way.
        setImmediate(() => parts.stop());
        return ok({ message: 'the sandbox ends' });
      default:
        return undefined;
    }
  };
}

const ok = (body: unknown): AdminAnswer => ({ status: 200, body });
const wrong = (message: string): AdminAnswer => ({ status: 400, body: { message } });

function status({ world, store, clock }: AdminParts) {
  const counts = Object.fromEntries(COUNTED.map((id) => [id.split('.')[0], store.count(id)]));
  return { world: world.name, now: new Date(clock.now()).toISOString(), resourceVersion: store.revision, counts };
}

function shown({ name, title, symptom, root, look, isBroken }: Incident, operator: Machine) {
  return { name, title, symptom, root, look, broken: isBroken(operator) };
}

function namesIn(body: unknown): readonly string[] | undefined {
  const names = (body as { names?: unknown } | undefined)?.names;
  return Array.isArray(names) && names.every((name) => typeof name === 'string') ? names : undefined;
}

/** Names that are wrong change nothing. */
function play(
  action: 'break' | 'heal',
  names: readonly string[] | undefined,
  incidents: readonly Incident[],
  operator: Machine,
): AdminAnswer {
  if (names === undefined) return wrong('names: must be a list of names of incidents');
  const known = new Map(incidents.map((incident) => [incident.name, incident]));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    return wrong(`There is no incident ${unknown.join(', ')}. ${wayOut(unknown[0] ?? '', [...known.keys()])}`);
  }
  const chosen =
    names.length > 0
      ? names.flatMap((name) => known.get(name) ?? [])
      : incidents.filter((incident) => incident.isBroken(operator));
  for (const incident of chosen) incident[action](operator);
  return ok({ incidents: chosen.map((incident) => shown(incident, operator)) });
}

function wayOut(name: string, known: readonly string[]): string {
  if (known.length === 0) return 'This world has none: start it with --world shop.';
  const near = nearest(name, known, 3);
  return near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'The command incidents lists them.';
}

async function advance(clock: SandboxClock, body: unknown): Promise<AdminAnswer> {
  const ms = (body as { ms?: unknown } | undefined)?.ms;
  if (typeof ms !== 'number' || !(ms > 0 && ms <= LONGEST_MS)) return wrong('ms: must be a number from 1 to 30 days');
  // A month of a living world is minutes of work: other requests are served meanwhile.
  await clock.advanceInTurns(ms);
  return ok({ now: new Date(clock.now()).toISOString() });
}
