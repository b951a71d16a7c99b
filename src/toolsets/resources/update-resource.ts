import { z } from 'zod';
import { apiRequest } from '../../kernel/api-request.ts';
import { defineOperation } from '../../operations/define.ts';
import { manifestArgument } from '../../operations/manifests/argument.ts';
import { mintedTokens } from '../../operations/manifests/minted-tokens.ts';
import { changeAll, changeSchema, changeText, fitDiffs } from '../../operations/manifests/outcome.ts';
import { updateOne, updateTargets } from '../../operations/manifests/update.ts';

/** Changes objects that exist. */
export const operation = defineOperation({
  name: 'update_resource',
  toolset: 'resources',
  title: 'Update objects',
  description: 'Change existing objects; answers with a diff.',
  effect: 'write',
  gate: 'update',
  input: {
    kind: z.string().optional(),
    name: z.string().optional(),
    namespace: z.string().optional(),
    manifest: manifestArgument().describe('or the patch'),
    mode: z.enum(['replace', 'merge', 'strategic', 'json', 'apply']).default('replace'),
    dryRun: z.boolean().optional(),
    force: z.boolean().optional().describe('with apply'),
  },
  output: z.looseObject({ changes: z.array(changeSchema) }),
  aliases: { dry_run: 'dryRun', patch: 'manifest', yaml: 'manifest', type: 'mode', patchType: 'mode' },
  async resolve(input, ctx) {
    const targets = await updateTargets(input, ctx);
    const dryRun = input.dryRun === true;
    const writes = targets.flatMap(({ resource, namespace, name }) => [
      apiRequest('get', resource, { namespace, name }),
      input.mode === 'replace'
        ? apiRequest('update', resource, { namespace, name, dryRun })
        : apiRequest('patch', resource, {
            namespace,
            name,
            dryRun,
            ...(input.mode === 'apply' ? { apply: true } : {}),
          }),
    ]);
    return [...writes, ...mintedTokens(targets, dryRun)];
  },
  async run(input, ctx) {
    const targets = await updateTargets(input, ctx);
    return { changes: fitDiffs(await changeAll(targets, (target) => updateOne(target, input, ctx)), ctx) };
  },
  render: ({ changes }) => changeText(changes),
});
