import { AppError } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';
import type { ApiResource } from '../../kube/types.ts';
import type { CallContext } from '../types.ts';
import { text } from './read.ts';

/** Names looked through for a better one: one page. */
const LOOKED_AT = 500;

/** `work`, and where it finds nothing, an error that names the nearest objects there are in that namespace. */
export async function orSuggest<T>(
  work: Promise<T>,
  { resource, name, namespace }: { resource: ApiResource; name: string; namespace: string | undefined },
  ctx: CallContext,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
    const names = await namesThere(resource, namespace, ctx);
    const near = nearest(name, names ?? [], 5);
    const where = resource.namespaced && namespace !== undefined ? ` in namespace ${namespace}` : '';
    const none = names?.length === 0 ? ` There is no ${resource.kind}${where} at all.` : '';
    throw new AppError('not_found', `There is no ${resource.kind} ${name}${where}.${none}`, {
      ...(near.length > 0 ? { candidates: near } : {}),
      remedy:
        near.length > 0
          ? 'Use one of these names, or another namespace.'
          : `Look in another namespace: list_resources kind=${resource.resource} fieldSelector=metadata.name=${name}.`,
      cause: error,
    });
  }
}

/** undefined where they cannot be listed: the hint is left out then, the error stays the same. */
async function namesThere(
  resource: ApiResource,
  namespace: string | undefined,
  ctx: CallContext,
): Promise<string[] | undefined> {
  if (resource.namespaced && namespace === undefined) return undefined;
  const scope = resource.namespaced && namespace !== undefined ? { namespace } : {};
  try {
    const list = await ctx.cluster.client.listMetadata(resource, { ...scope, limit: LOOKED_AT }, ctx.signal);
    return list.items.map((item) => text(item, 'metadata', 'name'));
  } catch {
    return undefined;
  }
}
