import { AppError } from '../../kernel/errors.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { groupVersionOf } from '../discovery/resource-entry.ts';
import { isRecord } from '../raw-json.ts';
import type { TransportRequest } from '../transport/types.ts';
import type { ApiResource, KubeClient, PatchType } from '../types.ts';
import { objectPath, requireNamespace, resourcePath } from './paths.ts';
import { wholeNumber, withQuery } from './query.ts';

type Parameters<M extends keyof KubeClient, N extends number> = globalThis.Parameters<KubeClient[M]>[N];
export type Sent = Pick<TransportRequest, 'method' | 'path' | 'headers' | 'body'>;

/** Our name in managedFields. */
export const FIELD_MANAGER = 'k8s-mcp';

/** A misspelt field is an error, never dropped in silence. */
const WRITE = { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' };
const JSON_HEADERS = { accept: 'application/json', 'content-type': 'application/json' };

const PATCH_TYPES: Readonly<Record<PatchType, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  // JSON is YAML.
  apply: 'application/apply-patch+yaml',
};

export function createRequest(resource: ApiResource, object: KubeObject, o: Parameters<'create', 2>): Sent {
  const namespace = namespaceOf(resource, object, o.namespace);
  requireNamespace(resource, namespace);
  const path = withQuery(resourcePath(resource, { namespace }), { ...dryRun(o.dryRun), ...WRITE });
  return { method: 'POST', path, headers: JSON_HEADERS, body: JSON.stringify(typed(resource, object)) };
}

export function updateRequest(resource: ApiResource, object: KubeObject, o: Parameters<'update', 2>): Sent {
  const namespace = namespaceOf(resource, object, o.namespace);
  const name = metaText(object, 'name') ?? '';
  const path = objectPath(resource, name, { namespace, subresource: o.subresource });
  // A subresource such as scale has a kind of its own.
  const body = JSON.stringify(o.subresource === undefined ? typed(resource, object) : object);
  return { method: 'PUT', path: withQuery(path, { ...dryRun(o.dryRun), ...WRITE }), headers: JSON_HEADERS, body };
}

export function patchRequest(resource: ApiResource, name: string, body: unknown, o: Parameters<'patch', 3>): Sent {
  if (o.type === 'json' ? !Array.isArray(body) : !isRecord(body)) {
    const shape = o.type === 'json' ? 'an array of operations' : 'an object';
    throw new AppError('invalid_argument', `The body of a ${o.type} patch must be ${shape}.`, {
      remedy: `Send ${shape}, or choose the patch type that fits the body.`,
    });
  }
  if (o.force !== undefined && o.type !== 'apply') {
    throw new AppError('invalid_argument', `force has no meaning for a ${o.type} patch.`, {
      remedy: 'Leave force out, or use the patch type apply.',
    });
  }
  const namespace = isRecord(body) ? namespaceOf(resource, body, o.namespace) : o.namespace;
  const path = objectPath(resource, name, { namespace, subresource: o.subresource });
  const content = o.type === 'apply' && o.subresource === undefined && isRecord(body) ? typed(resource, body) : body;
  return {
    method: 'PATCH',
    path: withQuery(path, { ...dryRun(o.dryRun), ...WRITE, force: o.force }),
    headers: { ...JSON_HEADERS, 'content-type': PATCH_TYPES[o.type] },
    body: JSON.stringify(content),
  };
}

export function deleteRequest(resource: ApiResource, name: string, o: Parameters<'delete', 2>): Sent {
  const path = objectPath(resource, name, { namespace: o.namespace });
  const body = {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    ...(o.propagation ? { propagationPolicy: o.propagation } : {}),
    ...(o.gracePeriodSeconds === undefined
      ? {}
      : { gracePeriodSeconds: wholeNumber('gracePeriodSeconds', o.gracePeriodSeconds, 0) }),
    ...(o.preconditions ? { preconditions: o.preconditions } : {}),
    // The server reads the query only where there is no body, so that both say it.
    ...(o.dryRun ? { dryRun: ['All'] } : {}),
  };
  return {
    method: 'DELETE',
    path: withQuery(path, dryRun(o.dryRun)),
    headers: JSON_HEADERS,
    body: JSON.stringify(body),
  };
}

function dryRun(wanted: boolean | undefined): { dryRun: 'All' | undefined } {
  return { dryRun: wanted ? 'All' : undefined };
}

/** The object's own namespace and the call's must agree: policy decided on one of them. */
function namespaceOf(resource: ApiResource, object: KubeObject, asked: string | undefined): string | undefined {
  if (!resource.namespaced) return undefined;
  const own = metaText(object, 'namespace');
  if (own !== undefined && asked !== undefined && own !== asked) {
    throw new AppError('invalid_argument', `The object says namespace "${own}" and the call says "${asked}".`, {
      remedy: 'Make the two agree, or leave one out.',
    });
  }
  return asked ?? own;
}

/** A manifest may hold anything where text belongs. */
function metaText(object: KubeObject, field: 'name' | 'namespace'): string | undefined {
  const value: unknown = object.metadata?.[field] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw new AppError('invalid_manifest', `metadata.${field} is not text.`, { remedy: 'Write it in quotes.' });
}

/** The object with apiVersion and kind of its resource where it leaves them out. */
function typed(resource: ApiResource, object: KubeObject): KubeObject {
  return { ...object, apiVersion: object.apiVersion ?? groupVersionOf(resource), kind: object.kind ?? resource.kind };
}
