/** The end of a CustomResourceDefinition: marked first, gone when no object of its kind is left. */
import type { KubeObject } from '../types.ts';
import { setCrdCondition } from './crd-naming.ts';

export const CRD_CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

/**
 * What the registry makes of a definition on its first delete (which always waits): the mark, the finalizer and the condition.
 * `now` is RFC 3339; changes `draft`.
 */
export function markCrdDeleted(draft: KubeObject, now: string): void {
  const { metadata } = draft;
  metadata.deletionTimestamp ??= now;
  const { finalizers = [] } = metadata;
  if (!finalizers.includes(CRD_CLEANUP)) metadata.finalizers = [...finalizers, CRD_CLEANUP];
  setCrdCondition(
    draft,
    {
      type: 'Terminating',
      status: 'True',
      reason: 'InstanceDeletionPending',
      message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    },
    now,
  );
}
