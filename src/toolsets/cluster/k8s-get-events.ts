import { z } from 'zod';
import { renderTable } from '../../kernel/text/table.ts';
import { defineOperation } from '../../operations/define.ts';
import { coverageNotes, listRequests, namespaceArgument, scopesOf } from '../../operations/query/across-namespaces.ts';
import { collect, readObjects, selectorsOf } from '../../operations/query/collect.ts';
import { SCAN_CAP } from '../../operations/query/scan.ts';
import { cell } from '../../operations/shape/cell.ts';
import { fitRows } from '../../operations/shape/fit.ts';
import { plural } from '../../operations/shape/rest.ts';
import type { CallContext } from '../../operations/types.ts';
import {
  EVENT_COLUMNS,
  eventCells,
  eventItem,
  eventSchema,
  foldEvents,
  UNTRUSTED,
} from '../../operations/views/event.ts';

interface Filter {
  namespace?: string | undefined;
  type?: string | undefined;
  kind?: string | undefined;
  name?: string | undefined;
}

async function scopeOf(input: Filter, ctx: CallContext) {
  const { mapper, defaultNamespace } = ctx.cluster;
  const resource = await mapper.resolve('events', 'v1', ctx.signal);
  const about = input.kind ? await mapper.resolve(input.kind, undefined, ctx.signal) : undefined;
  const terms = [
    ...(input.type ? [`type=${input.type}`] : []),
    ...(about ? [`involvedObject.kind=${about.kind}`] : []),
    ...(input.name ? [`involvedObject.name=${input.name}`] : []),
  ];
  return {
    resource,
    namespace: namespaceArgument(input.namespace, defaultNamespace),
    fieldSelector: terms.join(',') || undefined,
  };
}

/** Events, warnings first, repeats folded. */
export const operation = defineOperation({
  name: 'k8s-get-events',
  toolset: 'cluster',
  title: 'Events',
  description: 'Events, warnings first, then the latest; repeats folded.',
  effect: 'read',
  gate: 'list',
  input: {
    namespace: z.string().optional().describe('or all'),
    limit: z.int().min(1).max(500).default(50),
    type: z.enum(['Warning', 'Normal']).optional(),
    kind: z.string().optional().describe('of the object'),
    name: z.string().optional(),
  },
  output: z.looseObject({
    namespace: z.string().optional(),
    total: z.number(),
    warnings: z.number(),
    events: z.array(eventSchema),
    notes: z.array(z.string()),
  }),
  aliases: { resource_name: 'name', resource_kind: 'kind', object: 'name' },
  async resolve(input, ctx) {
    const { resource, namespace, fieldSelector } = await scopeOf(input, ctx);
    return listRequests(resource, namespace, ctx.policy, fieldSelector);
  },
  async run(input, ctx) {
    const { resource, namespace, fieldSelector } = await scopeOf(input, ctx);
    const scopes = scopesOf(resource, namespace, ctx.policy);
    const selectors = selectorsOf(undefined, fieldSelector);
    const { items, capped } = await collect({ scopes, selectors, read: readObjects(resource, eventItem, ctx) });
    const folded = foldEvents(items);
    const max = Math.min(input.limit, ctx.policy.maxResources ?? input.limit);
    const cells = (event: (typeof folded)[number]) => [cell(event.namespace), ...eventCells(event, ctx.now())];
    const events = fitRows(folded, cells, { budgetTokens: ctx.budgetTokens, max });
    return {
      ...(namespace === undefined ? {} : { namespace }),
      total: folded.length,
      warnings: folded.filter((event) => event.type !== 'Normal').length,
      events,
      notes: [
        ...(capped ? [`Only the first ${SCAN_CAP} events were read.`] : []),
        ...restNote(folded.length, events.length, input.limit),
        ...coverageNotes(resource, namespace, ctx.policy),
      ],
    };
  },
  render({ namespace, total, warnings, events, notes }, { now }) {
    const where = namespace === undefined ? 'all namespaces' : `namespace ${namespace}`;
    if (total === 0)
      return [`No events in ${where}. The API server keeps them for an hour by default.`, ...notes].join('\n');
    const wide = namespace === undefined;
    const rows = events.map((event) => [...(wide ? [cell(event.namespace)] : []), ...eventCells(event, now())]);
    const table = renderTable([...(wide ? ['NAMESPACE'] : []), ...EVENT_COLUMNS], rows);
    const head = `${plural(total, 'event')} in ${where}, ${plural(warnings, 'warning')} ${UNTRUSTED}`;
    return [head, table, ...notes].join('\n');
  },
});

function restNote(total: number, shown: number, limit: number): string[] {
  if (shown >= total) return [];
  const wider = shown >= limit && limit < 500 ? `limit=${Math.min(500, total)}, or ` : '';
  return [`Shown ${shown} of ${total} events; for the rest: ${wider}narrow by namespace, type, kind or name.`];
}
