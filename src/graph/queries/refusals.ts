/** What the API itself refuses while something fails: no object depends on it by a field. */
import { apiService } from '../project/api-service.ts';
import { mutatingWebhooks, validatingWebhooks } from '../project/webhooks.ts';
import type { GraphView, NodeId } from '../types.ts';

/** Resources told of one configuration. */
const TOLD = 4;

/** `requests fail for widgets, gadgets`; undefined where nothing is refused. */
export function refusalOf(view: GraphView, id: NodeId): string | undefined {
  const node = view.node(id);
  const api = apiService.of(node);
  // One without a Service is answered by the API server.
  if (api !== undefined) return api.service.name === '' ? undefined : `requests fail for ${api.group}/${api.version}`;
  const hooks = (validatingWebhooks.of(node) ?? mutatingWebhooks.of(node))?.webhooks ?? [];
  const refusing = hooks.filter(({ failurePolicy }) => failurePolicy === 'Fail');
  const asked = [...new Set(refusing.flatMap(({ resources, groups }) => resources.map((one) => named(one, groups))))];
  const rest = asked.length - TOLD;
  if (asked.length === 0) return undefined;
  return `requests fail for ${asked.slice(0, TOLD).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** As discovery has it, where it is one group: `widgets.shop.io`. */
function named(resource: string, groups: readonly string[]): string {
  const [group = ''] = groups;
  return groups.length === 1 && group !== '' && group !== '*' ? `${resource}.${group}` : resource;
}
