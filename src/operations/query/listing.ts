import { ageOf } from '../../kernel/text/age.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { ApiResource, KubeList, KubeTable, ListQuery } from '../../kube/types.ts';
import { cell } from '../shape/cell.ts';
import { createFitter } from '../shape/fit.ts';
import { trimObject } from '../shape/trim.ts';
import { toYaml } from '../shape/yaml.ts';
import type { CallContext } from '../types.ts';
import type { Scope } from './across-namespaces.ts';
import { PAGE_SIZE } from './collect.ts';
import { type Columns, pickColumns, tableCells } from './columns.ts';
import { encodePosition, type Position } from './continue-token.ts';
import { orNamespaceHint } from './forbidden-hint.ts';
import type { CompiledPath } from './jsonpath.ts';
import { type PageFacts, readPages } from './pages.ts';
import { SCAN_CAP, scanPages } from './scan.ts';
import { type Entry, takeEntries } from './take.ts';
import type { CompiledWhere } from './where.ts';

/** A list as list_resources understood it. */
export interface Listing {
  resource: ApiResource;
  scopes: readonly Scope[];
  /** Rows name their namespace. */
  wide: boolean;
  selectors: Pick<ListQuery, 'labelSelector' | 'fieldSelector'>;
  columns: Columns;
  where: CompiledWhere | undefined;
  sort: { path: CompiledPath; descending: boolean } | undefined;
  groupBy: CompiledPath | undefined;
  output: 'table' | 'names' | 'yaml' | 'json';
  max: number;
  start: Position | undefined;
  hash: string;
}

/** What it found and what it left out. */
export interface Listed {
  columns: string[];
  entries: Entry[];
  groups?: { value: string; count: number }[];
  /** Objects after those shown; undefined: unknown. */
  left: number | undefined;
  exact: boolean;
  continue?: string;
  /** With a condition: objects that match, and that were read. */
  matched?: number;
  read?: number;
  capped: boolean;
}

/** Rows page by page until the answer is full. */
export async function streamListing(list: Listing, ctx: CallContext): Promise<Listed> {
  const headings: string[] = [];
  const source = sourceOf(list, ctx);
  const pages = readPages({
    scopes: list.scopes,
    start: list.start,
    query: { ...list.selectors, limit: Math.min(PAGE_SIZE, list.max) },
    read: async (query) => {
      const page = await orNamespaceHint(source(query), { resource: list.resource, namespace: query.namespace }, ctx);
      if (headings.length === 0) headings.push(...page.columns);
      return page;
    },
  });
  const { entries, rest } = await takeEntries(pages, fitterOf(list, ctx), list.max);
  return {
    columns: headings,
    entries,
    left: rest === undefined ? 0 : rest.count,
    exact: rest?.exact ?? true,
    capped: false,
    ...(rest === undefined ? {} : { continue: encodePosition(rest.position, list.hash) }),
  };
}

interface SourcePage extends PageFacts {
  columns: string[];
  entries: Entry[];
}

function sourceOf(list: Listing, ctx: CallContext): (query: ListQuery) => Promise<SourcePage> {
  const { resource, columns, output } = list;
  if (output === 'table' && columns.type === 'server') {
    const { names } = columns;
    return async (query) => tablePage(await ctx.cluster.client.table(resource, query, ctx.signal), names, list);
  }
  const { columns: headings, project } = projection(list, ctx);
  const read = reader(list, ctx);
  return async (query) => {
    const { items, ...facts } = await read(query);
    return { ...facts, columns: headings, entries: items.map(project) };
  };
}

function tablePage(table: KubeTable, names: readonly string[] | 'default' | 'wide', list: Listing): SourcePage {
  const { columns, rows, ...facts } = table;
  const picked = pickColumns(columns, names);
  const headings = picked.map((i) => (columns[i]?.name ?? '').toUpperCase().replace(/ /g, '-'));
  return {
    ...facts,
    columns: [...(list.wide ? ['NAMESPACE'] : []), ...headings],
    entries: rows.map((row) => ({
      cells: [...(list.wide ? [cell(row.namespace)] : []), ...tableCells(row, picked).map((value) => cell(value))],
    })),
  };
}

/** Whole objects, or their metadata where nothing else is looked at. */
function reader(
  { resource, columns, where, sort, groupBy, output }: Listing,
  ctx: CallContext,
): (query: ListQuery) => Promise<KubeList> {
  const shown =
    output === 'names' ||
    (output === 'table' && columns.type === 'paths' && columns.columns.every((c) => c.path.metadataOnly));
  const looked = [where, sort?.path, groupBy].every((part) => part === undefined || part.metadataOnly);
  // Of a Secret only the whole object tells what must not show: its annotations may repeat its data.
  const isSecret = resource.group === '' && resource.resource === 'secrets';
  const plainNames = output === 'names' && where === undefined && sort === undefined && groupBy === undefined;
  const metadata =
    (!isSecret || plainNames) &&
    looked &&
    (shown || groupBy !== undefined || (output === 'table' && columns.type === 'server'));
  const { client } = ctx.cluster;
  return (query) =>
    metadata ? client.listMetadata(resource, query, ctx.signal) : client.list(resource, query, ctx.signal);
}

/** How an object becomes a row, where the server's own table is not used. */
function projection(list: Listing, ctx: CallContext): { columns: string[]; project(object: KubeObject): Entry } {
  if (list.output === 'yaml' || list.output === 'json') {
    return { columns: [], project: (object) => ({ cells: [], object: trimmed(object) }) };
  }
  const paths = list.output === 'names' ? [] : pathColumns(list, ctx.now());
  const named = list.output === 'names' || list.columns.type === 'server';
  return {
    columns: [
      ...(list.wide ? ['NAMESPACE'] : []),
      ...(named ? ['NAME'] : []),
      ...paths.map((column) => column.heading),
    ],
    project: (object) => ({
      cells: [
        ...(list.wide ? [cell(object.metadata?.namespace)] : []),
        ...(named ? [cell(object.metadata?.name)] : []),
        ...paths.map((column) => cell(column.text(object))),
      ],
    }),
  };
}

interface TextColumn {
  heading: string;
  text(object: KubeObject): string;
}

/** The caller's columns; without them those a condition or sort looks at, so that a row shows why it is there, and the age. */
function pathColumns({ columns, where, sort }: Listing, now: number): TextColumn[] {
  if (columns.type === 'paths')
    return columns.columns.map(({ heading, path }) => ({ heading, text: (object) => path.text(object) }));
  const looked = [...(where?.paths ?? []), ...(sort === undefined ? [] : [sort.path])];
  const distinct = new Map(looked.map((path) => [path.heading, path]));
  for (const heading of ['NAME', 'NAMESPACE', 'CREATIONTIMESTAMP']) distinct.delete(heading);
  return [
    ...[...distinct.values()].map((path) => ({
      heading: path.heading,
      text: (object: KubeObject) => path.text(object),
    })),
    { heading: 'AGE', text: (object) => ageOf(object.metadata?.creationTimestamp, now) },
  ];
}

const trimmed = (object: KubeObject) => trimObject(object);

function fitterOf({ output }: Listing, ctx: CallContext): (entry: Entry) => boolean {
  const fitter = createFitter(ctx.budgetTokens);
  if (output === 'yaml') return ({ object }) => fitter.text(`---\n${toYaml(object)}`);
  if (output === 'json') return ({ object }) => fitter.text(JSON.stringify(object));
  return ({ cells }) => fitter.row(cells);
}

/** Reads everything, keeps what matches, sorts, groups, and shows what fits. */
export async function scanListing(list: Listing, ctx: CallContext): Promise<Listed> {
  const { where, start, max, groupBy } = list;
  const { columns, project } = projection(list, ctx);
  const read = reader(list, ctx);
  const skip = start?.skip ?? 0;
  // No answer shows more rows than it has tokens for; each takes at least three.
  const keep = skip + Math.min(max, Math.ceil(ctx.budgetTokens / 3)) + 1;
  const scan = await scanPages({
    pages: readPages<KubeList>({
      scopes: list.scopes,
      start: start?.version === undefined ? undefined : { version: start.version, skip: 0 },
      query: { ...list.selectors, limit: PAGE_SIZE },
      read: (query) => orNamespaceHint(read(query), { resource: list.resource, namespace: query.namespace }, ctx),
    }),
    test: (object) => where === undefined || where.test(object, ctx.now()),
    sort: list.sort,
    groupBy,
    project,
    keep,
    onPage: (read) => {
      if (read > PAGE_SIZE) ctx.progress(`read ${read} ${list.resource.resource}`);
    },
  });
  const facts = { matched: scan.matched, read: scan.read, capped: scan.capped };
  if (groupBy !== undefined)
    return {
      columns: [groupBy.heading, 'COUNT'],
      entries: [],
      left: 0,
      exact: !scan.capped,
      ...facts,
      groups: scan.groups,
    };
  const fits = fitterOf(list, ctx);
  const entries: Entry[] = [];
  for (const entry of scan.entries.slice(skip)) {
    if (entries.length >= max || (!fits(entry) && entries.length > 0)) break;
    entries.push(entry);
  }
  const end = skip + entries.length;
  const left = Math.max(0, scan.matched - end);
  const version = list.scopes.length === 1 && scan.version !== undefined ? { version: scan.version } : {};
  return {
    columns,
    entries,
    left,
    exact: !scan.capped,
    ...facts,
    ...(left === 0 ? {} : { continue: encodePosition({ ...version, skip: end }, list.hash) }),
  };
}

/** The note of a scan that stopped at its cap. */
export const CAP_NOTE = `Only the first ${SCAN_CAP} objects were read: narrow by namespace, labelSelector or fieldSelector.`;
