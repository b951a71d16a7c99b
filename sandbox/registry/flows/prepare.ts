/** From what a client sent to an object in storage form with its defaults: the steps that every write shares. */

import { badRequest } from '../../api/failure.ts';
import { strictFailure } from '../../kinds/unknown-fields.ts';
import type { KubeObject, ServedVersion } from '../../types.ts';
import { type Expected, expectBody } from '../body/expect.ts';
import { findStrictErrors, shapeCustom, typeFailure } from '../body/fields.ts';
import { type Parts, strategyOf } from '../parts.ts';
import type { Target, WriteContext } from '../types.ts';
import { toStorage } from '../versions/convert.ts';
import { storageOf } from '../versions/storage.ts';

/** The body of a POST or PUT checked and completed, in the storage version: a new object, to be changed at will. */
export function readBody(parts: Parts, target: Target, body: unknown, context: WriteContext): KubeObject {
  const { resource, version } = target;
  // Whoever is inside sends objects of the kind.
  if (context.inside === true) return complete(parts, target, body as KubeObject);
  const object = expectBody(body, expectedOf(target), parts.kinds);
  const schema = servedVersion(target)?.schema;
  const failure = typeFailure(target, schema, object);
  if (failure !== undefined) throw failure;
  const errors = findStrictErrors(resource, schema, object, context);
  if (errors.length > 0 && context.fieldValidation === 'Strict') throw strictFailure(version, resource.kind, errors);
  for (const text of errors) context.warn(text);
  return complete(parts, target, object);
}

export function expectedOf({ resource, version }: Target): Expected {
  return { group: resource.group, version, kind: resource.kind, origin: resource.origin };
}

/** Shaped, converted to the storage version and completed by its defaults. `object` is changed. */
export function complete(parts: Parts, target: Target, object: KubeObject): KubeObject {
  const kept = storageOf(target.resource, parts.kinds);
  shapeCustom(target.resource, servedVersion(target)?.schema, object);
  const draft = toStorage(object, target.resource, parts.kinds);
  if (target.version !== kept.storageVersion) {
    const stored = kept.versions.find(({ version }) => version === kept.storageVersion);
    shapeCustom(kept, stored?.schema, draft);
  }
  strategyOf(parts, kept).defaults?.(draft);
  return draft;
}

export function servedVersion(target: Target): ServedVersion | undefined {
  return target.resource.versions.find(({ version }) => version === target.version);
}

/** The namespace of the object is that of the request, or nothing at all. */
export function settleNamespace(object: KubeObject, target: Target): void {
  const { namespace } = object.metadata;
  if (!target.resource.namespaced) delete object.metadata.namespace;
  else if (namespace === undefined || namespace === '') object.metadata.namespace = target.namespace;
  else if (namespace !== target.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
}

/** The name of an update is that of the path. */
export function settleName(object: KubeObject, name: string): void {
  const sent = object.metadata.name ?? '';
  if (sent === '') {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  if (sent !== name) {
    throw badRequest(`the name of the object (${sent}) does not match the name on the URL (${name})`);
  }
}
