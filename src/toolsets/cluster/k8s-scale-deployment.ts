import { z } from 'zod';
import { apiRequest } from '../../kernel/api-request.ts';
import { AppError } from '../../kernel/errors.ts';
import { defineOperation } from '../../operations/define.ts';
import { explainConflict } from '../../operations/manifests/conflict.ts';
import { count, field } from '../../operations/query/read.ts';
import { orSuggest } from '../../operations/query/suggest.ts';
import type { CallContext } from '../../operations/types.ts';

interface Input {
  name: string;
  namespace?: string | undefined;
}

async function targetOf(input: Input, ctx: CallContext) {
  const resource = await ctx.cluster.mapper.resolve('deployments', 'apps/v1', ctx.signal);
  return { resource, namespace: input.namespace ?? ctx.cluster.defaultNamespace };
}

/** Sets the replicas of a deployment through its scale subresource. */
export const operation = defineOperation({
  name: 'k8s-scale-deployment',
  toolset: 'cluster',
  title: 'Scale a deployment',
  description: 'Set the replicas of a deployment.',
  effect: 'write',
  gate: 'update',
  idempotent: true,
  input: {
    name: z.string(),
    replicas: z.int().min(0).max(1000),
    namespace: z.string().optional(),
    dryRun: z.boolean().optional(),
  },
  output: z.looseObject({
    deployment_name: z.string(),
    namespace: z.string(),
    scaling_info: z.looseObject({
      previous_replicas: z.number(),
      target_replicas: z.number(),
      /** Pods that exist right after the change; they follow the target in time. */
      current_replicas: z.number(),
    }),
    success: z.boolean(),
    message: z.string(),
  }),
  aliases: { deployment_name: 'name', deployment: 'name', dry_run: 'dryRun' },
  async resolve(input, ctx) {
    const { resource, namespace } = await targetOf(input, ctx);
    const target = { namespace, name: input.name, subresource: 'scale' };
    return [
      apiRequest('get', resource, target),
      apiRequest('update', resource, { ...target, dryRun: input.dryRun === true }),
    ];
  },
  async run(input, ctx) {
    const { resource, namespace } = await targetOf(input, ctx);
    const { client } = ctx.cluster;
    const subresource = 'scale';
    const read = () => client.get(resource, input.name, { namespace, subresource, signal: ctx.signal });
    const scale = await orSuggest(read(), { resource, name: input.name, namespace }, ctx);
    const previous = count(scale, 'spec', 'replicas');
    const answer = (current: number, message: string) => ({
      deployment_name: input.name,
      namespace,
      scaling_info: { previous_replicas: previous, target_replicas: input.replicas, current_replicas: current },
      success: true,
      message,
    });
    const label = `Deployment ${namespace}/${input.name}`;
    if (previous === input.replicas) {
      return answer(
        count(scale, 'status', 'replicas'),
        `${label} has ${previous} replicas already: nothing was changed.`,
      );
    }
    const changed = { ...scale, spec: { ...record(field(scale, 'spec')), replicas: input.replicas } };
    // The scale carries its resourceVersion, so that a change in between is a conflict and never overwritten.
    const updated = await client
      .update(resource, changed, { namespace, subresource, signal: ctx.signal, dryRun: input.dryRun === true })
      .catch(async (error: unknown) => {
        throw await explainConflict(error, label, () =>
          client.get(resource, input.name, { namespace, signal: ctx.signal }),
        );
      });
    const now = count(updated, 'spec', 'replicas');
    if (now !== input.replicas) {
      throw new AppError('cluster_refused', `${label} was asked for ${input.replicas} replicas and has ${now}.`, {
        remedy: 'An admission webhook changed the request; ask the operator of the cluster.',
      });
    }
    const verb = input.dryRun === true ? 'would be scaled (dry run, nothing was stored)' : 'scaled';
    return answer(count(updated, 'status', 'replicas'), `${label} ${verb} from ${previous} to ${now}.`);
  },
  render: ({ message, scaling_info: info }) => `${message} Pods now: ${info.current_replicas}.`,
});

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
