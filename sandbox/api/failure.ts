/** Failures of the API in the words of the real one (apimachinery's `errors` and `field` packages). */
import type { ResourceInfo } from '../types.ts';
import type { Status, StatusCause } from './types.ts';

/** Thrown anywhere beneath HTTP; the server answers with its Status. */
export class ApiFailure extends Error {
  readonly status: Status;
  /** `reason` is '' for the few failures that the real server gives none. */
  constructor(
    code: number,
    reason: string,
    message: string,
    details?: Status['details'],
    metadata: Status['metadata'] = {},
  ) {
    super(message);
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata,
      status: 'Failure',
      message,
      ...(reason === '' ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

type Named = Pick<ResourceInfo, 'plural' | 'group'>;

const qualified = ({ plural, group }: Named) => (group === '' ? plural : `${plural}.${group}`);
const details = (resource: Named, name: string): NonNullable<Status['details']> => ({
  ...(name === '' ? {} : { name }),
  ...(resource.group === '' ? {} : { group: resource.group }),
  kind: resource.plural,
});

export function notFound(wanted: Named, name: string): ApiFailure {
  // The one resource that the real server speaks of in the singular.
  const resource = wanted.plural === 'componentstatuses' ? { ...wanted, plural: 'componentstatus' } : wanted;
  return new ApiFailure(404, 'NotFound', `${qualified(resource)} "${name}" not found`, details(resource, name));
}

export function alreadyExists(resource: Named, name: string): ApiFailure {
  return new ApiFailure(
    409,
    'AlreadyExists',
    `${qualified(resource)} "${name}" already exists`,
    details(resource, name),
  );
}

export function conflict(resource: Named, name: string, why: string): ApiFailure {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`;
  return new ApiFailure(409, 'Conflict', message, details(resource, name));
}

/** The conflict of an update that read an older version. */
export function modified(resource: Named, name: string): ApiFailure {
  return conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

export function forbidden(resource: Named, name: string, why: string): ApiFailure {
  return new ApiFailure(
    403,
    'Forbidden',
    `${qualified(resource)}${name === '' ? '' : ` "${name}"`} is forbidden: ${why}`,
    details(resource, name),
  );
}

export function badRequest(message: string): ApiFailure {
  return new ApiFailure(400, 'BadRequest', message);
}

/** A 410: what was asked for is older than what is kept. */
export function expired(message: string): ApiFailure {
  return new ApiFailure(410, 'Expired', message);
}

/** What the sandbox does not serve, said so. */
export function notServed(what: string): ApiFailure {
  return new ApiFailure(501, 'NotImplemented', `The k8s-mcp sandbox does not serve ${what}; a real cluster does.`);
}

/** One finding of validation: `spec.replicas: Invalid value: -1: must be greater than or equal to 0`. */
export interface FieldError {
  reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueDuplicate'
    | 'FieldValueForbidden'
    | 'FieldValueNotFound'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueTypeInvalid';
  field: string;
  /** What follows the field: `Invalid value: -1: must be ...`. */
  message: string;
}

/** A 422 with all findings. `kind` is qualified by its group: `Deployment.apps`. */
export function invalid(
  kind: { kind: string; group: string },
  name: string,
  errors: readonly FieldError[],
): ApiFailure {
  // What is found twice is a cause twice, but said once.
  const texts = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  const all = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const qualifiedKind = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  const causes: StatusCause[] = errors.map(({ reason, message, field }) => ({ reason, message, field }));
  return new ApiFailure(422, 'Invalid', `${qualifiedKind} "${name}" is invalid: ${all}`, {
    ...(name === '' ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    ...(kind.kind === '' ? {} : { kind: kind.kind }),
    causes,
  });
}
