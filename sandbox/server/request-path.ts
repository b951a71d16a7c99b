/** What a path is about, as the apiserver's RequestInfo reads it. */

export interface ResourcePath {
  kind: 'resource';
  group: string;
  version: string;
  /** The deprecated `/watch/` prefix stood in the path. */
  watch: boolean;
  /** Undefined: not in the path; '' counts as all namespaces, as it does there. */
  namespace: string | undefined;
  resource: string;
  name: string;
  subresource: string;
  /** What follows the subresource. */
  rest: readonly string[];
}

export type RequestPath = ResourcePath | { kind: 'other'; path: string };

/** Namespaces have subresources of their own; anything else after a namespace's name is a resource in it. */
const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize']);

/** `undefined` when the path cannot be decoded. */
export function readPath(encoded: string): RequestPath | undefined {
  const path = decode(encoded);
  if (path === undefined) return undefined;
  const parts = path.replace(/^\/+/, '').replace(/\/+$/, '').split('/');
  const [root, ...after] = parts;
  const other: RequestPath = { kind: 'other', path };
  if (root === 'api') return after.length < 2 ? other : resourcePath('', after[0] ?? '', after.slice(1));
  // The core group has no name, and no place among those that have one.
  if (root === 'apis')
    return after.length < 3 || after[0] === '' ? other : resourcePath(after[0] ?? '', after[1] ?? '', after.slice(2));
  return other;
}

function resourcePath(group: string, version: string, parts: readonly string[]): ResourcePath {
  const watch = parts[0] === 'watch' && parts.length > 1;
  let rest = watch ? parts.slice(1) : parts;
  let namespace: string | undefined;
  if (rest[0] === 'namespaces' && rest.length > 1) {
    namespace = rest[1];
    if (rest.length > 2 && !NAMESPACE_SUBRESOURCES.has(rest[2] ?? '')) rest = rest.slice(2);
  }
  const [resource = '', name = '', subresource = '', ...more] = rest;
  return { kind: 'resource', group, version, watch, namespace, resource, name, subresource, rest: more };
}

function decode(encoded: string): string | undefined {
  if (!encoded.includes('%')) return encoded;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
