/** For tests of wires: what of an object in JSON is told under a mask of paths. */
import type { KubeObject } from '../../kernel/vocabulary.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** apiVersion, kind, metadata but managedFields, and `fields`. Members that are null are left out, as no wire tells them apart. */
export function masked(object: KubeObject, fields: readonly string[]): unknown {
  const { managedFields, annotations, ...metadata } = object.metadata ?? {};
  const { [LAST_APPLIED]: _, ...kept } = annotations ?? {};
  const mask = fields.map((path) => path.split('.')).filter(([first]) => first !== 'metadata');
  const rest = cut(
    Object.fromEntries(Object.entries(object).filter(([key]) => !['apiVersion', 'kind', 'metadata'].includes(key))),
    mask,
  );
  const withAnnotations = Object.keys(kept).length > 0 ? { ...metadata, annotations: kept } : metadata;
  return withoutNulls({
    ...(rest as object),
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: withAnnotations,
  });
}

function cut(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.some((path) => path.length === 0)) return value;
  if (Array.isArray(value)) return value.map((item) => cut(item, paths));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).flatMap(([key, member]) => {
    const below = paths.filter(([first]) => first === key).map(([, ...path]) => path);
    return below.length === 0 ? [] : [[key, cut(member, below)]];
  });
  return Object.fromEntries(members);
}

export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const pairs = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  // Each key as a member, `__proto__` too.
  return Object.fromEntries(pairs.map(([key, member]) => [key, withoutNulls(member)]));
}
