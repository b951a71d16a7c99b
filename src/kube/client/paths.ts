import { AppError } from '../../kernel/errors.ts';
import type { ApiResource } from '../types.ts';

/** What a path leads to. `namespace` is ignored for cluster-scoped kinds and absent for a request over all namespaces. */
export interface PathTarget {
  namespace?: string | undefined;
  name?: string | undefined;
  subresource?: string | undefined;
}

/** Kubernetes sets no limit on every kind's names; its own longest are DNS subdomains (253) and RBAC's, somewhat longer. */
const MAX_NAME = 500;
const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SUBRESOURCE = /^[a-z][-a-z0-9]{0,62}$/;

/** The URL path of a resource, an object or a subresource; every part is checked, then encoded. */
export function resourcePath(resource: ApiResource, target: PathTarget): string {
  const { group, version } = resource;
  const parts = group === '' ? ['api', version] : ['apis', group, version];
  if (resource.namespaced && target.namespace !== undefined) parts.push('namespaces', checkNamespace(target.namespace));
  parts.push(resource.resource);
  if (target.name !== undefined) parts.push(checkName(resource, target.name));
  if (target.subresource !== undefined) parts.push(checkSubresource(target.subresource));
  return '/' + parts.map(encodeURIComponent).join('/');
}

/** As above for one object: a namespaced kind then needs its namespace. */
export function objectPath(resource: ApiResource, name: string, target: Omit<PathTarget, 'name'>): string {
  requireNamespace(resource, target.namespace);
  return resourcePath(resource, { ...target, name });
}

/** Throws where a namespaced kind is addressed without a namespace: the server would answer with a puzzling 404 or 405. */
export function requireNamespace(resource: ApiResource, namespace: string | undefined): void {
  if (!resource.namespaced || namespace !== undefined) return;
  throw invalid(`${resource.kind} objects live in namespaces, and none was given.`, 'Give the namespace.');
}

/** A path outside the resources, such as `/version`; resources are reached through the other functions alone. */
export function nonResourcePath(path: string): string {
  const segments = path.split('/').slice(1);
  const plain = segments.every((segment) => /^[-\w.~:+]+$/.test(segment) && segment !== '.' && segment !== '..');
  if (!path.startsWith('/') || path.length > MAX_NAME || !plain) {
    throw invalid(
      'The path is not a plain absolute path such as /version.',
      'Use a path without query, dots or encoding.',
    );
  }
  const depth = segments[0] === 'api' ? 2 : segments[0] === 'apis' ? 3 : Number.POSITIVE_INFINITY;
  if (segments.length > depth) {
    throw invalid(`${path} is a path of a resource.`, 'Use list_resources or get_resource.');
  }
  return path;
}

/** The rules of a path segment (apimachinery's path.IsValidPathSegmentName), with empty and broken text refused too. */
function checkName(resource: ApiResource, name: string): string {
  const problem =
    name === ''
      ? 'is empty'
      : name.length > MAX_NAME
        ? `is longer than ${MAX_NAME} characters`
        : name === '.' || name === '..'
          ? `may not be "${name}"`
          : /[/%]/.test(name)
            ? 'may not contain "/" or "%"'
            : hasControlCharacter(name) || !name.isWellFormed()
              ? 'holds characters that no name can have'
              : undefined;
  if (problem === undefined) return name;
  throw invalid(
    `The name of the ${resource.kind} ${problem}.`,
    'Give the name exactly as a list shows it, without its kind.',
  );
}

function checkNamespace(namespace: string): string {
  if (NAMESPACE.test(namespace)) return namespace;
  throw invalid(
    'The namespace is not a valid name: lower-case letters, digits and "-", at most 63 characters.',
    'List the namespaces to see the right name.',
  );
}

function checkSubresource(subresource: string): string {
  if (SUBRESOURCE.test(subresource)) return subresource;
  throw invalid('The subresource is not a valid name.', 'Use one that the kind serves, such as status, scale or log.');
}

function hasControlCharacter(value: string): boolean {
  return /[\u0000-\u001f\u007f]/.test(value);
}

function invalid(message: string, remedy: string): AppError {
  return new AppError('invalid_argument', message, { remedy });
}
