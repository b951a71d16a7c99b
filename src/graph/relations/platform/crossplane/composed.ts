/** Claims and composites of Crossplane are of any kind: they are known by what Crossplane writes into them. */
import type { KubeObject } from '../../../../kernel/vocabulary.ts';
import type { ApiResource } from '../../../../kube/types.ts';
import { isRecord } from '../../field-path.ts';
import { isCustomGroup } from '../control-plane/custom-groups.ts';

/** Fields that say so, for the wire. */
export const COMPOSED_FIELDS = ['spec.compositionRef', 'spec.compositionRevisionRef', 'spec.crossplane.resourceRefs'];

export function isComposed(object: KubeObject, resource: ApiResource): boolean {
  const spec = object['spec'];
  if (!isRecord(spec) || !isCustomGroup(resource.group)) return false;
  return isRecord(spec['crossplane']) || isRecord(spec['compositionRef']) || isRecord(spec['compositionRevisionRef']);
}
