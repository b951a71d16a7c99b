import { z } from 'zod';
import { renderTable } from '../../kernel/text/table.ts';
import { defineOperation } from '../../operations/define.ts';
import { apiVersionOf } from '../../operations/manifests/targets.ts';
import { coverageNotes, listRequests, scopesOf } from '../../operations/query/across-namespaces.ts';
import { selectorsOf } from '../../operations/query/collect.ts';
import { parseColumns } from '../../operations/query/columns.ts';
import { decodePosition, queryHash } from '../../operations/query/continue-token.ts';
import { compilePath } from '../../operations/query/jsonpath.ts';
import { CAP_NOTE, type Listed, type Listing, scanListing, streamListing } from '../../operations/query/listing.ts';
import { compileWhere } from '../../operations/query/where.ts';
import { fitRows } from '../../operations/shape/fit.ts';
import { restLines } from '../../operations/shape/rest.ts';
import { toYaml } from '../../operations/shape/yaml.ts';
import type { CallContext } from '../../operations/types.ts';

/** Objects of one kind. */
export const operation = defineOperation({
  name: 'list_resources',
  toolset: 'resources',
  title: 'List objects',
  description: 'Objects of any kind as a table.',
  effect: 'read',
  gate: 'list',
  input: {
    kind: z.string().describe('or kind.group'),
    namespace: z.string().optional().describe('default: all'),
    labelSelector: z.string().optional(),
    fieldSelector: z.string().optional(),
    columns: z.string().optional().describe('wide, or NAME:.json.path,…'),
    where: z
      .string()
      .optional()
      .describe('.status.phase != "Running" && age(.metadata.creationTimestamp) > 2h; also =~ in exists len'),
    sortBy: z.string().optional().describe('JSONPath; - descends'),
    groupBy: z.string().optional().describe('JSONPath: counts'),
    limit: z.int().min(1).max(10_000).optional(),
    continue: z.string().optional(),
    output: z.enum(['table', 'names', 'yaml', 'json']).optional(),
    apiVersion: z.string().optional(),
  },
  output: z.looseObject({
    apiVersion: z.string(),
    kind: z.string(),
    namespace: z.string().optional(),
    output: z.string(),
    columns: z.array(z.string()),
    rows: z.array(z.array(z.string())),
    items: z.array(z.unknown()),
    shown: z.number(),
    /** Objects after those shown; absent: unknown. */
    left: z.number().optional(),
    exact: z.boolean(),
    /** Objects that satisfy `where`, and that were read. */
    matched: z.number().optional(),
    read: z.number().optional(),
    continue: z.string().optional(),
    notes: z.array(z.string()),
  }),
  aliases: {
    label_selector: 'labelSelector',
    selector: 'labelSelector',
    field_selector: 'fieldSelector',
    api_version: 'apiVersion',
    sort_by: 'sortBy',
    group_by: 'groupBy',
    resource: 'kind',
    resource_type: 'kind',
    filter: 'where',
  },
  async resolve(input, ctx) {
    const resource = await ctx.cluster.mapper.resolve(input.kind, input.apiVersion, ctx.signal);
    return listRequests(resource, namespaceOf(input), ctx.policy, input.fieldSelector);
  },
  async run(input, ctx) {
    const list = await listingOf(input, ctx);
    const scans = list.where !== undefined || list.sort !== undefined || list.groupBy !== undefined;
    const listed = await (scans ? scanListing(list, ctx) : streamListing(list, ctx));
    const { entries, groups, capped, left, ...facts } = listed;
    const rows = groups === undefined ? entries.map((entry) => entry.cells) : groupRows(groups, ctx);
    const objects = entries.flatMap((entry) => (entry.object === undefined ? [] : [entry.object]));
    const namespace = list.resource.namespaced ? namespaceOf(input) : undefined;
    return {
      ...facts,
      apiVersion: apiVersionOf(list.resource),
      kind: list.resource.kind,
      ...(namespace === undefined ? {} : { namespace }),
      output: groups === undefined ? list.output : 'table',
      rows,
      items: objects,
      shown: groups === undefined ? entries.length : rows.length,
      ...(left === undefined ? {} : { left }),
      notes: [...notesOf(input, list, listed, rows.length), ...coverageNotes(list.resource, namespace, ctx.policy)],
    };
  },
  render(answer) {
    const { kind, namespace, output, columns, rows, items, shown, matched, read, notes } = answer;
    const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
    if (shown === 0) {
      const none =
        matched === undefined || read === 0 ? `No ${kind}${where}.` : `None of ${read} ${kind}${where} matches.`;
      return [none, ...notes].join('\n');
    }
    const head = matched === undefined ? [] : [countLine(matched, read ?? matched, `${kind}${where}`)];
    return [...head, bodyOf(output, columns, rows, items), ...restLines({ ...answer, notes }, kind)].join('\n');
  },
});

const countLine = (matched: number, read: number, what: string) =>
  matched === read ? `${read} ${what}` : `${matched} of ${read} ${what} match`;

interface Input {
  kind: string;
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  columns?: string | undefined;
  where?: string | undefined;
  sortBy?: string | undefined;
  groupBy?: string | undefined;
  limit?: number | undefined;
  continue?: string | undefined;
  output?: Listing['output'] | undefined;
  apiVersion?: string | undefined;
}

/** Absent, empty, `all` and `*` are all namespaces. */
function namespaceOf({ namespace }: Input): string | undefined {
  return namespace === undefined || namespace === '' || namespace === 'all' || namespace === '*'
    ? undefined
    : namespace;
}

async function listingOf(input: Input, ctx: CallContext): Promise<Listing> {
  const { continue: token, limit, ...rest } = input;
  const columns = parseColumns(input.columns);
  const where = input.where ? compileWhere(input.where) : undefined;
  const sort = input.sortBy
    ? { path: compilePath('sortBy', input.sortBy.replace(/^\s*-/, '')), descending: /^\s*-/.test(input.sortBy) }
    : undefined;
  const groupBy = input.groupBy ? compilePath('groupBy', input.groupBy) : undefined;
  const resource = await ctx.cluster.mapper.resolve(input.kind, input.apiVersion, ctx.signal);
  const scopes = scopesOf(resource, namespaceOf(input), ctx.policy);
  const max = Math.min(limit ?? Number.POSITIVE_INFINITY, ctx.policy.maxResources ?? Number.POSITIVE_INFINITY);
  const hash = queryHash([ctx.cluster.context, max, Object.entries(rest).sort()]);
  return {
    resource,
    scopes,
    wide: resource.namespaced && (scopes.length !== 1 || scopes[0] === undefined),
    selectors: selectorsOf(input.labelSelector, input.fieldSelector),
    columns,
    where,
    sort,
    groupBy,
    output: input.output ?? 'table',
    max,
    start: token === undefined ? undefined : decodePosition(token, hash),
    hash,
  };
}

function groupRows(groups: readonly { value: string; count: number }[], ctx: CallContext): string[][] {
  return fitRows(
    groups.map(({ value, count }) => [value, String(count)]),
    (row) => row,
    { budgetTokens: ctx.budgetTokens },
  );
}

function notesOf(
  input: Input,
  { resource, where, groupBy, sort, columns, max }: Listing,
  listed: Listed,
  rows: number,
): string[] {
  const groups = listed.groups?.length ?? 0;
  const capped =
    listed.continue !== undefined && listed.entries.length >= max && (input.limit === undefined || max < input.limit);
  const ignored = input.namespace !== undefined && input.namespace !== '' && !resource.namespaced;
  const replaced =
    columns.type === 'server' &&
    columns.names !== 'default' &&
    (where !== undefined || sort !== undefined) &&
    groupBy === undefined;
  return [
    ...(listed.capped ? [CAP_NOTE] : []),
    ...(rows < groups ? [`${groups - rows} smaller groups did not fit; narrow with where or a selector.`] : []),
    ...(capped ? [`The operator caps an answer at ${max} objects.`] : []),
    ...(ignored ? [`${resource.kind} is cluster-scoped: namespace was ignored.`] : []),
    ...(replaced ? ["With where or sortBy the server's columns are not shown; name columns as paths."] : []),
  ];
}

function bodyOf(
  output: string,
  columns: readonly string[],
  rows: readonly string[][],
  items: readonly unknown[],
): string {
  switch (output) {
    case 'names':
      return rows.map((cells) => cells.join('/')).join('\n');
    case 'yaml':
      return items.map((item) => toYaml(item).replace(/\n$/, '')).join('\n---\n');
    case 'json':
      return items.map((item) => JSON.stringify(item)).join('\n');
    default:
      return renderTable(columns, rows);
  }
}
