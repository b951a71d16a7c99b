/** PATCH in its four kinds. */

import { ApiFailure, conflict, invalid, notFound } from '../../api/failure.ts';
import { goText } from '../../patch/go-text.ts';
import { applyJsonPatch, unknownOperationFields } from '../../patch/json-patch.ts';
import { applyMergePatch } from '../../patch/merge-patch.ts';
import { applyPatch } from '../../patch/server-side-apply.ts';
import { strategicMerge } from '../../patch/strategic-merge.ts';
import type { KubeObject } from '../../types.ts';
import { expectBody } from '../body/expect.ts';
import { findStrictErrors, typeFailure } from '../body/fields.ts';
import { unsupportedPatch } from '../failures.ts';
import { assign, isRecord } from '../json.ts';
import type { Parts } from '../parts.ts';
import type { Patch, Target, WriteContext, Written } from '../types.ts';
import { fromStorage } from '../versions/convert.ts';
import { createDraft } from './create.ts';
import { trackingOf, trackWrite } from './managed-fields.ts';
import { narrow } from './narrow.ts';
import { complete, expectedOf, servedVersion, settleName, settleNamespace } from './prepare.ts';
import { liveOf, updateDraft } from './update.ts';

const CUSTOM_TYPES = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];

export function patchObject(parts: Parts, target: Target, patch: Patch, context: WriteContext): Written {
  const { resource } = target;
  if (patch.type === 'strategic' && resource.origin === 'custom') throw unsupportedPatch(CUSTOM_TYPES);
  const live = liveOf(parts, target);
  if (live === undefined && (patch.type !== 'apply' || target.subresource !== undefined)) {
    throw notFound(resource, target.name);
  }
  const object = patchedObject(parts, target, live, patch, context);
  const uid = object.metadata.uid ?? '';
  if (live === undefined && uid !== '') {
    const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    throw conflict(resource, target.name, why);
  }
  const draft = complete(parts, target, object);
  settleNamespace(draft, target);
  settleName(draft, target.name);
  if (live === undefined) {
    delete draft.metadata.resourceVersion;
    return { object: createDraft(parts, target, draft, context), created: true };
  }
  const next = narrow(target, live, draft);
  if (patch.type !== 'apply') trackWrite(parts, target, live, next, context);
  return { object: updateDraft(parts, target, live, next, context), created: false };
}

/** In the version of the target. */
function patchedObject(
  parts: Parts,
  target: Target,
  live: KubeObject | undefined,
  patch: Patch,
  context: WriteContext,
): KubeObject {
  const current = live === undefined ? undefined : fromStorage(live, target.resource, target.version);
  if (patch.type === 'apply') return applied(parts, target, current, patch, context);
  const patched = merged(parts, target, current, patch);
  const object = expectPatched(parts, target, patched, patch);
  const failure = typeFailure(target, servedVersion(target)?.schema, object);
  if (failure !== undefined) throw unreadablePatch(patched, patch, failure);
  const found = findStrictErrors(target.resource, servedVersion(target)?.schema, object, context);
  const errors = patch.type === 'json' ? [...unknownOperationFields(patch.body), ...found] : found;
  if (errors.length > 0 && context.fieldValidation === 'Strict') {
    throw badPatch(shownPatch(patched, patch), `strict decoding error: ${errors.join(', ')}`);
  }
  for (const text of errors) context.warn(text);
  return object;
}

/** Of built-in kinds the patched document is decoded, so that one of another kind cannot be read. */
function expectPatched(parts: Parts, target: Target, patched: unknown, patch: Patch): KubeObject {
  try {
    return expectBody(patched, expectedOf(target), parts.kinds);
  } catch (failure) {
    if (!(failure instanceof ApiFailure) || target.resource.origin === 'custom' || !isRecord(patched)) throw failure;
    throw unreadablePatch(patched, patch, failure);
  }
}

function merged(parts: Parts, target: Target, current: KubeObject | undefined, patch: Patch): unknown {
  switch (patch.type) {
    case 'json':
      return applyJsonPatch(current, patch.body);
    case 'merge':
      return applyMergePatch(current ?? {}, patch.body);
    default:
      return strategicMerge(current ?? {}, patch.body, servedVersion(target)?.schema, parts.kinds.resolve);
  }
}

/** The 422 of a patch whose outcome is of the wrong types. */
export function unreadablePatch(patched: unknown, patch: Patch, failure: ApiFailure): ApiFailure {
  return badPatch(shownPatch(patched, patch), whyUnreadable(failure.message, patch.type));
}

const shownPatch = (patched: unknown, patch: Patch) =>
  patch.type === 'strategic' ? goText(patch.body) : JSON.stringify(topSorted(patched));

/** The patched document as the real server has it at hand: its own keys sorted, the parts as they are stored. */
function topSorted(patched: unknown): unknown {
  if (!isRecord(patched)) return patched;
  return Object.fromEntries(Object.entries(patched).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const GO_VALUES: Readonly<Record<string, string>> = {
  number: 'int64',
  array: 'slice',
  object: 'map',
};

/** What the decoder said; strategic patches are read by another one, which has other words. */
function whyUnreadable(message: string, type: Patch['type']): string {
  const why = message.replace(/^.*? cannot be handled as a \S+: /, '');
  const [, given = '', wanted = ''] = /cannot unmarshal (\S+) into Go .* of type (\S+)$/.exec(why) ?? [];
  if (type !== 'strategic' || wanted === '') return why;
  const value = GO_VALUES[given] ?? given;
  if (wanted.startsWith('map[')) return `cannot restore map from ${value}`;
  if (wanted.startsWith('[]')) return `cannot restore slice from ${value}`;
  return `cannot convert ${value} to ${wanted}`;
}

/** A patch after which the object cannot be read. */
function badPatch(shown: string, why: string): ApiFailure {
  const message = `Invalid value: ${JSON.stringify(shown)}: ${why}`;
  return invalid({ kind: '', group: '' }, '', [{ reason: 'FieldValueInvalid', field: 'patch', message }]);
}

function applied(
  parts: Parts,
  target: Target,
  live: KubeObject | undefined,
  patch: Patch,
  context: WriteContext,
): KubeObject {
  const { object, managedFields } = applyPatch({
    ...trackingOf(parts, target, context),
    ...(live === undefined ? {} : { live }),
    applied: patch.body,
    force: patch.force,
    kind: target.resource.kind,
  });
  const body = expectBody(object, expectedOf(target), parts.kinds);
  assign(body.metadata, 'managedFields', managedFields);
  const failure = typeFailure(target, servedVersion(target)?.schema, body);
  if (failure !== undefined) throw failure;
  return body;
}
