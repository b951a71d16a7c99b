import { AppError } from '../../kernel/errors.ts';
import type { ApiResource } from '../../kube/types.ts';
import type { CallContext } from '../types.ts';

/** `work`; where the identity may not list a kind in all namespaces, the refusal says to name one, as many may list in theirs. */
export async function orNamespaceHint<T>(
  work: Promise<T>,
  { resource, namespace }: { resource: ApiResource; namespace: string | undefined },
  ctx: CallContext,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const everywhere = resource.namespaced && namespace === undefined && ctx.policy.allowedNamespaces === undefined;
    if (!everywhere || !(error instanceof AppError) || error.code !== 'cluster_forbidden') throw error;
    throw new AppError(error.code, error.message, {
      ...error.detail,
      remedy:
        `Name a namespace that this identity may read, for instance namespace=${ctx.cluster.defaultNamespace}. ${error.detail.remedy ?? ''}`.trim(),
      cause: error,
    });
  }
}
