import { z } from 'zod';
import { countBy } from '../../kernel/counts.ts';
import { defineOperation } from '../../operations/define.ts';
import { listAliases, listInput, readView, renderView, viewRequests } from '../../operations/query/list-tool.ts';
import { podSchema, podView } from '../../operations/views/pod.ts';

/** Pods with the status kubectl shows, those in trouble first. */
export const operation = defineOperation({
  name: 'k8s-get-pods',
  toolset: 'cluster',
  title: 'Pods',
  description: 'Pods: readiness, status, restarts, age, node. Those in trouble come first.',
  effect: 'read',
  gate: 'list',
  input: { namespace: z.string().optional().describe('or all'), ...listInput },
  output: z.looseObject({
    summary: z.looseObject({
      namespace: z.string(),
      total_pods: z.number(),
      /** Pods by status as kubectl shows it. */
      status_summary: z.record(z.string(), z.number()),
      /** True when there are more pods than were counted. */
      at_least: z.boolean(),
    }),
    pods: z.array(podSchema),
    /** Pods after those shown. */
    left: z.number(),
    continue: z.string().optional(),
    notes: z.array(z.string()),
  }),
  aliases: listAliases,
  resolve: (input, ctx) => viewRequests(podView, input, ctx),
  async run(input, ctx) {
    const { namespace, total, more, items, all, ...rest } = await readView(podView, input, ctx);
    const summary = { namespace, total_pods: total, status_summary: countBy(all, (pod) => pod.status), at_least: more };
    return { summary, pods: items, ...rest };
  },
  render({ summary, pods, ...rest }) {
    const { namespace, total_pods: total, at_least: more } = summary;
    const counts = Object.entries(summary.status_summary).map(([status, count]) => `${status} ${count}`);
    return renderView(podView, { ...rest, namespace, total, more, items: pods, summary: counts.join(', ') });
  },
});
