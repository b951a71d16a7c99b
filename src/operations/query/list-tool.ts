import { z } from 'zod';
import { renderTable } from '../../kernel/text/table.ts';
import type { ApiRequest, KubeObject } from '../../kernel/vocabulary.ts';
import type { ApiResource } from '../../kube/types.ts';
import { plural, restLines } from '../shape/rest.ts';
import type { CallContext } from '../types.ts';
import { namespaceArgument } from './across-namespaces.ts';
import { clusterList, clusterListRequests } from './cluster-list.ts';
import { type ReadItems, readObjects } from './collect.ts';
import { orNamespaceHint } from './forbidden-hint.ts';
import { cellText } from './jsonpath.ts';
import { text } from './read.ts';

/** Arguments that the lists of the cluster toolset share. */
export const listInput = {
  label_selector: z.string().optional(),
  continue: z.string().optional(),
};

/** And fields of what they answer, beside the items themselves. */
export const listOutput = {
  namespace: z.string(),
  total: z.number(),
  /** True when there are more than `total`. */
  more: z.boolean(),
  left: z.number(),
  continue: z.string().optional(),
  notes: z.array(z.string()),
};

export const listAliases = { labelSelector: 'label_selector', selector: 'label_selector' };

/** `cell` gives a cell by its column's name; undefined where the server's table has no such column. */
export interface RowView<T> {
  needs: readonly string[];
  project(row: { name: string; namespace: string }, cell: (column: string) => string): T;
}

/** How a built-in kind is shown as a table. */
export interface View<T> {
  /** For the mapper: plural and apiVersion. */
  kind: readonly [resource: string, apiVersion: string];
  /** `pod`, for texts. */
  noun: string;
  columns: readonly string[];
  project(object: KubeObject, now: number): T;
  /** From a row of the server's table, where that is enough: it costs the server and us a third of the whole object. */
  fromRow?: RowView<T>;
  cells(item: T): readonly string[];
  order?: (a: T, b: T) => number;
}

export interface ListArguments {
  namespace?: string | undefined;
  name?: string | undefined;
  label_selector?: string | undefined;
  continue?: string | undefined;
}

/** What every such list answers beside its items. */
export interface ListAnswer<T> {
  namespace: string;
  total: number;
  /** There are more than `total`, which were read. */
  more: boolean;
  /** Items after those shown. */
  left: number;
  items: T[];
  all: readonly T[];
  continue?: string;
  notes: string[];
}

export const ALL_NAMESPACES = 'all namespaces';

async function scopeOf(
  view: Pick<View<unknown>, 'kind'>,
  input: ListArguments,
  ctx: CallContext,
): Promise<{ resource: ApiResource; namespace: string | undefined }> {
  const resource = await ctx.cluster.mapper.resolve(view.kind[0], view.kind[1], ctx.signal);
  if (!resource.namespaced) return { resource, namespace: undefined };
  return { resource, namespace: namespaceArgument(input.namespace, ctx.cluster.defaultNamespace) };
}

/** The requests of `readView`, for policy. */
export async function viewRequests(
  view: Pick<View<unknown>, 'kind'>,
  input: ListArguments,
  ctx: CallContext,
): Promise<ApiRequest[]> {
  return clusterListRequests({ ...(await scopeOf(view, input, ctx)), name: input.name }, ctx);
}

/** Lists a kind as its view says. */
export async function readView<T>(view: View<T>, input: ListArguments, ctx: CallContext): Promise<ListAnswer<T>> {
  const { resource, namespace } = await scopeOf(view, input, ctx);
  const wide = resource.namespaced && namespace === undefined;
  const { all, shown, facts } = await clusterList<T>(
    {
      resource,
      namespace,
      name: input.name,
      labelSelector: input.label_selector,
      continue: input.continue,
      read: readerOf(view, resource, wide, ctx),
      cells: (item) => rowOf(view, item, wide),
      ...(view.order === undefined ? {} : { order: view.order }),
    },
    ctx,
  );
  return {
    namespace: namespace ?? ALL_NAMESPACES,
    ...facts,
    items: shown,
    all,
  };
}

/** All namespaces may hold thousands: rows are read then. One namespace is read as objects, which say more. */
function readerOf<T>(view: View<T>, resource: ApiResource, wide: boolean, ctx: CallContext): ReadItems<T> {
  const objects = readObjects(resource, (object) => view.project(object, ctx.now()), ctx);
  const { fromRow } = view;
  if (fromRow === undefined || !wide) return objects;
  return async (query) => {
    const { columns, rows, ...facts } = await orNamespaceHint(
      ctx.cluster.client.table(resource, query, ctx.signal),
      { resource, namespace: query.namespace },
      ctx,
    );
    const at = new Map(columns.map((column, i) => [column.name, i]));
    // Servers without tables for the kind answer with name and age alone.
    if (!fromRow.needs.every((name) => at.has(name))) return objects(query);
    const items = rows.map((row) =>
      fromRow.project({ name: row.name, namespace: row.namespace ?? '' }, (name) =>
        cellText(row.cells[at.get(name) ?? -1]),
      ),
    );
    return { ...facts, items };
  };
}

function rowOf<T>(view: View<T>, item: T, wide: boolean): readonly string[] {
  return wide ? [text(item, 'namespace') || '-', ...view.cells(item)] : view.cells(item);
}

export interface ViewText<T> {
  namespace?: string | undefined;
  total: number;
  more: boolean;
  left: number;
  items: readonly T[];
  continue?: string | undefined;
  notes: readonly string[];
  /** Follows the count in the first line. */
  summary?: string;
}

/** The text of a list: one line with the count, the table, what is missing. */
export function renderView<T>(view: View<T>, answer: ViewText<T>): string {
  const { namespace, total, items, notes, summary } = answer;
  const wide = namespace === ALL_NAMESPACES;
  const where = namespace === undefined ? '' : ` in ${wide ? ALL_NAMESPACES : `namespace ${namespace}`}`;
  if (total === 0) return [`No ${view.noun}s${where}.`, ...notes].join('\n');
  const head = `${answer.more ? 'at least ' : ''}${plural(total, view.noun)}${where}${summary ? `: ${summary}` : ''}`;
  const table = renderTable(
    [...(wide ? ['NAMESPACE'] : []), ...view.columns],
    items.map((item) => [...rowOf(view, item, wide)]),
  );
  const facts = { shown: items.length, left: answer.left, exact: !answer.more, continue: answer.continue, notes };
  return [head, table, ...restLines(facts, `${view.noun}s`)].join('\n');
}
