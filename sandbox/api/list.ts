/** LIST: which state is asked for, which of it is selected, and which page of that. */
import type { Store, Version } from '../store/types.ts';
import { decodeContinue, encodeContinue } from './continue-token.ts';
import { ApiFailure, badRequest, expired } from './failure.ts';
import { parseRevision, type ReadOptions, tooLarge } from './read-options.ts';
import type { ListAnswer, Scope } from './types.ts';

/** The namespace that a request is about: that of its path, or the only one that its selector leaves. */
export function namespaceOf(scope: Scope, { fields }: ReadOptions): string | undefined {
  return scope.namespace ?? (scope.resource.namespaced ? fields.namespace || undefined : undefined);
}

/** Throws `ApiFailure`. */
export function list(store: Store, scope: Scope, options: ReadOptions): ListAnswer {
  const namespace = namespaceOf(scope, options);
  const { versions, revision, start, ignoreLimit } = stateOf(store, scope, namespace, options);
  const keyOf = keyReader(scope, namespace);
  const from = start === undefined ? 0 : firstFrom(versions, start, keyOf);
  return page(versions, from, revision, ignoreLimit === true ? 0 : options.limit, options, keyOf);
}

interface State {
  versions: readonly Version[];
  revision: number;
  /** Keys before it were on earlier pages. */
  start?: string;
  /** A list from any version is given whole. */
  ignoreLimit?: boolean;
}

function stateOf(store: Store, scope: Scope, namespace: string | undefined, options: ReadOptions): State {
  const { continueToken, resourceVersion, match, limit, fields } = options;
  if (continueToken !== '') {
    const token = decodeContinue(continueToken);
    if (resourceVersion !== '' && resourceVersion !== '0') {
      throw badRequest('specifying resource version is not allowed when using continue');
    }
    const { start } = token;
    const ignoreLimit = resourceVersion === '0';
    if (token.revision < 0) return { ...present(store, scope, namespace), start, ignoreLimit };
    return {
      ...exactly(store, scope, namespace, token.revision, () =>
        expiredContinue(encodeContinue({ revision: -1, start }, false)),
      ),
      start,
      ignoreLimit,
    };
  }
  const asked = parseRevision(resourceVersion, (problem) => badRequest(`invalid resource version: ${problem}`));
  // One object by its name is read past the cache, which alone tells when to try again.
  const single = fields.name !== undefined && (namespace !== undefined || !scope.resource.namespaced);
  if (match === 'Exact' || (match === '' && limit > 0 && asked > 0 && !single)) {
    const tooOld = () => expired('The resourceVersion for the provided list is too old.');
    const state = exactly(store, scope, namespace, asked, tooOld, single ? 0 : 1);
    return single ? { ...state, versions: state.versions.filter(({ name }) => name === fields.name) } : state;
  }
  if (asked > store.revision)
    throw tooLarge(resourceVersion, store.revision, single && match === '' && limit > 0 ? 0 : 1);
  const ignoreLimit = resourceVersion === '0';
  if (single) return { ...onlyOne(store, scope, namespace, fields.name ?? ''), ignoreLimit };
  return { ...present(store, scope, namespace), ignoreLimit };
}

function present(store: Store, scope: Scope, namespace: string | undefined): State {
  return { versions: store.list(scope.resource.id, namespace), revision: store.revision };
}

function onlyOne(store: Store, scope: Scope, namespace: string | undefined, name: string): State {
  const version = store.get(scope.resource.id, namespace ?? '', name);
  return { versions: version === undefined ? [] : [version], revision: store.revision };
}

function exactly(
  store: Store,
  scope: Scope,
  namespace: string | undefined,
  revision: number,
  tooOld: () => ApiFailure,
  retryAfterSeconds = 1,
): State {
  const snapshot = store.at(scope.resource.id, namespace, revision);
  if (snapshot.kind === 'future') throw tooLarge(`${revision}`, snapshot.current, retryAfterSeconds);
  if (snapshot.kind === 'compacted') throw tooOld();
  return { versions: snapshot.versions, revision };
}

function expiredContinue(inconsistent: string): ApiFailure {
  const message =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
    'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
    'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
    'deleted between the time the first chunk was returned and now may show up in the list.';
  return new ApiFailure(410, 'Expired', message, undefined, { continue: inconsistent });
}

/** `limit` of the versions from index `from` on that are selected; 0: all of them. */
function page(
  versions: readonly Version[],
  from: number,
  revision: number,
  limit: number,
  { labels, fields }: ReadOptions,
  keyOf: (version: Version) => string,
): ListAnswer {
  const resourceVersion = String(revision);
  const all = labels.empty && fields.empty;
  const selects = (version: Version) => labels.matches(version.labels) && fields.matches(version);
  if (limit === 0 && all && from === 0) return { resourceVersion, versions };
  const selected: Version[] = [];
  let at = from;
  for (; at < versions.length && (limit === 0 || selected.length < limit); at++) {
    const version = versions[at];
    if (version !== undefined && (all || selects(version))) selected.push(version);
  }
  const last = selected.at(-1);
  // What follows may not be selected: then the next page is empty.
  if (at === versions.length || last === undefined) return { resourceVersion, versions: selected };
  return {
    resourceVersion,
    continue: encodeContinue({ revision, start: `${keyOf(last)}\0` }, true),
    ...(all ? { remainingItemCount: versions.length - at } : {}),
    versions: selected,
  };
}

/** The key of an object within its list: the namespace is part of it where several are listed. */
function keyReader(scope: Scope, namespace: string | undefined): (version: Version) => string {
  return scope.resource.namespaced && namespace === undefined
    ? (version) => `${version.namespace}/${version.name}`
    : (version) => version.name;
}

/** The index of the first version whose key is not before `start`. */
function firstFrom(versions: readonly Version[], start: string, keyOf: (version: Version) => string): number {
  let low = 0;
  let high = versions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const version = versions[middle];
    if (version !== undefined && keyOf(version) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
