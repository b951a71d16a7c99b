import { z } from 'zod';
import { apiRequest } from '../../kernel/api-request.ts';
import { ageOf } from '../../kernel/text/age.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { defineOperation } from '../../operations/define.ts';
import { dependentsOf } from '../../operations/manifests/dependents.ts';
import { targetLabel } from '../../operations/manifests/targets.ts';
import { orSuggest } from '../../operations/query/suggest.ts';
import type { CallContext } from '../../operations/types.ts';

interface Input {
  kind: string;
  name: string;
  namespace?: string | undefined;
  propagation: 'Background' | 'Foreground' | 'Orphan';
  gracePeriodSeconds?: number | undefined;
}

async function targetOf({ kind, name, namespace }: Input, ctx: CallContext) {
  const resource = await ctx.cluster.mapper.resolve(kind, undefined, ctx.signal);
  const used = resource.namespaced ? (namespace ?? ctx.cluster.defaultNamespace) : undefined;
  return {
    resource,
    namespace: used,
    name,
    scope: used === undefined ? {} : { namespace: used },
    label: targetLabel(resource, used, name),
  };
}

async function readLive(input: Input, ctx: CallContext) {
  const target = await targetOf(input, ctx);
  const work = ctx.cluster.client.get(target.resource, target.name, { ...target.scope, signal: ctx.signal });
  return { ...target, live: await orSuggest(work, target, ctx) };
}

/** Deletes one object. */
export const operation = defineOperation({
  name: 'delete_resource',
  toolset: 'resources',
  title: 'Delete an object',
  description: 'Delete one object, after a plan.',
  effect: 'destructive',
  gate: 'delete',
  idempotent: true,
  input: {
    kind: z.string(),
    name: z.string(),
    namespace: z.string().optional(),
    propagation: z.enum(['Background', 'Foreground', 'Orphan']).default('Background'),
    gracePeriodSeconds: z.int().min(0).max(86_400).optional(),
    dryRun: z.boolean().optional(),
  },
  output: z.looseObject({
    object: z.string(),
    /** `deleted`; `deleting` while finalizers or the grace period hold it. */
    state: z.enum(['deleted', 'deleting']),
    dryRun: z.boolean(),
    finalizers: z.array(z.string()),
  }),
  aliases: { dry_run: 'dryRun', grace_period_seconds: 'gracePeriodSeconds', propagationPolicy: 'propagation' },
  async resolve(input, ctx) {
    const { resource, namespace, name } = await targetOf(input, ctx);
    return [
      apiRequest('get', resource, { namespace, name }),
      apiRequest('delete', resource, { namespace, name, dryRun: input.dryRun === true }),
    ];
  },
  async plan(input, ctx) {
    const { live, label, resource } = await readLive(input, ctx);
    const { uid = '', generation, resourceVersion = '' } = live.metadata ?? {};
    return {
      title: `Delete ${label} in context ${ctx.cluster.context}`,
      effects: effectsOf(live, input, await dependentsOf(live, resource, ctx), ctx),
      // The version of a pod that crashes changes with every status; its generation only when somebody changes it.
      basis: `${uid} ${generation ?? resourceVersion}`,
    };
  },
  async run(input, ctx) {
    const { resource, scope, label, name, live } = await readLive(input, ctx);
    const { gracePeriodSeconds, propagation, dryRun = false } = input;
    const uid = live.metadata?.uid;
    const answer = await ctx.cluster.client.delete(resource, name, {
      ...scope,
      propagation,
      dryRun,
      signal: ctx.signal,
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      // An object of that name made since the plan is another object.
      ...(uid === undefined ? {} : { preconditions: { uid } }),
    });
    const { deletionTimestamp, deletionGracePeriodSeconds, finalizers = [] } = answer.metadata ?? {};
    // A pod without a grace period is gone at once, and answered with all the same.
    const endedPod = answer.kind === 'Pod' && deletionGracePeriodSeconds === 0 && finalizers.length === 0;
    // The server answers with the object while something still holds it, with a Status when it is gone.
    const held = answer.kind !== 'Status' && deletionTimestamp !== undefined && !endedPod;
    return {
      object: label,
      state: held ? ('deleting' as const) : ('deleted' as const),
      dryRun,
      finalizers,
    };
  },
  render({ object, state, dryRun, finalizers }) {
    if (dryRun) return `${object} would be deleted (dry run, nothing was changed).`;
    if (state === 'deleted') return `${object} deleted.`;
    const waits =
      finalizers.length === 0
        ? 'it ends when its grace period or its dependents are over'
        : `it waits for ${finalizers.join(', ')}`;
    return `${object} is being deleted: ${waits}.`;
  },
});

function effectsOf(live: KubeObject, input: Input, dependents: string | undefined, ctx: CallContext): string[] {
  const { finalizers = [], creationTimestamp, deletionTimestamp, ownerReferences = [] } = live.metadata ?? {};
  const owner = ownerReferences.find((reference) => reference.controller === true);
  const goes = input.propagation === 'Orphan' ? 'stay, without an owner' : 'go with it';
  return [
    `created ${ageOf(creationTimestamp, ctx.now())} ago${deletionTimestamp === undefined ? '' : '; it is being deleted already'}`,
    `propagation ${input.propagation}: what it owns will ${goes}${dependents === undefined ? '' : ` (now ${dependents})`}`,
    ...(live.kind === 'Namespace' ? ['everything in the namespace is deleted'] : []),
    ...(live.kind === 'CustomResourceDefinition' ? ['every object of this kind is deleted, in all namespaces'] : []),
    ...(owner === undefined ? [] : [`${owner.kind} ${owner.name} controls it and may make it anew`]),
    ...(finalizers.length === 0 ? [] : [`finalizers run first: ${finalizers.join(', ')}`]),
    ...(input.gracePeriodSeconds === 0 ? ['grace period 0: it is not shut down cleanly'] : []),
  ];
}
