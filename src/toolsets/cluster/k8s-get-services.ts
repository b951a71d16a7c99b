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
import { serviceSchema, serviceView } from '../../operations/views/service.ts';

/** Services: type, addresses, ports, selector. */
export const operation = defineOperation({
  name: 'k8s-get-services',
  toolset: 'cluster',
  title: 'Services',
  description: 'Services: type, addresses, ports, selector.',
  effect: 'read',
  gate: 'list',
  input: { namespace: z.string().optional().describe('or all'), name: z.string().optional(), ...listInput },
  output: z.looseObject({
    ...listOutput,
    services: z.array(serviceSchema),
  }),
  aliases: listAliases,
  resolve: (input, ctx) => viewRequests(serviceView, input, ctx),
  async run(input, ctx) {
    const { items, all: _, ...answer } = await readView(serviceView, input, ctx);
    return { ...answer, services: items };
  },
  render: ({ services, ...answer }) => renderView(serviceView, { ...answer, items: services }),
});
