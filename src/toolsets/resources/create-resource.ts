import { z } from 'zod';
import { apiRequest } from '../../kernel/api-request.ts';
import { AppError } from '../../kernel/errors.ts';
import { defineOperation } from '../../operations/define.ts';
import { manifestArgument } from '../../operations/manifests/argument.ts';
import { mintedTokens } from '../../operations/manifests/minted-tokens.ts';
import { type Change, changeAll, changeSchema, changeText } from '../../operations/manifests/outcome.ts';
import { manifestTargets, type Target, targetLabel } from '../../operations/manifests/targets.ts';
import type { CallContext } from '../../operations/types.ts';

/** Creates the objects of a manifest. */
export const operation = defineOperation({
  name: 'create_resource',
  toolset: 'resources',
  title: 'Create objects',
  description: 'Create objects from JSON or YAML, several documents too.',
  effect: 'write',
  gate: 'create',
  additive: true,
  input: {
    manifest: manifestArgument(),
    kind: z.string().optional(),
    namespace: z.string().optional(),
    dryRun: z.boolean().optional(),
  },
  output: z.looseObject({ changes: z.array(changeSchema) }),
  aliases: { dry_run: 'dryRun', yaml: 'manifest', resource: 'manifest' },
  async resolve(input, ctx) {
    const targets = await manifestTargets(input, ctx);
    const dryRun = input.dryRun === true;
    const creates = targets.map(({ resource, namespace, name }) =>
      apiRequest('create', resource, { namespace, name, dryRun }),
    );
    const written = targets.map(({ object, ...target }) => ({ ...target, body: object }));
    return [...creates, ...mintedTokens(written, dryRun)];
  },
  async run(input, ctx) {
    const targets = await manifestTargets(input, ctx);
    return { changes: await changeAll(targets, (target) => create(target, input.dryRun === true, ctx)) };
  },
  render: ({ changes }) => changeText(changes),
});

async function create(
  { object, resource, namespace, label }: Target,
  dryRun: boolean,
  ctx: CallContext,
): Promise<Change> {
  const manifest = await ctx.resolveMarkers(object, undefined);
  const scope = namespace === undefined ? {} : { namespace };
  const created = await ctx.cluster.client
    .create(resource, manifest, { ...scope, dryRun, signal: ctx.signal })
    .catch((error: unknown) => {
      throw explain(error, label);
    });
  const { uid, resourceVersion, name } = created.metadata ?? {};
  return {
    object: name === undefined ? label : targetLabel(resource, namespace, name),
    action: 'created',
    dryRun,
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}

function explain(error: unknown, label: string): unknown {
  if (!(error instanceof AppError) || error.code !== 'already_exists') return error;
  return new AppError('already_exists', `${label} exists already.`, {
    remedy: 'Change it with update_resource, or choose another name.',
    cause: error,
  });
}
