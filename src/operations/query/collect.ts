import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { ApiResource, KubeList, ListQuery } from '../../kube/types.ts';
import type { CallContext } from '../types.ts';
import type { Scope } from './across-namespaces.ts';
import { readPages } from './pages.ts';
import { SCAN_CAP } from './scan.ts';

/** The API server's own advice for page sizes; also what kubectl asks for. */
export const PAGE_SIZE = 500;

export interface CollectQuery<T> {
  resource: ApiResource;
  scopes: readonly Scope[];
  selectors: Pick<ListQuery, 'labelSelector' | 'fieldSelector'>;
  /** Read again the version that an earlier answer was made of. */
  version?: string | undefined;
  project(object: KubeObject): T;
}

export interface Collected<T> {
  items: T[];
  /** True when there are more than were read. */
  capped: boolean;
  /** For reading the same again; only where one list was read. */
  version: string | undefined;
}

/** Every object of a query as a small value of its own, page after page, up to SCAN_CAP. */
export async function collect<T>(query: CollectQuery<T>, ctx: CallContext): Promise<Collected<T>> {
  const { resource, scopes, selectors, version, project } = query;
  const pages = readPages<KubeList>({
    scopes,
    start: version === undefined ? undefined : { version, skip: 0 },
    query: { ...selectors, limit: PAGE_SIZE },
    read: (q) => ctx.cluster.client.list(resource, q, ctx.signal),
  });
  const collected: T[] = [];
  let first: string | undefined;
  for await (const { page, next } of pages) {
    first ??= page.resourceVersion;
    for (const object of page.items) collected.push(project(object));
    if (collected.length >= SCAN_CAP && next !== undefined) {
      return { items: collected, capped: true, version: undefined };
    }
  }
  return { items: collected, capped: false, version: scopes.length === 1 ? first : undefined };
}

/** Selectors that a caller gave, without the absent ones. */
export function selectorsOf(
  labelSelector: string | undefined,
  fieldSelector?: string,
): CollectQuery<never>['selectors'] {
  return {
    ...(labelSelector ? { labelSelector } : {}),
    ...(fieldSelector ? { fieldSelector } : {}),
  };
}
