import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { KubeList } from '../../kube/types.ts';
import { type CompiledPath, cellText } from './jsonpath.ts';
import type { ReadPage } from './pages.ts';
import type { Entry } from './take.ts';
import { sortOrder } from './values.ts';

/** Objects that a condition, a sort or a grouping reads at most: about 40 pages, seconds of the server's time. */
export const SCAN_CAP = 20_000;

export interface ScanQuery {
  pages: AsyncIterable<ReadPage<KubeList>>;
  test(object: KubeObject): boolean;
  sort: { path: CompiledPath; descending: boolean } | undefined;
  groupBy: CompiledPath | undefined;
  project(object: KubeObject): Entry;
  /** Matches kept at most; more are only counted. */
  keep: number;
  onPage(read: number): void;
}

export interface Scan {
  entries: Entry[];
  groups: { value: string; count: number }[];
  matched: number;
  read: number;
  /** True when the cap ended the reading. */
  capped: boolean;
  /** The version of the first list read. */
  version: string | undefined;
}

interface Match {
  entry: Entry;
  key: unknown;
}

/** Reads all pages up to the cap and keeps what matches, sorted. */
export async function scanPages(query: ScanQuery): Promise<Scan> {
  const { pages, test, sort, groupBy, project, keep } = query;
  const compare = comparison(sort?.descending ?? false);
  const groups = new Map<string, number>();
  let matches: Match[] = [];
  let version: string | undefined;
  let [matched, read, capped] = [0, 0, false];
  for await (const { page, next } of pages) {
    version ??= page.resourceVersion;
    for (const object of page.items) {
      if (!test(object)) continue;
      matched++;
      if (groupBy) countGroups(groups, groupBy.all(object));
      else if (sort) matches.push({ entry: project(object), key: sort.path.all(object)[0] });
      else if (matches.length < keep) matches.push({ entry: project(object), key: undefined });
    }
    read += page.items.length;
    query.onPage(read);
    if (matches.length > 2 * keep) matches = matches.sort(compare).slice(0, keep);
    capped = read >= SCAN_CAP && next !== undefined;
    if (capped) break;
  }
  if (sort) matches.sort(compare);
  return {
    entries: matches.slice(0, keep).map((match) => match.entry),
    groups: sortedGroups(groups),
    matched,
    read,
    capped,
    version,
  };
}

/** Missing values come last in both directions. Sorting is stable, so that equal keys keep the server's order. */
function comparison(descending: boolean): (a: Match, b: Match) => number {
  const missing = (value: unknown) => value === undefined || value === null;
  return (a, b) => {
    if (missing(a.key) || missing(b.key)) return Number(missing(a.key)) - Number(missing(b.key));
    return descending ? sortOrder(b.key, a.key) : sortOrder(a.key, b.key);
  };
}

/** An object counts once in each group of a path with several values. */
function countGroups(groups: Map<string, number>, values: readonly unknown[]): void {
  const names = new Set(
    values.length === 0 ? ['<none>'] : values.map((value) => cellText(value).slice(0, 200) || '<none>'),
  );
  for (const name of names) groups.set(name, (groups.get(name) ?? 0) + 1);
}

function sortedGroups(groups: ReadonlyMap<string, number>): { value: string; count: number }[] {
  return [...groups]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}
