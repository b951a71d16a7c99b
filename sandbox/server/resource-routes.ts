/** From a resource's path and a method to what is done. */
import { ApiFailure, notFound, notServed } from '../api/failure.ts';
import type { Served } from '../kinds/types.ts';
import { answerNoPage, type Call, methodNotAllowed, noSuchResource } from './call.ts';
import { sendMetrics } from './metrics-api.ts';
import { sendLog } from './pod-logs.ts';
import { flag } from './query.ts';
import { getObject, listObjects, parentOf, watchObjects } from './reads.ts';
import { createObject, deleteCollection, deleteObject, patchObject, updateObject } from './writes.ts';

type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

const OBJECT_VERBS: Readonly<Record<string, Verb>> = { GET: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };
const COLLECTION_VERBS: Readonly<Record<string, Verb>> = { GET: 'list', POST: 'create', DELETE: 'deletecollection' };
const SUBRESOURCE_VERBS: Readonly<Record<string, Verb>> = { ...OBJECT_VERBS, POST: 'create' };
/** Streams to a node, of which there is none. */
const CONNECTED: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy']);

export async function serveResource(call: Omit<Call, 'served'>): Promise<void> {
  const { parts, path, exchange } = call;
  if (path.group === 'metrics.k8s.io') return sendMetrics(call);
  const served = parts.kinds.byPath(path.group, path.version, path.resource);
  if (served === undefined) {
    const builtin =
      path.group === '' || parts.kinds.all().some(({ group, origin }) => group === path.group && origin === 'builtin');
    if (builtin) throw noSuchResource();
    return answerNoPage(exchange);
  }
  const whole: Call = { ...call, served };
  if (!fits(whole)) return answerUnfit(whole);
  if (path.subresource !== '') return serveSubresource(whole);
  await run(whole, allowed(whole, verbOf(whole)));
}

/** Custom kinds are served by a handler of all paths, which knows what it does not serve. */
function answerUnfit({ exchange, path, served }: Call): void {
  if (served.resource.origin === 'builtin') throw noSuchResource();
  if (path.subresource !== '' && path.rest.length === 0) throw notFound(served.resource, path.name);
  answerNoPage(exchange);
}

/** Whether such a path exists for the resource. */
function fits({ path, served }: Call): boolean {
  const { namespaced } = served.resource;
  const inNamespace = path.namespace !== undefined && path.namespace !== '';
  // A namespace is in itself: as such its path names it, and RBAC is asked about rights in it.
  const isOwn = path.resource === 'namespaces' && path.namespace === path.name;
  if (namespaced ? !inNamespace && path.name !== '' : inNamespace && !isOwn) return false;
  if (path.subresource === '') return true;
  return (
    Object.hasOwn(served.version.subresources, path.subresource) &&
    (path.rest.length === 0 || path.subresource === 'proxy')
  );
}

function verbOf({ path, exchange, served }: Call): Verb | undefined {
  const { method, query } = exchange;
  if (path.watch) return method === 'GET' ? 'watch' : undefined;
  if (path.name !== '') return OBJECT_VERBS[method];
  const verb = COLLECTION_VERBS[method];
  // Across all namespaces there is nothing but reading.
  if (served.resource.namespaced && !path.namespace && verb !== 'list') return undefined;
  return verb === 'list' && flag(query, 'watch') ? 'watch' : verb;
}

function allowed({ served, path, exchange }: Call, verb: Verb | undefined): Verb {
  if (verb !== undefined && verbsOf(served, path.subresource).includes(verb)) return verb;
  const { group, plural, origin } = served.resource;
  if (origin === 'builtin') throw methodNotAllowed();
  const said = verb ?? exchange.method.toLowerCase();
  throw new ApiFailure(405, 'MethodNotAllowed', `${said} is not supported on resources of kind "${plural}.${group}"`, {
    group,
    kind: plural,
  });
}

function verbsOf({ version }: Served, subresource: string): readonly string[] {
  if (subresource === '') return version.verbs;
  return Object.hasOwn(version.subresources, subresource) ? (version.subresources[subresource]?.verbs ?? []) : [];
}

async function serveSubresource(call: Call): Promise<void> {
  const { path, exchange, served } = call;
  if (CONNECTED.has(path.subresource)) {
    parentOf(call);
    throw notServed(`${served.resource.plural}/${path.subresource}`);
  }
  const verb = allowed(call, path.watch ? undefined : SUBRESOURCE_VERBS[exchange.method]);
  if (path.subresource === 'log') return sendLog(call);
  await run(call, verb);
}

async function run(call: Call, verb: Verb): Promise<void> {
  warnOfDeprecation(call);
  switch (verb) {
    case 'get':
      return getObject(call);
    case 'list':
      return listObjects(call);
    case 'watch':
      return watchObjects(call);
    case 'create':
      return createObject(call);
    case 'update':
      return updateObject(call);
    case 'patch':
      return patchObject(call);
    case 'delete':
      return deleteObject(call);
    case 'deletecollection':
      return deleteCollection(call);
  }
}

function warnOfDeprecation({ served, exchange }: Call): void {
  const { deprecationWarning } = served.version;
  if (deprecationWarning !== undefined) exchange.warn(deprecationWarning);
}
