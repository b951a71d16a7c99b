import { AppError } from '../../kernel/errors.ts';
import type { CallScope, Transport, TransportRequest } from '../transport/types.ts';
import type { ApiResource, LogQuery } from '../types.ts';
import { objectPath } from './paths.ts';
import { wholeNumber, withQuery } from './query.ts';

/** Logs belong to core pods on every server, so that no discovery is needed. */
const PODS: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  resource: 'pods',
  singular: 'pod',
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: ['get'],
  subresources: ['log'],
  preferred: true,
};

/** Log text of one container as it arrives, decoded across the borders of chunks. Bytes that are no UTF-8 become U+FFFD. */
export async function* readLogs(
  transport: Transport,
  scope: CallScope,
  query: LogQuery,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const request: TransportRequest = {
    method: 'GET',
    path: logPath(query),
    headers: { accept: 'text/plain,application/json' },
    scope,
    signal,
  };
  const response = await transport.send(request);
  if (response.status >= 300) {
    await drop(response.body);
    // Only the transport knows how to name what went wrong: asked again for text, it throws that error.
    yield await transport.text(request);
    return;
  }
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

function logPath(query: LogQuery): string {
  if (query.sinceSeconds !== undefined && query.sinceTime !== undefined) {
    throw new AppError('invalid_argument', 'sinceSeconds and sinceTime exclude each other.', { remedy: 'Give one.' });
  }
  return withQuery(objectPath(PODS, query.pod, { namespace: query.namespace, subresource: 'log' }), {
    container: query.container,
    previous: query.previous || undefined,
    sinceSeconds: wholeNumber('sinceSeconds', query.sinceSeconds, 1),
    sinceTime: query.sinceTime,
    tailLines: wholeNumber('tailLines', query.tailLines, 0),
    limitBytes: wholeNumber('limitBytes', query.limitBytes, 1),
    timestamps: query.timestamps || undefined,
  });
}

/** Cancels an answer that nobody reads: a body is cancelled by breaking out of it, not before it was begun. */
async function drop(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of body) break;
}
