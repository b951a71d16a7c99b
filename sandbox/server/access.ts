/** Who asks, as whom, and whether they may: authentication, impersonation, authorization, in the real words. */
import { ApiFailure } from '../api/failure.ts';
import type { Caller } from '../types.ts';
import type { Exchange } from './exchange.ts';
import type { Attributes, RequestFacts, ServerParts } from './ports.ts';
import { flag } from './query.ts';
import type { RequestPath } from './request-path.ts';

type Access = Pick<ServerParts, 'authenticate' | 'authorize'>;

/** Answers carry it where access was refused. */
export class Refused extends ApiFailure {}

/** The caller that the request acts as; throws the 401 or 403 otherwise. */
export function admitCaller(parts: Access, facts: RequestFacts, exchange: Exchange, path: RequestPath): Caller {
  const authenticated = parts.authenticate(facts);
  if (authenticated === undefined) throw new ApiFailure(401, 'Unauthorized', 'Unauthorized');
  const attributes = attributesOf(exchange, path);
  const wanted = impersonated(exchange);
  const caller = wanted === undefined ? authenticated : impersonate(parts, authenticated, wanted, attributes);
  check(parts, caller, attributes);
  return caller;
}

/** Throws the 403 of the real server. */
export function check(parts: Access, caller: Caller, attributes: Attributes): void {
  const { allowed, reason } = parts.authorize(caller, attributes);
  if (!allowed) throw refusal(caller, attributes, reason);
}

const METHOD_VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

function attributesOf(exchange: Exchange, path: RequestPath): Attributes {
  if (path.kind === 'other') return { kind: 'path', verb: exchange.method.toLowerCase(), path: path.path };
  const { group, version, resource, subresource, namespace = '' } = path;
  let verb = path.watch ? 'watch' : (METHOD_VERBS[exchange.method] ?? '');
  let { name } = path;
  if (name === '' && verb === 'get') {
    verb = flag(exchange.query, 'watch') ? 'watch' : 'list';
    name = selectedName(exchange.query.get('fieldSelector'));
  }
  if (name === '' && verb === 'delete') verb = 'deletecollection';
  return { kind: 'resource', verb, group, version, resource, subresource, namespace, name };
}

/** A list of `metadata.name=x` asks for x alone. */
function selectedName(selector: string | null): string {
  const names = (selector ?? '').split(',').map((term) => /^ *metadata\.name *==? *([^!=/%]+)$/.exec(term)?.[1] ?? '');
  return names.find((name) => name !== '' && name !== '.' && name !== '..') ?? '';
}

function refusal(caller: Caller, attributes: Attributes, reason: string | undefined): ApiFailure {
  const user = `User ${JSON.stringify(caller.user)} cannot ${attributes.verb}`;
  const because = reason ? `: ${reason}` : '';
  if (attributes.kind === 'path') {
    const words = sanitized(`${user} path ${JSON.stringify(attributes.path)}`);
    return new Refused(403, 'Forbidden', `forbidden: ${words}${because}`, {});
  }
  const { group, resource, subresource, namespace, name } = attributes;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const words = sanitized(`${user} resource "${what}" in API group "${group}" ${where}`);
  const qualified = group === '' ? resource : `${resource}.${group}`;
  const subject = name === '' ? qualified : `${qualified} "${name}"`;
  return new Refused(403, 'Forbidden', `${subject} is forbidden: ${words}${because}`, {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind: resource,
  });
}

/** Nothing in it looks like HTML. */
function sanitized(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const EXTRA = 'impersonate-extra-';
/** A request that wants to be in more groups than this is refused. */
const MAX_VALUES = 256;

interface Wanted {
  user: string;
  uid: string;
  groups: readonly string[];
  extra: Readonly<Record<string, readonly string[]>>;
}

function impersonated(exchange: Exchange): Wanted | undefined {
  const sent = new Map(exchange.headers('impersonate-'));
  if (sent.size === 0) return undefined;
  const user = sent.get('impersonate-user')?.[0] ?? '';
  const uid = sent.get('impersonate-uid')?.[0] ?? '';
  const groups = (sent.get('impersonate-group') ?? []).slice(0, MAX_VALUES);
  // Names are whatever was sent.
  const extra: Record<string, readonly string[]> = Object.create(null);
  for (const [name, values] of sent) {
    if (name.startsWith(EXTRA)) extra[unescaped(name.slice(EXTRA.length))] = values.slice(0, MAX_VALUES);
  }
  if (user !== '') return { user, uid, groups, extra };
  if (uid === '' && groups.length === 0 && Object.keys(extra).length === 0) return undefined;
  const asked = goUser(uid, groups, extra);
  throw new Refused(400, 'BadRequest', `requested ${asked} without impersonating a user name`);
}

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** `%#v` of a user.DefaultInfo without a name. */
function goUser(uid: string, groups: readonly string[], extra: Wanted['extra']): string {
  const strings = (values: readonly string[]) => `[]string{${values.map((value) => JSON.stringify(value)).join(', ')}}`;
  const entries = Object.entries(extra).map(([key, values]) => `${JSON.stringify(key)}:${strings(values)}`);
  const shownGroups = groups.length === 0 ? '[]string(nil)' : strings(groups);
  const shownExtra = entries.length === 0 ? 'map[string][]string(nil)' : `map[string][]string{${entries.join(', ')}}`;
  return `&user.DefaultInfo{Name:"", UID:${JSON.stringify(uid)}, Groups:${shownGroups}, Extra:${shownExtra}}`;
}

const NODE = 'system:node:';
const ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;
const AUTHENTICATION = 'authentication.k8s.io';

/**
 * Constrained impersonation first (KEP-5284), the verb `impersonate` after it. When neither is allowed it is the first refusal that
 * is told, as there.
 */
function impersonate(parts: Access, caller: Caller, wanted: Wanted, attributes: Attributes): Caller {
  const onlyName = wanted.uid === '' && wanted.groups.length === 0 && Object.keys(wanted.extra).length === 0;
  const isNode = wanted.user.startsWith(NODE);
  const account = ACCOUNT.exec(wanted.user);
  const mode = isNode ? 'arbitrary-node' : account ? 'serviceaccount' : 'user-info';
  const constrained = [
    { ...attributes, verb: `impersonate-on:${mode}:${attributes.verb}` },
    ...targets(wanted, `impersonate:${mode}`, AUTHENTICATION, isNode),
  ];
  const legacy = targets(wanted, 'impersonate', '', false);
  const applies = mode === 'user-info' || onlyName;
  let first: unknown;
  for (const attempt of applies ? [constrained, legacy] : [legacy]) {
    try {
      for (const each of attempt) check(parts, caller, each);
      return actingAs(wanted, account);
    } catch (refused) {
      first ??= refused;
    }
  }
  throw first;
}

function targets(wanted: Wanted, verb: string, userGroup: string, asNode: boolean): Attributes[] {
  const account = ACCOUNT.exec(wanted.user);
  const on = (group: string, resource: string, name: string, more: { namespace?: string; subresource?: string } = {}) =>
    ({
      kind: 'resource',
      verb,
      group,
      version: 'v1',
      resource,
      name,
      namespace: '',
      subresource: '',
      ...more,
    }) as const;
  const who = account
    ? on(userGroup === '' ? '' : userGroup, 'serviceaccounts', account[2] ?? '', { namespace: account[1] ?? '' })
    : asNode
      ? on(userGroup, 'nodes', wanted.user.slice(NODE.length))
      : on(userGroup, 'users', wanted.user);
  return [
    who,
    ...wanted.groups.map((group) => on(userGroup, 'groups', group)),
    ...Object.entries(wanted.extra).flatMap(([key, values]) =>
      values.map((value) => on(AUTHENTICATION, 'userextras', value, { subresource: key })),
    ),
    ...(wanted.uid === '' ? [] : [on(AUTHENTICATION, 'uids', wanted.uid)]),
  ];
}

function actingAs(wanted: Wanted, account: RegExpExecArray | null): Caller {
  const given =
    wanted.groups.length > 0 || account === null
      ? wanted.groups
      : ['system:serviceaccounts', `system:serviceaccounts:${account[1] ?? ''}`];
  const anonymous = wanted.user === 'system:anonymous';
  const settled = given.includes('system:unauthenticated') || (!anonymous && given.includes('system:authenticated'));
  const own = anonymous ? 'system:unauthenticated' : 'system:authenticated';
  return {
    user: wanted.user,
    groups: settled ? given : [...given, own],
    ...(wanted.uid === '' ? {} : { uid: wanted.uid }),
    ...(Object.keys(wanted.extra).length === 0 ? {} : { extra: wanted.extra }),
  };
}
