import { AppError } from '../../kernel/errors.ts';
import type { ListQuery } from '../../kube/types.ts';
import type { Scope } from './across-namespaces.ts';
import type { Position } from './continue-token.ts';

/** What every kind of list answer says of its pages. */
export interface PageFacts {
  continue?: string;
  remainingItemCount?: number;
  resourceVersion?: string;
}

export interface ReadPage<P> {
  page: P;
  scope: Scope;
  /** The position of the row at `index` of this page. */
  positionAt(index: number): Position;
  /** Where the list goes on after this page; undefined at the end. */
  next: Position | undefined;
  /** No other namespace is read after this one. */
  lastScope: boolean;
  /** Rows to pass over, for the first page of a resumed list. */
  skip: number;
}

export interface PagesQuery<P> {
  scopes: readonly Scope[];
  start: Position | undefined;
  /** Selectors and limit; the limit must not change between calls of one list, as positions count from page starts. */
  query: Omit<ListQuery, 'namespace' | 'continue' | 'resourceVersion'>;
  read(query: ListQuery): Promise<P>;
}

/** Pages of all scopes from `start` on, one after the other, each read when it is asked for. */
export async function* readPages<P extends PageFacts>({
  scopes,
  start,
  query,
  read,
}: PagesQuery<P>): AsyncGenerator<ReadPage<P>> {
  let position: Position | undefined = start ?? { skip: 0 };
  const first = firstScope(scopes, start);
  for (const [offset, scope] of scopes.slice(first).entries()) {
    const following = scopes[first + offset + 1];
    position ??= { skip: 0 };
    while (position !== undefined) {
      const page: P = await readOne(read, { ...query, ...inScope(scope) }, position);
      const more: Position | undefined = page.continue
        ? { ...inScope(scope), server: page.continue, skip: 0 }
        : undefined;
      yield {
        page,
        scope,
        skip: position.skip,
        lastScope: following === undefined,
        next: more ?? (following === undefined ? undefined : { namespace: following, skip: 0 }),
        positionAt: positionsOf(page, scope, position),
      };
      position = more;
    }
  }
}

const inScope = (scope: Scope) => (scope === undefined ? {} : { namespace: scope });

/** Positions in a page that was read from `from`: by the server's token, or for a first page by its version. */
function positionsOf(page: PageFacts, scope: Scope, from: Position): (index: number) => Position {
  const { resourceVersion } = page;
  const origin =
    from.server !== undefined
      ? { server: from.server }
      : resourceVersion === undefined
        ? {}
        : { version: resourceVersion };
  return (skip) => ({ ...inScope(scope), ...origin, skip });
}

/** A token may name only a namespace that this query reads: what else it holds is never sent to the server. */
function firstScope(scopes: readonly Scope[], start: Position | undefined): number {
  if (start?.namespace === undefined) return 0;
  const at = scopes.indexOf(start.namespace);
  if (at >= 0) return at;
  throw new AppError('invalid_argument', 'continue: this token belongs to a namespace that this list does not read.', {
    remedy: 'Leave continue out to start over.',
  });
}

async function readOne<P>(read: (query: ListQuery) => Promise<P>, query: ListQuery, at: Position): Promise<P> {
  const from =
    at.server !== undefined ? { continue: at.server } : at.version !== undefined ? { resourceVersion: at.version } : {};
  try {
    return await read({ ...query, ...from });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'expired') throw error;
    throw new AppError('expired', 'The cluster no longer keeps the state that this list was reading.', {
      remedy: 'Call again without continue; narrow it with namespace, labelSelector or where to need fewer calls.',
      cause: error,
    });
  }
}
