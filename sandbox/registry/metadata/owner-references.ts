/** An owner named twice counts once; the writer is told. */
import { sameJson } from '../../json-value.ts';
import type { KubeObject, OwnerReference } from '../../types.ts';

export function dedupOwnerReferences(
  object: KubeObject,
  stage: 'request' | 'mutated',
  warn: (text: string) => void,
): void {
  const owners = object.metadata.ownerReferences;
  if (owners === undefined || owners.length < 2) return;
  const kept: OwnerReference[] = [];
  const repeated: string[] = [];
  for (const owner of owners) {
    if (kept.some((other) => sameJson(other, owner))) repeated.push(owner.uid);
    else kept.push(owner);
  }
  if (repeated.length === 0) return;
  const when = stage === 'mutated' ? ' after mutating admission happens' : '';
  warn(
    `.metadata.ownerReferences contains duplicate entries${when}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${repeated.join(', ')}`,
  );
  object.metadata.ownerReferences = kept;
}
