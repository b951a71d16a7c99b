import { z } from 'zod';
import { defineOperation } from '../../operations/define.ts';
import { answerOf, linesOf } from './cluster-summary/answer.ts';
import { SCOPES, summaryRequests } from './cluster-summary/question.ts';

/** A switch in the forms that models send. */
const flag = z.union([z.boolean(), z.stringbool()]);

/** What is wrong with the cluster, the worst first, and how much of everything there is: from the live graph, within a limit of bytes. */
export const operation = defineOperation({
  name: 'k8s-cluster-summary',
  toolset: 'intelligent',
  title: 'Summary of the cluster',
  description: 'What is wrong in the cluster, root causes first, with health and counts. Start here.',
  effect: 'read',
  gate: 'list',
  input: {
    scope: z.enum(SCOPES).optional(),
    focus_namespace: z.string().optional(),
    include_details: z.boolean().optional(),
    max_size_kb: z.number().int().min(1).max(50).optional(),
    anomaly_threshold: z.enum(['low', 'medium', 'high']).optional(),
  },
  accepted: {
    summary_type: z.enum(['overview', 'detailed', ...SCOPES]).optional(),
    include_anomalies: flag.optional(),
    include_metrics: flag.optional(),
    include_historical: flag.optional(),
    resource_types: z
      .union([z.array(z.string()).max(50), z.string().transform((text) => text.split(',').map((word) => word.trim()))])
      .optional(),
    time_range: z.enum(['1h', '6h', '24h', '7d']).optional(),
  },
  output: z.looseObject({
    scope: z.string(),
    timestamp: z.string(),
    health_status: z.looseObject({ overall: z.string(), message: z.string() }),
    anomalies: z.array(z.looseObject({})),
    cluster_stats: z.looseObject({}),
    key_metrics: z.looseObject({}),
    coverage: z.looseObject({}),
    size: z.looseObject({ max_size_kb: z.number(), bytes: z.number() }),
    text: z.string(),
  }),
  aliases: { namespace: 'focus_namespace', max_size: 'max_size_kb' },
  resolve: (input, ctx) => summaryRequests(input, ctx),
  async run(input, ctx) {
    const answer = await answerOf(input, ctx);
    return { ...answer, anomalies: [...answer.anomalies] };
  },
  lines: (input, ctx) => linesOf(input, ctx),
  render: ({ text }) => text,
});
