import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { ApiResource } from '../../kube/types.ts';
import { items, text, textMap } from '../query/read.ts';
import type { CallContext } from '../types.ts';

/** Kinds that own others, by what they own; one request each tells how many. */
const OWNED: Readonly<Record<string, readonly [resource: string, apiVersion: string, via?: 'selector']>> = {
  'deployments.apps': ['pods', 'v1', 'selector'],
  'replicasets.apps': ['pods', 'v1', 'selector'],
  'statefulsets.apps': ['pods', 'v1', 'selector'],
  'daemonsets.apps': ['pods', 'v1', 'selector'],
  'jobs.batch': ['pods', 'v1', 'selector'],
  'cronjobs.batch': ['jobs', 'batch/v1'],
};

/** `3 pods go with it`, for the kinds where that is cheap to know; undefined elsewhere or where it may not be read. */
export async function dependentsOf(
  object: KubeObject,
  resource: ApiResource,
  ctx: CallContext,
): Promise<string | undefined> {
  const owned = OWNED[`${resource.resource}.${resource.group}`];
  const namespace = text(object, 'metadata', 'namespace');
  if (owned === undefined || namespace === '') return undefined;
  const [plural, apiVersion, via] = owned;
  const labelSelector = via === 'selector' ? matchLabels(object) : undefined;
  if (labelSelector === '') return undefined;
  try {
    const kind = await ctx.cluster.mapper.resolve(plural, apiVersion, ctx.signal);
    const query = { namespace, limit: 500, ...(labelSelector === undefined ? {} : { labelSelector }) };
    const list = await ctx.cluster.client.listMetadata(kind, query, ctx.signal);
    const count = list.items.filter((item) => via === 'selector' || isOwner(object, item)).length;
    return `${list.continue ? 'at least ' : ''}${count} ${plural}`;
  } catch {
    return undefined;
  }
}

function isOwner(owner: KubeObject, item: KubeObject): boolean {
  return items(item, 'metadata', 'ownerReferences').some((reference) => text(reference, 'uid') === owner.metadata?.uid);
}

function matchLabels(object: KubeObject): string {
  return Object.entries(textMap(object, 'spec', 'selector', 'matchLabels'))
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}
