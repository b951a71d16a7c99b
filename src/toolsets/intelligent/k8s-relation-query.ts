import { z } from 'zod';
import { defineOperation } from '../../operations/define.ts';
import { answerOf, linesOf, QUERY_TYPES, RELATION_CLASSES } from './relation-query/answer.ts';
import { questionRequests } from './relation-query/targets.ts';

/** A switch in the forms that models send. Accepted for the seed's clients: answers always carry both. */
const accepted = z.union([z.boolean(), z.stringbool()]).optional();

/** What hangs together with an object, what it needs, whom it hurts, and why: from the live graph. */
export const operation = defineOperation({
  name: 'k8s-relation-query',
  toolset: 'intelligent',
  title: 'Relations of objects',
  description: 'What an object needs, whom its failure hurts, paths, topology, anomalies around it: from a live graph.',
  effect: 'read',
  gate: 'list',
  input: {
    query_type: z.enum(QUERY_TYPES).default('related_resources'),
    target_resources: z
      .array(z.string())
      .max(20)
      .optional()
      .describe('kind/namespace/name or kind/name; resource_path takes two'),
    max_depth: z.number().int().min(1).max(10).optional(),
    relation_filter: z
      .array(z.enum(RELATION_CLASSES))
      .optional()
      .describe('only these are followed; what a workload owns counts as the workload'),
    max_results: z.number().int().min(1).max(1000).default(100),
    focus_namespace: z.string().optional(),
    resource_types: z.array(z.string()).max(50).optional().describe('kinds, for cluster_topology'),
  },
  accepted: {
    resource_type: z.string().optional(),
    resource_name: z.string().optional(),
    namespace: z.string().optional(),
    include_metadata: accepted,
    include_health_info: accepted,
    timeout_seconds: z.coerce.number().optional(),
  },
  output: z.looseObject({
    success: z.boolean(),
    query_type: z.string(),
    target_resources: z.array(z.string()),
    /** Of results that there are, at least that many where `complete` is false. */
    results_count: z.number(),
    complete: z.boolean(),
    results: z.array(z.looseObject({})),
    summary: z.looseObject({}),
    coverage: z.looseObject({}),
    /** The answer as text: a tree, then what it covers. */
    lines: z.array(z.string()),
  }),
  aliases: { targets: 'target_resources', depth: 'max_depth', limit: 'max_results' },
  resolve: (input, ctx) => questionRequests(input, ctx),
  run: (input, ctx) => answerOf(input, ctx),
  lines: (input, ctx) => linesOf(input, ctx),
  render: ({ lines }) => lines.join('\n'),
});
