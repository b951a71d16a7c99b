/** Fills a new sandbox with a world: its objects in their order, and the time between them. */
import type { SandboxClock } from '../clock.ts';
import type { Kinds } from '../kinds/types.ts';
import type { Registry, WriteContext } from '../registry/types.ts';
import type { KubeObject } from '../types.ts';
import { rfc3339Micro } from '../world/timestamps.ts';
import type { Machine } from '../world/types.ts';
import type { World, WorldStep } from './types.ts';

export interface MakingParts {
  kinds: Kinds;
  registry: Registry;
  clock: SandboxClock;
  operator: Machine;
  /** Who makes it. */
  context: WriteContext;
}

/** How long ago the first of the world was made, ms. */
export const ageOf = ({ objects, ageMs }: Pick<World, 'objects' | 'ageMs'>): number =>
  objects.reduce((sum, step) => sum + ('kind' in step ? 0 : step.liveMs + step.skipMs), ageMs);

export function makeObjects(steps: readonly WorldStep[], parts: MakingParts): void {
  for (const step of steps) {
    if ('kind' in step) create(step, parts);
    else {
      parts.clock.advance(step.liveMs);
      parts.clock.skip(step.skipMs);
      if (step.skipMs > 0) renewLeases(parts);
    }
  }
}

function create(object: KubeObject, { kinds, registry, context }: MakingParts): void {
  const [group = '', version = ''] = object.apiVersion.includes('/')
    ? object.apiVersion.split('/')
    : ['', object.apiVersion];
  const served = kinds.byKind(group, version, object.kind);
  if (served === undefined)
    throw new Error(`the world has an object of a kind that is not served: ${object.apiVersion} ${object.kind}`);
  const { namespace = '' } = object.metadata;
  registry.create({ resource: served.resource, version, namespace, name: '' }, object, context);
}

/** Nodes whose time was skipped would seem to have been silent. */
function renewLeases({ operator, clock }: MakingParts): void {
  for (const { metadata } of operator.list('leases.coordination.k8s.io', 'kube-node-lease')) {
    operator.modify('leases.coordination.k8s.io', 'kube-node-lease', metadata.name, (lease) => {
      lease['spec'] = { ...(lease['spec'] as object), renewTime: rfc3339Micro(clock.now()) };
    });
  }
}
