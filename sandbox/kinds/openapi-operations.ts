/** The operations that a group version's resources have, in no version of OpenAPI yet. */
import type { ResourceInfo, ServedVersion } from '../types.ts';

export interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

export interface Operation {
  path: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  action: string;
  operationId: string;
  description: string;
  kind: GroupVersionKind;
  /** Names of query parameters. */
  query: readonly string[];
  /** What is sent: an object of a kind, a patch, or options of a delete. */
  body?: GroupVersionKind | 'patch' | 'deleteOptions';
  /** What a success answers. */
  answer: { kind: GroupVersionKind; list: boolean } | 'status';
  custom: boolean;
}

const LIST_QUERY = [
  'allowWatchBookmarks',
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'timeoutSeconds',
  'watch',
];
const WRITE_QUERY = ['dryRun', 'fieldManager', 'fieldValidation'];
const DELETE_QUERY = ['dryRun', 'gracePeriodSeconds', 'orphanDependents', 'propagationPolicy'];

/** Words of operation ids: `rbac.authorization.k8s.io` is `RbacAuthorization`. */
function camel(group: string): string {
  const words = (group === '' ? 'core' : group.replace(/\.k8s\.io$/, '')).split(/[.-]/);
  return words.map(upperFirst).join('');
}

const upperFirst = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);

export const pathRoot = (group: string, version: string) =>
  group === '' ? `/api/${version}` : `/apis/${group}/${version}`;

export function operationsOf(resource: ResourceInfo, served: ServedVersion): Operation[] {
  const { group, plural, kind, namespaced, origin } = resource;
  const { version, verbs } = served;
  const root = pathRoot(group, version);
  const collection = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`;
  const item = `${collection}/{name}`;
  const own = { group, version, kind };
  const place = `${camel(group)}${upperFirst(version)}`;
  const scope = namespaced ? 'Namespaced' : '';
  const custom = origin === 'custom';
  const named = (word: string, suffix = '') => `${word}${place}${scope}${kind}${suffix}`;

  const list = (path: string, operationId: string): Operation => ({
    path,
    method: 'get',
    action: 'list',
    operationId,
    description: `list objects of kind ${kind}`,
    kind: own,
    query: LIST_QUERY,
    answer: { kind: own, list: true },
    custom,
  });
  const one = (path: string, verb: string, target: GroupVersionKind, suffix = ''): Operation | undefined => {
    const form = FORMS[verb];
    if (form === undefined) return undefined;
    const { body } = form;
    return {
      path,
      method: form.method,
      action: form.method,
      operationId: named(form.word, suffix),
      description: `${form.text} ${target.kind}`,
      kind: target,
      query: form.query,
      ...(body === undefined ? {} : { body: body === 'object' ? target : body }),
      answer: form.method === 'delete' ? 'status' : { kind: target, list: false },
      custom,
    };
  };

  const operations: (Operation | undefined)[] = [];
  if (verbs.includes('list')) {
    operations.push(list(collection, named('list')));
    if (namespaced) operations.push(list(`${root}/${plural}`, `list${place}${kind}ForAllNamespaces`));
  }
  if (verbs.includes('create')) operations.push(one(collection, 'create', own));
  if (verbs.includes('deletecollection')) {
    operations.push({
      ...list(collection, `delete${place}Collection${scope}${kind}`),
      method: 'delete',
      action: 'deletecollection',
      description: `delete collection of ${kind}`,
      query: [...LIST_QUERY, ...DELETE_QUERY],
      body: 'deleteOptions',
      answer: 'status',
    });
  }
  for (const verb of ['get', 'update', 'patch', 'delete']) {
    if (verbs.includes(verb)) operations.push(one(item, verb, own));
  }
  for (const [name, subresource] of Object.entries(served.subresources)) {
    for (const verb of subresource.verbs) {
      operations.push(one(`${item}/${name}`, verb, subresource.kind, upperFirst(name)));
    }
  }
  return operations.filter((operation) => operation !== undefined);
}

interface Form {
  method: Operation['method'];
  word: string;
  text: string;
  query: readonly string[];
  body?: 'object' | 'patch' | 'deleteOptions';
}

const FORMS: Readonly<Record<string, Form>> = {
  get: { method: 'get', word: 'read', text: 'read the specified', query: [] },
  create: { method: 'post', word: 'create', text: 'create', query: WRITE_QUERY, body: 'object' },
  update: { method: 'put', word: 'replace', text: 'replace the specified', query: WRITE_QUERY, body: 'object' },
  patch: {
    method: 'patch',
    word: 'patch',
    text: 'partially update the specified',
    query: [...WRITE_QUERY, 'force'],
    body: 'patch',
  },
  delete: { method: 'delete', word: 'delete', text: 'delete', query: DELETE_QUERY, body: 'deleteOptions' },
};

/** JSON types of the query parameters that are not strings. */
export const QUERY_TYPES: Readonly<Record<string, 'boolean' | 'integer'>> = {
  allowWatchBookmarks: 'boolean',
  sendInitialEvents: 'boolean',
  watch: 'boolean',
  force: 'boolean',
  orphanDependents: 'boolean',
  limit: 'integer',
  timeoutSeconds: 'integer',
  gracePeriodSeconds: 'integer',
};
