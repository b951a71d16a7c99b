/** Writes of the world's own components, most of which change a status: what stays as it is stored is neither read nor checked again. */
import type { KubeObject, ResourceId } from '../../types.ts';
import { assign, copyJson, sharing } from '../json.ts';
import { type Parts, strategyOf } from '../parts.ts';
import type { Target, WriteContext } from '../types.ts';
import { storageOf } from '../versions/storage.ts';

/** The body of an update from inside, which shares parts with what is stored, as one that may be changed. */
export function ownBody(body: unknown, { inside }: WriteContext): unknown {
  return inside === true ? copyJson(body) : body;
}

/** Kinds in which the defaults of a status depend on the rest of the object. */
const LOOKS_AROUND: ReadonlySet<ResourceId> = new Set(['services']);

/** The stored object with the status of the body; undefined when the body says more, or is not from inside. */
export function withStatusFromInside(
  parts: Parts,
  target: Target,
  live: KubeObject,
  body: unknown,
  context: WriteContext,
): KubeObject | undefined {
  const { resource, version, subresource } = target;
  if (context.inside !== true || subresource !== 'status' || resource.origin === 'custom') return undefined;
  if (version !== resource.storageVersion || storageOf(resource, parts.kinds) !== resource) return undefined;
  if (LOOKS_AROUND.has(resource.id)) return undefined;
  // Whoever is inside sends objects of the kind.
  const { status, ...rest } = body as KubeObject;
  if (!isUnchanged(rest, live)) return undefined;
  // The rest has its defaults already.
  const { apiVersion, kind } = live;
  const { name, namespace } = live.metadata;
  const metadata = namespace === undefined ? { name } : { name, namespace };
  const alone: KubeObject = { apiVersion, kind, metadata, status: copyJson(status) };
  strategyOf(parts, resource).defaults?.(alone);
  const next = { ...live, metadata: { ...live.metadata }, status: sharing(live['status'], alone['status']) };
  assign(next.metadata, 'resourceVersion', rest.metadata.resourceVersion);
  return next;
}

/** What every write changes, without that anybody had to say it. */
const ACCOUNTS: ReadonlySet<string> = new Set(['managedFields', 'resourceVersion', 'generation']);

/** Whether nothing but the status is another one than what is stored: the very same parts are looked for, not equal ones. */
export function onlyStatusDiffers(draft: KubeObject, live: KubeObject): boolean {
  const { status: _, ...rest } = draft;
  return isUnchanged(rest, live);
}

function isUnchanged(rest: KubeObject, live: KubeObject): boolean {
  for (const [key, value] of Object.entries(rest)) if (key !== 'metadata' && live[key] !== value) return false;
  return hasAll(rest.metadata, live.metadata) && hasAll(live.metadata, rest.metadata);
}

function hasAll(metadata: KubeObject['metadata'], of: KubeObject['metadata']): boolean {
  const members: object = metadata;
  return Object.entries(of).every(
    ([key, value]) => ACCOUNTS.has(key) || (Object.hasOwn(members, key) && members[key as never] === value),
  );
}
