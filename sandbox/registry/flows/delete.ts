/** DELETE: at once, after a grace time, or when the last finalizer goes. */
import { ApiFailure, notFound } from '../../api/failure.ts';
import { markCrdDeleted } from '../../kinds/crd-deletion.ts';
import { CRDS } from '../../kinds/custom-resource.ts';
import type { KubeObject, ResourceInfo } from '../../types.ts';
import { validateAdmission } from '../admission/admit.ts';
import type { Attributes } from '../admission/types.ts';
import { copyOf } from '../json.ts';
import { type Parts, strategyOf, timestamp } from '../parts.ts';
import { isCollected } from '../resource-rules.ts';
import type { Deleted, DeleteOptions, Target, WriteContext } from '../types.ts';
import { fromStorage } from '../versions/convert.ts';
import { storageOf } from '../versions/storage.ts';
import { deleteNamespace } from './delete-namespace.ts';
import { putObject } from './put-object.ts';
import { liveOf } from './update.ts';

/** Finalizers by which the garbage collector is told what to do with dependents. */
const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

const PODS_STAY =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

/** What a delete makes of a stored object: a marked one that stays, or nothing but its last state. */
type Step =
  | { kind: 'stays'; object: KubeObject }
  /** `marked`: it is shown as being deleted first, as everything that knows grace is. */
  | { kind: 'goes'; object: KubeObject; marked: boolean }
  | { kind: 'pending' };

export function deleteObject(parts: Parts, target: Target, options: DeleteOptions, context: WriteContext): Deleted {
  const live = liveOf(parts, target);
  if (live === undefined) throw notFound(target.resource, target.name);
  const answer = (kind: Deleted['kind'], object: KubeObject): Deleted => ({
    kind,
    object: fromStorage(object, target.resource, target.version),
  });
  if (target.resource.id === 'namespaces') {
    const marked = deleteNamespace(parts, target, live, options, context, () =>
      admitDelete(parts, target, live, options, context),
    );
    if (marked !== undefined) return answer('waiting', marked);
  }
  checkPreconditions(target, live, options);
  if (target.resource.id === CRDS && live.metadata.deletionTimestamp === undefined) {
    admitDelete(parts, target, live, options, context);
    return answer('waiting', deleteDefinition(parts, target.resource, live, context));
  }
  if (target.resource.id === 'jobs.batch' && options.propagationPolicy === undefined) context.warn(PODS_STAY);
  const step = stepOf(parts, target, live, options);
  if (step.kind === 'pending') return answer('waiting', live);
  admitDelete(parts, target, live, options, context);
  const kept = storageOf(target.resource, parts.kinds);
  const { id } = kept;
  if (step.kind === 'stays') {
    if (context.dryRun) return answer('waiting', step.object);
    return answer('waiting', putIfChanged(parts, kept, live, step.object));
  }
  if (context.dryRun) return answer('gone', step.object);
  const last = step.marked ? copyOf(putObject(parts, kept, step.object)) : step.object;
  const removed = parts.store.remove(id, target.namespace, target.name, last);
  if (id === 'services') parts.store.remove('endpoints', target.namespace, target.name);
  return answer('gone', removed?.body.object() ?? step.object);
}

/** A definition stays until its objects are gone. */
function deleteDefinition(parts: Parts, resource: ResourceInfo, live: KubeObject, context: WriteContext): KubeObject {
  const next = copyOf(live);
  markCrdDeleted(next, timestamp(parts.clock.now()));
  return context.dryRun ? next : putObject(parts, resource, next);
}

function putIfChanged(parts: Parts, resource: ResourceInfo, live: KubeObject, next: KubeObject): KubeObject {
  const same = ['deletionTimestamp', 'deletionGracePeriodSeconds', 'finalizers', 'generation'] as const;
  const unchanged = same.every((key) => JSON.stringify(next.metadata[key]) === JSON.stringify(live.metadata[key]));
  return unchanged ? live : putObject(parts, resource, next);
}

function admitDelete(
  parts: Parts,
  { resource, namespace, name }: Target,
  live: KubeObject,
  options: DeleteOptions,
  context: WriteContext,
): void {
  const attributes: Attributes = {
    operation: 'delete',
    resource,
    subresource: '',
    namespace,
    name,
    object: live,
    old: live,
    options,
    context,
  };
  validateAdmission(attributes, parts)();
}

function checkPreconditions(
  { resource, name }: Target,
  { metadata }: KubeObject,
  { preconditions }: DeleteOptions,
): void {
  const { uid, resourceVersion } = preconditions ?? {};
  // The kind stands where other conflicts name the resource.
  const details = { name, ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.kind };
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  const refuse = (why: string) =>
    new ApiFailure(409, 'Conflict', `Operation cannot be fulfilled on ${kind} "${name}": ${why}`, details);
  if (uid !== undefined && uid !== metadata.uid) {
    throw refuse(
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw refuse(
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}

function stepOf(parts: Parts, target: Target, live: KubeObject, options: DeleteOptions): Step {
  const next = copyOf(live);
  const graceful = setGrace(parts, target, next, options);
  if (graceful === 'pending') return { kind: 'pending' };
  const finalizers = gcFinalizers(parts, target, live, options);
  if (finalizers.length > 0) next.metadata.finalizers = finalizers;
  else delete next.metadata.finalizers;
  if (graceful === 'none') {
    if (finalizers.length === 0) return { kind: 'goes', object: copyOf(live), marked: false };
    markDeleting(parts, next);
    return { kind: 'stays', object: next };
  }
  return finalizers.length > 0 || graceful > 0
    ? { kind: 'stays', object: next }
    : { kind: 'goes', object: next, marked: true };
}

/**
 * Sets the end of the grace time. `none`: the kind knows no grace, or none is left. `pending`: the object is on its way already
 * and would not go sooner. Otherwise the seconds.
 */
function setGrace(parts: Parts, target: Target, next: KubeObject, options: DeleteOptions): number | 'none' | 'pending' {
  const strategy = strategyOf(parts, target.resource);
  const { gracePeriodSeconds } = strategy;
  if (gracePeriodSeconds === undefined) return 'none';
  const { metadata } = next;
  const now = parts.clock.now();
  const sent = options.gracePeriodSeconds;
  const wanted = sent !== undefined && sent < 0 ? 1 : sent;
  if (metadata.deletionTimestamp !== undefined) {
    const left = metadata.deletionGracePeriodSeconds ?? 0;
    if (left === 0) return 'none';
    if (wanted === undefined || wanted >= left) return 'pending';
    return shorten(metadata, left, wanted, now);
  }
  const seconds = graceOf(wanted, gracePeriodSeconds(next));
  metadata.deletionTimestamp = timestamp(now + seconds * 1000);
  metadata.deletionGracePeriodSeconds = seconds;
  if ((metadata.generation ?? 0) > 0) metadata.generation = (metadata.generation ?? 0) + 1;
  return seconds;
}

/** What is asked for, else what the object says; nothing waits for a pod that never reached a node or is done. */
function graceOf(wanted: number | undefined, usual: number): number {
  return usual === 0 ? 0 : (wanted ?? usual);
}

function shorten(metadata: KubeObject['metadata'], left: number, wanted: number, now: number): number {
  const started = Date.parse(metadata.deletionTimestamp ?? '') - left * 1000;
  const end = started + wanted * 1000;
  const late = end < now;
  metadata.deletionTimestamp = timestamp(late ? now : end);
  const seconds = late && wanted !== 0 ? 1 : wanted;
  metadata.deletionGracePeriodSeconds = seconds;
  return seconds;
}

function markDeleting(parts: Parts, { metadata }: KubeObject): void {
  const now = parts.clock.now();
  if (metadata.deletionTimestamp === undefined && (metadata.generation ?? 0) > 0) {
    metadata.generation = (metadata.generation ?? 0) + 1;
  }
  if (metadata.deletionTimestamp === undefined || Date.parse(metadata.deletionTimestamp) > now) {
    metadata.deletionTimestamp = timestamp(now);
  }
  metadata.deletionGracePeriodSeconds = 0;
}

/** The finalizers that stay or come, given what shall become of dependents. */
function gcFinalizers(parts: Parts, { resource }: Target, live: KubeObject, options: DeleteOptions): string[] {
  const present = live.metadata.finalizers ?? [];
  if (!isCollected(storageOf(resource, parts.kinds).id)) return present;
  const others = present.filter((name) => name !== ORPHAN && name !== FOREGROUND);
  const policy = options.propagationPolicy ?? policyOf(present) ?? strategyOf(parts, resource).defaultPropagation;
  const added = policy === 'Orphan' ? [ORPHAN] : policy === 'Foreground' ? [FOREGROUND] : [];
  const wanted = [...others, ...added];
  const same = wanted.length === present.length && wanted.every((name) => present.includes(name));
  return same ? present : wanted;
}

function policyOf(finalizers: readonly string[]): 'Orphan' | 'Foreground' | undefined {
  const found = finalizers.find((name) => name === ORPHAN || name === FOREGROUND);
  return found === undefined ? undefined : found === ORPHAN ? 'Orphan' : 'Foreground';
}
