/** POST, and what makes an object where a write allows it: create on update and server-side apply. */
import { alreadyExists } from '../../api/failure.ts';
import type { KubeObject, ResourceInfo } from '../../types.ts';
import { admit } from '../admission/admit.ts';
import type { Attributes } from '../admission/types.ts';
import { plainFailure } from '../failures.ts';
import { generateName, generateUid } from '../metadata/generate-name.ts';
import { dedupOwnerReferences } from '../metadata/owner-references.ts';
import { hasStatus, type Parts, strategyOf, timestamp } from '../parts.ts';
import { countsGenerations, keepsStatusOnCreate } from '../resource-rules.ts';
import type { Target, WriteContext } from '../types.ts';
import { fromStorage } from '../versions/convert.ts';
import { storageOf } from '../versions/storage.ts';
import { trackWrite } from './managed-fields.ts';
import { readBody, settleNamespace } from './prepare.ts';
import { putObject } from './put-object.ts';
import { validateNew } from './validate.ts';

/** How often a made-up name that is taken is made up anew. */
const NAME_ATTEMPTS = 8;

export function createObject(parts: Parts, target: Target, body: unknown, context: WriteContext): KubeObject {
  const draft = readBody(parts, target, body, context);
  // What has no name is told so by validation, which takes it for a text.
  draft.metadata.name ??= '';
  wipeSystemFields(draft);
  settleNamespace(draft, target);
  dedupOwnerReferences(draft, 'request', context.warn);
  trackWrite(parts, target, undefined, draft, context);
  return createDraft(parts, target, draft, context);
}

/** From a draft in storage form, managed fields and all, to the stored object, in the version of the target. */
export function createDraft(parts: Parts, target: Target, draft: KubeObject, context: WriteContext): KubeObject {
  if (!context.dryRun && !parts.hasRoom()) throw plainFailure('etcdserver: mvcc: database space exceeded');
  const { resource } = target;
  const kept = storageOf(resource, parts.kinds);
  const attributes: Attributes = {
    operation: 'create',
    resource,
    subresource: '',
    namespace: resource.id === 'namespaces' ? (draft.metadata.name ?? '') : target.namespace,
    name: draft.metadata.name ?? '',
    object: draft,
    context,
  };
  const { metadata } = draft;
  const finish = admit(attributes, parts, () => {
    dedupOwnerReferences(draft, 'mutated', context.warn);
    metadata.creationTimestamp = timestamp(parts.clock.now());
    metadata.uid = generateUid(parts.random);
    if (!metadata.name && metadata.generateName) metadata.name = freeName(parts, kept, target, metadata.generateName);
    parts.addresses.onCreate(draft, kept);
    prepareCreate(parts, target, draft);
    validateNew(parts, kept, draft, context);
  });
  if (metadata.resourceVersion) throw plainFailure('resourceVersion should not be set on objects to be created');
  const existing = parts.store.get(kept.id, target.namespace, metadata.name);
  if (existing !== undefined) throw taken(target, metadata, existing.body.object());
  if (context.dryRun) return fromStorage(draft, resource, target.version);
  // As in the real server, quotas have counted the object before it is there.
  finish();
  const made = putObject(parts, kept, draft);
  return fromStorage(made, resource, target.version);
}

/** One that is taken stands when all attempts found one: then the write fails. */
function freeName(parts: Parts, kept: ResourceInfo, { namespace }: Target, base: string): string {
  let name = '';
  for (let attempt = 1; attempt <= NAME_ATTEMPTS; attempt++) {
    name = generateName(base, parts.random);
    if (parts.store.get(kept.id, namespace, name) === undefined) break;
  }
  return name;
}

function prepareCreate(parts: Parts, target: Target, draft: KubeObject): void {
  const kept = storageOf(target.resource, parts.kinds);
  const strategy = strategyOf(parts, kept);
  if (hasStatus(target) && !keepsStatusOnCreate(kept.id)) delete draft['status'];
  strategy.prepareCreate?.(draft);
  if (strategy.generation ?? countsGenerations(kept)) draft.metadata.generation = 1;
  // Others keep what was sent, but for the zero that stands for nothing.
  else if (draft.metadata.generation === 0) delete draft.metadata.generation;
}

function taken({ resource }: Target, { name, generateName: base }: KubeObject['metadata'], existing: KubeObject) {
  const failure = alreadyExists(resource, name);
  if (base) {
    failure.status.message = `${failure.status.message}, the server was not able to generate a unique name for the object`;
    failure.status.details = { ...failure.status.details, retryAfterSeconds: 1 };
  }
  if (existing.metadata.deletionTimestamp !== undefined) {
    failure.status.message = `object is being deleted: ${failure.status.message}`;
  }
  return failure;
}

function wipeSystemFields({ metadata }: KubeObject): void {
  delete metadata.creationTimestamp;
  delete metadata.uid;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.selfLink;
}
