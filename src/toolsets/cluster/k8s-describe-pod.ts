import { z } from 'zod';
import { apiRequest } from '../../kernel/api-request.ts';
import { AppError } from '../../kernel/errors.ts';
import { renderTable } from '../../kernel/text/table.ts';
import { defineOperation } from '../../operations/define.ts';
import { collect, readObjects, selectorsOf } from '../../operations/query/collect.ts';
import { orSuggest } from '../../operations/query/suggest.ts';
import { createFitter, fitRows } from '../../operations/shape/fit.ts';
import { plural } from '../../operations/shape/rest.ts';
import type { CallContext } from '../../operations/types.ts';
import {
  EVENT_COLUMNS,
  type EventItem,
  eventCells,
  eventItem,
  eventSchema,
  foldEvents,
  UNTRUSTED,
} from '../../operations/views/event.ts';
import { podLines } from '../../operations/views/pod-detail.ts';

interface Target {
  name: string;
  namespace: string;
}

/** What a pod is, what state it is in and why, and what happened to it. */
export const operation = defineOperation({
  name: 'k8s-describe-pod',
  toolset: 'cluster',
  title: 'Describe a pod',
  description: 'One pod: state, containers, conditions, and its events.',
  effect: 'read',
  input: { pod_name: z.string(), namespace: z.string().optional() },
  output: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    details: z.array(z.string()),
    events: z.array(eventSchema),
    notes: z.array(z.string()),
  }),
  aliases: { pod: 'pod_name', name: 'pod_name', podName: 'pod_name' },
  async resolve(input, ctx) {
    const pods = await ctx.cluster.mapper.resolve('pods', 'v1', ctx.signal);
    return [apiRequest('get', pods, targetOf(input, ctx))];
  },
  async run(input, ctx) {
    const target = targetOf(input, ctx);
    const { name, namespace } = target;
    const resource = await ctx.cluster.mapper.resolve('pods', 'v1', ctx.signal);
    const work = ctx.cluster.client.get(resource, name, { namespace, signal: ctx.signal });
    const pod = await orSuggest(work, { resource, name, namespace }, ctx);
    const fitter = createFitter(ctx.budgetTokens);
    const all = podLines(pod, ctx.now());
    const details = all.filter((detail) => fitter.text(detail));
    const { events, notes } = await eventsOf(target, pod.metadata?.uid, ctx);
    const fitted = fitRows(events, (event) => eventCells(event, ctx.now()), { budgetTokens: ctx.budgetTokens / 2 });
    return {
      name,
      namespace,
      details,
      events: fitted,
      notes: [
        ...(details.length < all.length
          ? [`${all.length - details.length} lines did not fit: get_resource with fields shows parts.`]
          : []),
        ...(fitted.length < events.length
          ? [`Shown ${fitted.length} of ${events.length} events; k8s-get-events has the rest.`]
          : []),
        ...notes,
      ],
    };
  },
  render({ details, events, notes }, { now }) {
    const rows = events.map((event) => eventCells(event, now()));
    const table =
      events.length === 0 ? [] : [`${plural(events.length, 'event')} ${UNTRUSTED}`, renderTable(EVENT_COLUMNS, rows)];
    return [...details, ...table, ...notes].join('\n');
  },
});

function targetOf(input: { pod_name: string; namespace?: string | undefined }, ctx: CallContext): Target {
  return {
    name: input.pod_name.replace(/^(?:pods?|po)\//, ''),
    namespace: input.namespace ?? ctx.cluster.defaultNamespace,
  };
}

/** The events of the pod; where they may not be read, the reason instead. */
async function eventsOf(
  { name, namespace }: Target,
  uid: string | undefined,
  ctx: CallContext,
): Promise<{ events: EventItem[]; notes: string[] }> {
  if (!ctx.policy.gates.list) return { events: [], notes: ['Events were not read: the list gate is closed.'] };
  const fieldSelector = [`involvedObject.name=${name}`, ...(uid ? [`involvedObject.uid=${uid}`] : [])].join(',');
  try {
    const resource = await ctx.cluster.mapper.resolve('events', 'v1', ctx.signal);
    const { items } = await collect({
      scopes: [namespace],
      selectors: selectorsOf(undefined, fieldSelector),
      read: readObjects(resource, eventItem, ctx),
    });
    return {
      events: foldEvents(items),
      notes: items.length === 0 ? ['No events (they are kept for an hour by default).'] : [],
    };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'cancelled' || error.code === 'deadline_exceeded') throw error;
    return { events: [], notes: [`Events were not read: ${error.message}`] };
  }
}
