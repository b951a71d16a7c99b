import type { GuardResponse } from '../exec/guard/types.ts';
import { AppError } from '../kernel/errors.ts';
import type { Allowed, ApiRequest } from '../kernel/vocabulary.ts';
import { withoutEchoedObjects } from '../kube/transport/echoed-objects.ts';
import type { TransportResponse } from '../kube/transport/types.ts';
import type { CallRedactor } from '../policy/redaction/redactor.ts';
import { shownRelease } from '../policy/redaction/shown-release.ts';
import { mediaType } from '../policy/transit/accept.ts';
import { type TransitRules, transitBytes, unreadable } from '../policy/transit/answer.ts';
import { isSecret } from '../policy/transit/body.ts';
import { isFields } from '../policy/transit/fields.ts';
import { transitText } from '../policy/transit/text.ts';
import { visibleUnder } from '../policy/transit/visible.ts';
import { transitWatch } from '../policy/transit/watch.ts';
import { bytesOf } from './guard-status.ts';
import { isRelease } from './helm-releases.ts';

export interface AnswerFacts {
  api: ApiRequest;
  decision: Allowed;
  redactor: CallRedactor;
  /** helm reads its own records: as they are, or where it is to write none of it, without what is secret in them. */
  releases: 'pass' | 'pass unread' | 'redacted' | undefined;
  continueToken(token: string): string;
}

/** Bytes of one answer, unpacked. */
export const MAX_ANSWER = 64 * 1024 * 1024;
/** Bytes of an error that is no Status. */
const MAX_ERROR_TEXT = 64 * 1024;

/** Of an answer's headers, those that a child may need. */
const KEPT = /^(?:content-type|retry-after|etag|last-modified|cache-control|audit-id)$/;

/** The answer as it may pass to the child. */
export async function answerOf(response: TransportResponse, facts: AnswerFacts): Promise<GuardResponse> {
  const { api, redactor } = facts;
  const headers = answerHeaders(response.headers, redactor);
  const { status, body } = response;
  if (api.type === 'nonResource') return { status, headers, body };
  const isJson = mediaType(response.headers['content-type']) === 'application/json';
  if (status < 300 && (api.subresource === 'log' || (api.subresource === 'proxy' && isText(response)))) {
    return { status, headers, body: transitText(body, redactor.clusterChunks()) };
  }
  // Whatever a workload serves; only the exec gate leads here.
  if (api.subresource === 'proxy') return { status, headers, body };
  if (status < 300 && api.verb === 'watch') {
    if (!isJson) throw unreadable('to a watch is not JSON');
    return { status, headers, body: transitWatch(body, rulesFor(facts, api)) };
  }
  const whole = await wholeBody(body);
  if (isJson) return { status, headers, body: bytesOf(await transitBytes(whole, rulesFor(facts, api))) };
  if (status < 300 && whole.length > 0) throw unreadable('is not JSON');
  // `404 page not found`, or a proxy's own page.
  const text = redactor.text(Buffer.from(whole.subarray(0, MAX_ERROR_TEXT)).toString('utf8'));
  return { status, headers, body: bytesOf(Buffer.from(text)) };
}

function rulesFor({ decision, redactor, releases, continueToken }: AnswerFacts, api: ApiRequest): TransitRules {
  const resource = api.type === 'resource' ? api : undefined;
  return {
    redactor,
    echoes: resource !== undefined && ['create', 'update', 'patch'].includes(resource.verb),
    kind: resource === undefined || resource.subresource !== undefined ? undefined : kindOf(resource),
    mayShow: resource && visibleUnder(decision, resource),
    exempt: releases === undefined ? undefined : isRelease,
    exemptUnread: releases === 'pass unread',
    exemptAs:
      releases !== 'redacted' ? undefined : (object) => (isFields(object) ? shownRelease(object, redactor) : object),
    statusText: (text) => redactor.text(withoutEchoedObjects(text)),
    continueToken,
  };
}

/** The kinds whose fields mean something to redaction though an item of a list does not say its kind. */
function kindOf(resource: { group: string; resource: string }): string | undefined {
  if (isSecret(resource)) return 'Secret';
  return resource.group === '' && resource.resource === 'configmaps' ? 'ConfigMap' : undefined;
}

function isText({ headers }: TransportResponse): boolean {
  return /^(?:text\/|application\/(?:json|xml|yaml|javascript))/.test(mediaType(headers['content-type']));
}

/** Warnings may repeat what was written. */
function answerHeaders(
  headers: Readonly<Record<string, string>>,
  { text }: Pick<CallRedactor, 'text'>,
): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => KEPT.test(name));
  const { warning } = headers;
  return { ...Object.fromEntries(kept), ...(warning === undefined ? {} : { warning: text(warning) }) };
}

export async function wholeBody(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of body) {
    total += chunk.length;
    if (total > MAX_ANSWER) {
      throw new AppError('too_large', `The answer of the cluster is larger than ${MAX_ANSWER} bytes.`, {
        remedy: 'Narrow the request: a namespace, a selector, or a smaller --chunk-size.',
      });
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}
