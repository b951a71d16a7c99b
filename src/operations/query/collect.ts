import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { ApiResource, ListQuery } from '../../kube/types.ts';
import type { CallContext } from '../types.ts';
import type { Scope } from './across-namespaces.ts';
import { orNamespaceHint } from './forbidden-hint.ts';
import { type PageFacts, readPages } from './pages.ts';
import { SCAN_CAP } from './scan.ts';

/** Objects. Twice kubectl's 500: at 5-8 KB an object a page is below 8 MB, and most answers need a single round trip. */
export const PAGE_SIZE = 1000;

/** One page as small values. */
export type ReadItems<T> = (query: ListQuery) => Promise<PageFacts & { items: T[] }>;

export interface CollectQuery<T> {
  scopes: readonly Scope[];
  selectors: Pick<ListQuery, 'labelSelector' | 'fieldSelector'>;
  /** Read again the version that an earlier answer was made of. */
  version?: string | undefined;
  read: ReadItems<T>;
}

export interface Collected<T> {
  items: T[];
  /** True when there are more than were read. */
  capped: boolean;
  /** For reading the same again; only where one list was read. */
  version: string | undefined;
}

/** Whole objects, each made into a small value before the next page is read. */
export function readObjects<T>(
  resource: ApiResource,
  project: (object: KubeObject) => T,
  ctx: CallContext,
): ReadItems<T> {
  return async (query) => {
    const { items, ...facts } = await orNamespaceHint(
      ctx.cluster.client.list(resource, query, ctx.signal),
      { resource, namespace: query.namespace },
      ctx,
    );
    return { ...facts, items: items.map(project) };
  };
}

/** Every object of a query as a small value of its own, page after page, up to SCAN_CAP. */
export async function collect<T>({ scopes, selectors, version, read }: CollectQuery<T>): Promise<Collected<T>> {
  const start = version === undefined ? undefined : { version, skip: 0 };
  const collected: T[] = [];
  let first: string | undefined;
  for await (const { page, next } of readPages({ scopes, start, query: { ...selectors, limit: PAGE_SIZE }, read })) {
    first ??= page.resourceVersion;
    for (const item of page.items) collected.push(item);
    if (collected.length >= SCAN_CAP && next !== undefined)
      return { items: collected, capped: true, version: undefined };
  }
  return { items: collected, capped: false, version: scopes.length === 1 ? first : undefined };
}

/** Selectors that a caller gave, without the absent ones. */
export function selectorsOf(
  labelSelector: string | undefined,
  fieldSelector?: string,
): Pick<ListQuery, 'labelSelector' | 'fieldSelector'> {
  return {
    ...(labelSelector ? { labelSelector } : {}),
    ...(fieldSelector ? { fieldSelector } : {}),
  };
}
