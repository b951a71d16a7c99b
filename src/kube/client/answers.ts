import { AppError } from '../../kernel/errors.ts';
import type { JsonObject, KubeObject } from '../../kernel/vocabulary.ts';
import { groupVersionOf } from '../discovery/resource-entry.ts';
import { isRecord, record, text } from '../raw-json.ts';
import type { ApiResource, KubeList, ListQuery } from '../types.ts';
import type { Obligations } from './obligations.ts';

/** The answer as one object, or `cluster_bad_answer`. */
export function asObject(answer: unknown, what: string): KubeObject {
  // The fields of a KubeObject are optional and the server's own; only its being an object can be checked here.
  if (isRecord(answer)) return answer as KubeObject;
  throw badAnswer(what);
}

export function asJsonObject(answer: unknown, what: string): JsonObject {
  // It came out of JSON.parse, so that every value in it is Json.
  if (isRecord(answer)) return answer as JsonObject;
  throw badAnswer(what);
}

/** The items of a LIST with apiVersion and kind filled in, without those that policy hides. */
export function asList(answer: unknown, resource: ApiResource, { mayShow }: Obligations): KubeList {
  const document = record(answer);
  const raw = document['items'];
  // A Go server may write an empty list as null.
  if (!isRecord(answer) || !(Array.isArray(raw) || raw === null)) throw badAnswer(`the list of ${resource.resource}`);
  const items = (raw ?? []).filter(isRecord).map((item) => withType(item as KubeObject, resource));
  return {
    items: mayShow ? items.filter((item) => mayShow(item.metadata ?? {})) : items,
    ...listFacts(document, mayShow !== undefined),
  };
}

/** As a list of metadata: servers that know no PartialObjectMetadata send whole objects, which are cut down here. */
export function asMetadataList(answer: unknown, resource: ApiResource, obligations: Obligations): KubeList {
  const full = asList(answer, resource, obligations);
  const items = full.items.map(({ metadata = {} }) => ({
    // Each item calls itself PartialObjectMetadata; redaction and callers need the real kind.
    apiVersion: groupVersionOf(resource),
    kind: resource.kind,
    metadata,
  }));
  return { ...full, items };
}

/** `continue`, `remainingItemCount` and `resourceVersion` of a list's metadata. A filtered list has no honest count. */
export function listFacts(document: unknown, filtered: boolean): Omit<KubeList, 'items'> {
  const metadata = record(record(document)['metadata']);
  const remaining = metadata['remainingItemCount'];
  return {
    ...(text(metadata['continue']) ? { continue: text(metadata['continue']) } : {}),
    ...(typeof remaining === 'number' && !filtered ? { remainingItemCount: remaining } : {}),
    ...(text(metadata['resourceVersion']) ? { resourceVersion: text(metadata['resourceVersion']) } : {}),
  };
}

function withType(item: KubeObject, resource: ApiResource): KubeObject {
  if (text(item.apiVersion) && text(item.kind)) return item;
  return { ...item, apiVersion: groupVersionOf(resource), kind: resource.kind };
}

/** The server forgot the snapshot behind a continue token: said in terms of the caller's argument. */
export function explainExpired(thrown: unknown, query: ListQuery): unknown {
  if (!(thrown instanceof AppError) || thrown.code !== 'expired' || !query.continue) return thrown;
  return new AppError('expired', 'The continue token is too old: the server no longer has that state of the list.', {
    remedy: 'Start the list again without `continue`.',
    cause: thrown,
  });
}

export function badAnswer(what: string): AppError {
  return new AppError('cluster_bad_answer', `The API server answered ${what} with JSON of an unexpected shape.`, {
    remedy: 'Check that the server address is a Kubernetes API server and not a proxy or sign-in page in front of one.',
  });
}
