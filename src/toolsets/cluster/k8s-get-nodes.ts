import { z } from 'zod';
import { defineOperation } from '../../operations/define.ts';
import { listAliases, listInput, readView, renderView, viewRequests } from '../../operations/query/list-tool.ts';
import { nodeSchema, nodeView } from '../../operations/views/node.ts';

/** Nodes: status, roles, version, allocatable, taints, problems. */
export const operation = defineOperation({
  name: 'k8s-get-nodes',
  toolset: 'cluster',
  title: 'Nodes',
  description: 'Nodes: status, roles, version, allocatable, taints, problems.',
  effect: 'read',
  gate: 'list',
  input: listInput,
  output: z.looseObject({
    total: z.number(),
    /** True when there are more than `total`. */
    more: z.boolean(),
    left: z.number(),
    nodes: z.array(nodeSchema),
    continue: z.string().optional(),
    notes: z.array(z.string()),
  }),
  aliases: listAliases,
  resolve: (input, ctx) => viewRequests(nodeView, input, ctx),
  async run(input, ctx) {
    const { items, all: _, namespace: __, ...answer } = await readView(nodeView, input, ctx);
    return { ...answer, nodes: items };
  },
  render: ({ nodes, ...answer }) => renderView(nodeView, { ...answer, items: nodes }),
});
