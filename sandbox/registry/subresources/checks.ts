/** What writes of subresources may change, beyond what stands in the rules of the kind. */
import type { FieldError } from '../../api/failure.ts';
import type { KubeObject } from '../../types.ts';
import { recordAt, recordsAt, sameJson, textAt } from '../json.ts';
import { qosClassOf } from '../strategies/pod-defaults.ts';

const MIRROR = 'kubernetes.io/config.mirror';

/** Subresources that change a part of the spec by rules of their own, not by those for updates of the whole. */
const OWN_RULES: ReadonlySet<string> = new Set(['ephemeralcontainers', 'resize', 'approval', 'finalize']);

export function hasOwnRules(subresource: string): boolean {
  return OWN_RULES.has(subresource);
}

/** Beside or in place of the kind's own rules for updates. */
export function subresourceErrors(subresource: string, draft: KubeObject, live: KubeObject): FieldError[] {
  switch (subresource) {
    case 'status':
      return draft.kind === 'Namespace' && draft.apiVersion === 'v1' ? phaseErrors(draft) : [];
    case 'ephemeralcontainers':
      return ephemeralErrors(draft, live);
    case 'resize':
      return resizeErrors(draft, live);
    default:
      return [];
  }
}

const forbidden = (field: string, detail: string): FieldError => ({
  reason: 'FieldValueForbidden',
  field,
  message: `Forbidden: ${detail}`,
});

function ephemeralErrors(draft: KubeObject, live: KubeObject): FieldError[] {
  if (live.metadata.annotations?.[MIRROR] !== undefined) {
    return [forbidden('', 'static pods do not support ephemeral containers')];
  }
  const wanted = new Map(recordsAt(draft, 'spec', 'ephemeralContainers').map((one) => [textAt(one, 'name'), one]));
  return recordsAt(live, 'spec', 'ephemeralContainers').flatMap((old) => {
    const name = textAt(old, 'name');
    const next = wanted.get(name);
    if (next !== undefined && sameJson(next, old)) return [];
    const what = next === undefined ? 'removed' : 'changed';
    const detail = `existing ephemeral containers ${JSON.stringify(name)} may not be ${what}\n`;
    return [forbidden('spec.ephemeralContainers', detail)];
  });
}

function phaseErrors(namespace: KubeObject): FieldError[] {
  const phase = textAt(namespace, 'status', 'phase');
  const [wanted, when] =
    namespace.metadata.deletionTimestamp === undefined ? ['Active', 'is'] : ['Terminating', 'is not'];
  if (phase === wanted) return [];
  const message = `Invalid value: ${JSON.stringify(phase)}: may only be '${wanted}' if \`deletionTimestamp\` ${when} empty`;
  return [{ reason: 'FieldValueInvalid', field: 'status.Phase', message }];
}

function resizeErrors(draft: KubeObject, live: KubeObject): FieldError[] {
  if (live.metadata.annotations?.[MIRROR] !== undefined) return [forbidden('', 'static pods cannot be resized')];
  if (textAt(live, 'spec', 'os', 'name') === 'windows') return [forbidden('', 'windows pods cannot be resized')];
  const old = qosClassOf(recordAt(live, 'spec'));
  if (qosClassOf(recordAt(draft, 'spec')) === old) return [];
  const message = `Invalid value: ${JSON.stringify(old)}: Pod QOS Class may not change as a result of resizing`;
  return [{ reason: 'FieldValueInvalid', field: 'spec', message }];
}
