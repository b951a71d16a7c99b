import { z } from 'zod';
import { defineOperation } from '../../operations/define.ts';
import {
  listAliases,
  listInput,
  listOutput,
  readView,
  renderView,
  viewRequests,
} from '../../operations/query/list-tool.ts';
import { deploymentSchema, deploymentView } from '../../operations/views/deployment.ts';

/** Deployments: replicas, images, and what is wrong. */
export const operation = defineOperation({
  name: 'k8s-get-deployments',
  toolset: 'cluster',
  title: 'Deployments',
  description: 'Deployments: replicas, images, and what is wrong.',
  effect: 'read',
  gate: 'list',
  input: { namespace: z.string().optional().describe('or all'), name: z.string().optional(), ...listInput },
  output: z.looseObject({
    ...listOutput,
    deployments: z.array(deploymentSchema),
  }),
  aliases: listAliases,
  resolve: (input, ctx) => viewRequests(deploymentView, input, ctx),
  async run(input, ctx) {
    const { items, all: _, ...answer } = await readView(deploymentView, input, ctx);
    return { ...answer, deployments: items };
  },
  render: ({ deployments, ...answer }) => renderView(deploymentView, { ...answer, items: deployments }),
});
