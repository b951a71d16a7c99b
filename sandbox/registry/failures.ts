/** Failures that only the writing half has, in the real words. */
import { ApiFailure } from '../api/failure.ts';
import type { StatusCause } from '../api/types.ts';
import type { ResourceInfo } from '../types.ts';

/** A Go error that reaches the client as it is: 500 and no reason. */
export function plainFailure(message: string): ApiFailure {
  const failure = new ApiFailure(500, '', message);
  delete failure.status.reason;
  return failure;
}

/** Adds causes to the details of a failure. */
export function withCauses(failure: ApiFailure, ...causes: readonly StatusCause[]): ApiFailure {
  failure.status.details = { ...failure.status.details, causes };
  return failure;
}

/** A 429 of the eviction subresource. */
export function disruptionRefused(cause: string, retryAfterSeconds: number): ApiFailure {
  return new ApiFailure(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: 'DisruptionBudget', message: cause }],
    ...(retryAfterSeconds === 0 ? {} : { retryAfterSeconds }),
  });
}

export function unsupportedPatch(accepted: readonly string[]): ApiFailure {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new ApiFailure(415, 'UnsupportedMediaType', message);
}

/** The stored object is not the one that was meant. */
export function uidPrecondition(
  resource: ResourceInfo,
  namespace: string,
  name: string,
  wanted: string,
  found: string,
): ApiFailure {
  const key = ['/registry', resource.plural, ...(namespace === '' ? [] : [namespace]), name].join('/');
  const qualified = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
  const why = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${found}`;
  return new ApiFailure(409, 'Conflict', `Operation cannot be fulfilled on ${qualified} "${name}": ${why}`, {
    name,
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
  });
}
