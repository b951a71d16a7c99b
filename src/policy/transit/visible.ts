import type { Allowed, ResourceRequest } from '../../kernel/vocabulary.ts';

/** Whether an object may be shown, from its metadata. */
export type MayShow = (metadata: unknown) => boolean;

/** What a decision asks of the answer: undefined where all of it may be shown. An object that does not say where it is may not. */
export function visibleUnder(
  { hideNamespaces = [], onlyNamespaces }: Allowed,
  { group, resource }: ResourceRequest,
): MayShow | undefined {
  if (hideNamespaces.length === 0 && onlyNamespaces === undefined) return undefined;
  const hidden = new Set(hideNamespaces);
  const only = onlyNamespaces && new Set(onlyNamespaces);
  const field = group === '' && resource === 'namespaces' ? 'name' : 'namespace';
  return (metadata) => {
    if (typeof metadata !== 'object' || metadata === null || !Object.hasOwn(metadata, field)) return false;
    const where: unknown = Reflect.get(metadata, field);
    return typeof where === 'string' && where !== '' && !hidden.has(where) && (only === undefined || only.has(where));
  };
}
