import { z } from 'zod';
import { AppError, toAppError } from '../../kernel/errors.ts';
import { fitText } from '../shape/fit-text.ts';
import type { CallContext } from '../types.ts';

export const changeSchema = z.looseObject({
  /** `Deployment default/web`. */
  object: z.string(),
  action: z.enum(['created', 'updated', 'unchanged']),
  dryRun: z.boolean(),
  uid: z.string().optional(),
  resourceVersion: z.string().optional(),
  /** A unified diff of the YAML; secrets show as fingerprints. */
  diff: z.string().optional(),
});

export type Change = z.infer<typeof changeSchema>;

/** Makes changes one after the other; a failure says which objects were done before it and which were not tried. */
export async function changeAll<T extends { label: string }>(
  targets: readonly T[],
  change: (target: T) => Promise<Change>,
): Promise<Change[]> {
  const done: Change[] = [];
  for (const [i, target] of targets.entries()) {
    try {
      done.push(await change(target));
    } catch (thrown) {
      throw targets.length === 1 ? thrown : partFailure(toAppError(thrown), done, targets.slice(i));
    }
  }
  return done;
}

function partFailure(error: AppError, done: readonly Change[], open: readonly { label: string }[]): AppError {
  const [failed, ...untried] = open;
  const list = (labels: readonly string[]) => (labels.length === 0 ? 'none' : labels.join(', '));
  const message = [
    `${failed?.label ?? 'An object'} failed: ${error.message.replace(/\.?$/, '.')}`,
    `Done before: ${list(done.map((change) => `${change.object} ${change.action}`))}.`,
    `Not tried: ${list(untried.map((target) => target.label))}.`,
  ].join(' ');
  const remedy = `${error.detail.remedy ?? 'Correct it.'} Then send only what is not done.`;
  return new AppError(error.code, message, { ...error.detail, remedy, cause: error });
}

/** A line per object and the diffs, as much as fits. */
export function changeText(changes: readonly Change[]): string {
  return changes
    .map(({ object, action, dryRun, diff }) => {
      const line = dryRun ? `${object} would be ${action} (dry run, nothing was stored)` : `${object} ${action}`;
      return diff ? `${line}\n${diff}` : line;
    })
    .join('\n');
}

/** The changes with their diffs cut to the budget, an equal share each. */
export function fitDiffs(changes: readonly Change[], ctx: CallContext): Change[] {
  const share = Math.max(500, Math.floor(ctx.budgetTokens / Math.max(1, changes.length)));
  return changes.map((change) => {
    if (change.diff === undefined) return change;
    const { text, omitted } = fitText(change.diff, share);
    return {
      ...change,
      diff: omitted === 0 ? text : `${text}\n[${omitted} more lines of this diff; get_resource shows the object]`,
    };
  });
}
