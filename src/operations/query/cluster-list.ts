import type { ApiResource } from '../../kube/types.ts';
import { fitRows } from '../shape/fit.ts';
import type { CallContext } from '../types.ts';
import { coverageNotes, listRequests, scopesOf } from './across-namespaces.ts';
import { type Collected, collect, type ReadItems, selectorsOf } from './collect.ts';
import { decodePosition, encodePosition, type Position, queryHash } from './continue-token.ts';
import { SCAN_CAP } from './scan.ts';

/** A list of one built-in kind that reads every object, so that counts and order are of all, and shows what fits. */
export interface ClusterListQuery<T> {
  resource: ApiResource;
  /** undefined: all namespaces. */
  namespace: string | undefined;
  labelSelector?: string | undefined;
  name?: string | undefined;
  fieldSelector?: string | undefined;
  continue?: string | undefined;
  max?: number | undefined;
  read: ReadItems<T>;
  order?: (a: T, b: T) => number;
  cells(item: T): readonly string[];
}

export interface ClusterList<T> {
  all: readonly T[];
  shown: T[];
  /** `left`: after this answer; `more`: there are more than were read. */
  facts: { total: number; left: number; more: boolean; continue?: string; notes: string[] };
}

/** The requests that clusterList will send, for policy. */
export function clusterListRequests(
  query: {
    resource: ApiResource;
    namespace: string | undefined;
    name?: string | undefined;
    fieldSelector?: string | undefined;
  },
  ctx: CallContext,
) {
  return listRequests(query.resource, query.namespace, ctx.policy, fieldSelectorOf(query));
}

/** Reads, orders and fits. */
export async function clusterList<T>(query: ClusterListQuery<T>, ctx: CallContext): Promise<ClusterList<T>> {
  const { resource, namespace, labelSelector } = query;
  const fieldSelector = fieldSelectorOf(query);
  const hash = queryHash([ctx.cluster.context, resource.resource, namespace, labelSelector, fieldSelector, query.max]);
  const start: Position = query.continue === undefined ? { skip: 0 } : decodePosition(query.continue, hash);
  const collected = await collect({
    scopes: scopesOf(resource, namespace, ctx.policy),
    selectors: selectorsOf(labelSelector, fieldSelector),
    version: start.version,
    read: query.read,
  });
  const all = query.order === undefined ? collected.items : collected.items.sort(query.order);
  const max = Math.min(query.max ?? Number.POSITIVE_INFINITY, ctx.policy.maxResources ?? Number.POSITIVE_INFINITY);
  const shown = fitRows(all, query.cells, { budgetTokens: ctx.budgetTokens, skip: start.skip, max });
  const facts = factsOf(collected, shown.length, start.skip, hash);
  const notes = [...facts.notes, ...coverageNotes(resource, namespace, ctx.policy)];
  return { all, shown, facts: { ...facts, notes } };
}

function factsOf<T>(
  { items, capped, version }: Collected<T>,
  shown: number,
  skip: number,
  hash: string,
): ClusterList<T>['facts'] {
  const end = skip + shown;
  const notes = capped
    ? [`Only the first ${SCAN_CAP} objects were read: narrow the list by namespace or label_selector.`]
    : [];
  const facts = { total: items.length, left: Math.max(0, items.length - end), more: capped, notes };
  if (facts.left === 0) return facts;
  const position = { skip: end, ...(version === undefined ? {} : { version }) };
  return { ...facts, continue: encodePosition(position, hash) };
}

function fieldSelectorOf({
  name,
  fieldSelector,
}: {
  name?: string | undefined;
  fieldSelector?: string | undefined;
}): string | undefined {
  const terms = [...(name ? [`metadata.name=${name}`] : []), ...(fieldSelector ? [fieldSelector] : [])];
  return terms.length === 0 ? undefined : terms.join(',');
}
