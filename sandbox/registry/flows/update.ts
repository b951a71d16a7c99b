/** PUT, and everything else that turns a stored object into its next version. */
import { invalid, modified, notFound } from '../../api/failure.ts';
import type { KubeObject } from '../../types.ts';
import { admit } from '../admission/admit.ts';
import type { Attributes } from '../admission/types.ts';
import { plainFailure, uidPrecondition } from '../failures.ts';
import { assign, copyJson, copyOf, sameJson } from '../json.ts';
import { dedupOwnerReferences } from '../metadata/owner-references.ts';
import { hasStatus, type Parts, stored, strategyOf } from '../parts.ts';
import { countsGenerations, needsResourceVersion } from '../resource-rules.ts';
import type { Target, WriteContext, Written } from '../types.ts';
import { fromStorage } from '../versions/convert.ts';
import { storageOf } from '../versions/storage.ts';
import { createDraft } from './create.ts';
import { ownBody, withStatusFromInside } from './inside.ts';
import { ignoreTimestamps, trackWrite } from './managed-fields.ts';
import { narrow } from './narrow.ts';
import { readBody, settleName, settleNamespace } from './prepare.ts';
import { putObject } from './put-object.ts';
import { validateChanged } from './validate.ts';

export function updateObject(parts: Parts, target: Target, body: unknown, context: WriteContext): Written {
  const known = liveOf(parts, target);
  const status = known && withStatusFromInside(parts, target, known, body, context);
  if (known !== undefined && status !== undefined) {
    trackWrite(parts, target, known, status, context);
    return { object: updateDraft(parts, target, known, status, context), created: false };
  }
  const draft = readBody(parts, target, ownBody(body, context), context);
  settleNamespace(draft, target);
  settleName(draft, target.name);
  dedupOwnerReferences(draft, 'request', context.warn);
  const live = liveOf(parts, target);
  const kept = storageOf(target.resource, parts.kinds);
  if (live === undefined) {
    if (strategyOf(parts, kept).createOnUpdate !== true || target.subresource !== undefined) {
      throw notFound(target.resource, target.name);
    }
    trackWrite(parts, target, undefined, draft, context);
    return { object: createDraft(parts, target, draft, context), created: true };
  }
  const uid = draft.metadata.uid ?? '';
  if (uid !== '' && uid !== live.metadata.uid) {
    throw uidPrecondition(target.resource, target.namespace, target.name, uid, live.metadata.uid ?? '');
  }
  const next = narrow(target, live, draft);
  trackWrite(parts, target, live, next, context);
  return { object: updateDraft(parts, target, live, next, context), created: false };
}

export function liveOf(parts: Parts, target: Target): KubeObject | undefined {
  return stored(parts, storageOf(target.resource, parts.kinds).id, target.namespace, target.name);
}

/** From a draft in storage form, managed fields and all, to what is stored then, in the version of the target. */
export function updateDraft(
  parts: Parts,
  target: Target,
  live: KubeObject,
  draft: KubeObject,
  context: WriteContext,
): KubeObject {
  const kept = storageOf(target.resource, parts.kinds);
  const attributes: Attributes = {
    operation: 'update',
    resource: target.resource,
    subresource: target.subresource ?? '',
    namespace: target.resource.id === 'namespaces' ? target.name : target.namespace,
    name: target.name,
    object: draft,
    old: live,
    context,
  };
  const finish = admit(attributes, parts, () => {
    dedupOwnerReferences(draft, 'mutated', context.warn);
    checkResourceVersion(target, draft, live);
    assign(draft.metadata, 'generation', live.metadata.generation);
    prepareUpdate(parts, target, draft, live);
    restoreIdentity(draft, live);
    if (target.subresource !== 'status') parts.addresses.onUpdate(draft, live, kept);
    validateChanged(parts, kept, draft, live, attributes.subresource, context);
    ignoreTimestamps(draft, live);
  });
  return store(parts, target, live, draft, context, finish);
}

function store(
  parts: Parts,
  target: Target,
  live: KubeObject,
  draft: KubeObject,
  context: WriteContext,
  finish: () => void,
): KubeObject {
  const { resource, version } = target;
  const kept = storageOf(resource, parts.kinds);
  const { id } = kept;
  if (endsNow(id, draft, live)) {
    if (!context.dryRun) {
      finish();
      // A watch is shown what was stored before this write took away what held it.
      parts.store.remove(id, target.namespace, target.name, copyOf(live));
    }
    return fromStorage(draft, resource, version);
  }
  if (sameJson(draft, live)) return fromStorage(live, resource, version);
  if (context.dryRun) return fromStorage(draft, resource, version);
  const made = putObject(parts, kept, draft);
  finish();
  return fromStorage(made, resource, version);
}

/** Whether the last thing that held a deleted object is gone with this write. */
function endsNow(id: string, draft: KubeObject, live: KubeObject): boolean {
  if ((draft.metadata.finalizers ?? []).length > 0 || live.metadata.deletionTimestamp === undefined) return false;
  if ((live.metadata.deletionGracePeriodSeconds ?? 0) !== 0) return false;
  return id !== 'namespaces' || !hasSpecFinalizers(draft);
}

export function hasSpecFinalizers(namespace: KubeObject): boolean {
  const spec = namespace['spec'];
  const finalizers = typeof spec === 'object' && spec !== null && 'finalizers' in spec ? spec.finalizers : undefined;
  return Array.isArray(finalizers) && finalizers.length > 0;
}

function checkResourceVersion({ resource, name }: Target, draft: KubeObject, live: KubeObject): void {
  const sent = draft.metadata.resourceVersion ?? '';
  if (sent !== '' && sent !== '0') {
    if (!/^\d+$/.test(sent)) throw plainFailure(`strconv.ParseUint: parsing ${JSON.stringify(sent)}: invalid syntax`);
    if (sent !== live.metadata.resourceVersion) throw modified(resource, name);
    return;
  }
  if (needsResourceVersion(resource)) {
    throw invalid({ kind: resource.plural, group: resource.group }, name, [
      {
        reason: 'FieldValueInvalid',
        field: 'metadata.resourceVersion',
        message: 'Invalid value: 0: must be specified for an update',
      },
    ]);
  }
  draft.metadata.resourceVersion = live.metadata.resourceVersion ?? '';
}

/** What no update can change; sent values are put right in silence, but for the uid and new deletions, which are refused. */
function restoreIdentity({ metadata }: KubeObject, { metadata: old }: KubeObject): void {
  if (!metadata.uid && old.uid !== undefined) metadata.uid = old.uid;
  if (old.creationTimestamp) metadata.creationTimestamp = old.creationTimestamp;
  if (old.deletionTimestamp !== undefined) metadata.deletionTimestamp = old.deletionTimestamp;
  if (old.deletionGracePeriodSeconds !== undefined) {
    metadata.deletionGracePeriodSeconds ??= old.deletionGracePeriodSeconds;
  }
  delete metadata.selfLink;
}

function prepareUpdate(parts: Parts, target: Target, draft: KubeObject, live: KubeObject): void {
  const kept = storageOf(target.resource, parts.kinds);
  const strategy = strategyOf(parts, kept);
  if (target.subresource === 'status') return;
  if (target.subresource === undefined || target.subresource === 'scale') {
    if (hasStatus(target)) {
      if (live['status'] === undefined) delete draft['status'];
      else draft['status'] = copyJson(live['status']);
    }
    strategy.prepareUpdate?.(draft, live);
  }
  if (!(strategy.generation ?? countsGenerations(kept))) return;
  if (!wantsTheSame(kept.id, draft, live)) draft.metadata.generation = (live.metadata.generation ?? 0) + 1;
}

/** Whether nothing but metadata and status differs. Deployments are told of new annotations, too. */
function wantsTheSame(id: string, draft: KubeObject, live: KubeObject): boolean {
  const { metadata, status: _status, ...wanted } = draft;
  const { metadata: oldMetadata, status: _oldStatus, ...wantedBefore } = live;
  if (!sameJson(wanted, wantedBefore)) return false;
  return id !== 'deployments.apps' || sameJson(metadata.annotations ?? {}, oldMetadata.annotations ?? {});
}
