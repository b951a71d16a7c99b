/** Who set which field: kept up with every write. */
import { keepManagerTimes, type Tracking, trackUpdate } from '../../patch/managed-fields.ts';
import { resetFieldsOf } from '../../patch/reset-fields.ts';
import type { KubeObject } from '../../types.ts';
import { assign, sharing } from '../json.ts';
import { apiVersionOf, type Parts } from '../parts.ts';
import type { Target, WriteContext } from '../types.ts';
import { fromStorage, toStorage } from '../versions/convert.ts';
import { servedVersion } from './prepare.ts';

/** What a write says of itself to the keeping of managed fields. */
export function trackingOf(parts: Parts, target: Target, context: WriteContext): Tracking {
  const { resource, version, subresource } = target;
  return {
    manager: context.fieldManager,
    apiVersion: apiVersionOf(resource.group, version),
    subresource: subresource ?? '',
    now: parts.clock.now(),
    schema: servedVersion(target)?.schema,
    resolve: parts.kinds.resolve,
    resetFields: resetFieldsOf(resource, subresource ?? ''),
    convert(object, apiVersion) {
      const served = resource.versions.find((one) => apiVersionOf(resource.group, one.version) === apiVersion);
      if (served === undefined) return undefined;
      const kept = toStorage(object, resource, parts.kinds);
      return { object: fromStorage(kept, resource, served.version), schema: served.schema };
    },
  };
}

/** Sets the managed fields of `draft` (storage form): `live` became `draft` by the hand of this request's manager. */
export function trackWrite(
  parts: Parts,
  target: Target,
  live: KubeObject | undefined,
  draft: KubeObject,
  context: WriteContext,
): void {
  // Entries that were sent as they are stored are known: they need not be read.
  if (live !== undefined && draft.metadata.managedFields !== undefined) {
    draft.metadata.managedFields = sharing(live.metadata.managedFields, draft.metadata.managedFields);
  }
  const seen = (object: KubeObject) => fromStorage(object, target.resource, target.version);
  const entries = trackUpdate({
    ...trackingOf(parts, target, context),
    ...(live === undefined ? {} : { before: seen(live) }),
    after: seen(draft),
  });
  assign(draft.metadata, 'managedFields', entries);
}

/** A write that changes nothing but the times of managed fields changes nothing. */
export function ignoreTimestamps(draft: KubeObject, live: KubeObject): void {
  assign(draft.metadata, 'managedFields', keepManagerTimes(live, draft));
}
