/** metrics.k8s.io/v1beta1, as metrics-server serves it: reading only. */
import { notServed } from '../api/failure.ts';
import { answerNoPage, type Call, methodNotAllowed, noSuchResource } from './call.ts';
import { negotiate } from './negotiate.ts';
import { flag, text } from './query.ts';
import { document } from './representation.ts';

export function sendMetrics({ parts, path, exchange }: Omit<Call, 'served'>): void {
  const { version, resource, namespace, name, subresource, watch } = path;
  if (version !== 'v1beta1') {
    answerNoPage(exchange);
    return;
  }
  const known = resource === 'nodes' || resource === 'pods';
  const misplaced = resource === 'nodes' ? !!namespace : name !== '' && !namespace;
  if (!known || misplaced || subresource !== '') throw noSuchResource();
  if (exchange.method !== 'GET' || watch) throw methodNotAllowed();
  if (name === '' && flag(exchange.query, 'watch')) throw notServed('watches of metrics');
  // Tables of metrics are not made: who takes JSON as well gets that.
  const form = negotiate(exchange.wish, { transforms: false, protobuf: false, streams: false, routed: true });
  const labelSelector = text(exchange.query, 'labelSelector');
  const answer = parts.metrics({
    resource,
    ...(namespace ? { namespace } : {}),
    ...(name === '' ? {} : { name }),
    ...(labelSelector === undefined ? {} : { labelSelector }),
  });
  exchange.answer(200, { 'content-type': `application/${form.media}` }, document(answer, form));
}
