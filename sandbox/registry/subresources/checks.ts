/** What writes of subresources may change, beyond what stands in the rules of the kind. */
import { isIP } from 'node:net';
import type { FieldError } from '../../api/failure.ts';
import { labelKeyProblems } from '../../api/label-syntax.ts';
import type { KubeObject } from '../../types.ts';
import { recordAt, recordsAt, sameJson, textAt, valueAt } from '../json.ts';
import { subdomainProblems } from '../metadata/names.ts';
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
      return statusErrors(draft);
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

const invalidValue = (field: string, value: unknown, problem: string): FieldError => ({
  reason: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${JSON.stringify(value)}: ${problem}`,
});

function statusErrors(draft: KubeObject): FieldError[] {
  switch (`${draft.apiVersion} ${draft.kind}`) {
    case 'v1 Namespace':
      return phaseErrors(draft);
    case 'v1 Pod':
      return podStatusErrors(draft);
    case 'v1 Service':
      return loadBalancerErrors(draft);
    case 'batch/v1 Job':
      return ['active', 'succeeded', 'failed'].flatMap((field) => {
        const count = valueAt(draft, 'status', field);
        const problem = 'must be greater than or equal to 0';
        return typeof count === 'number' && count < 0 ? [invalidValue(`status.${field}`, count, problem)] : [];
      });
    default:
      return [];
  }
}

function podStatusErrors(pod: KubeObject): FieldError[] {
  const nominated = textAt(pod, 'status', 'nominatedNodeName');
  return [
    ...recordsAt(pod, 'status', 'conditions').flatMap((condition, at) => {
      const type = textAt(condition, 'type');
      return labelKeyProblems(type).map((problem) => invalidValue(`status.conditions[${at}].Type`, type, problem));
    }),
    ...(nominated === '' ? [] : subdomainProblems(nominated)).map((problem) =>
      invalidValue('status.nominatedNodeName', nominated, problem),
    ),
    ...podAddressErrors(pod),
  ];
}

/** `podIP` is the first of `podIPs`, whether or not the writer said both. */
function podAddressErrors(pod: KubeObject): FieldError[] {
  const said = recordsAt(pod, 'status', 'podIPs').map((each) => textAt(each, 'ip'));
  const first = textAt(pod, 'status', 'podIP');
  const all = said.length > 0 || first === '' ? said : [first];
  return all.flatMap((ip, at) =>
    isIP(ip) !== 0
      ? []
      : [invalidValue(`status.podIPs[${at}]`, ip, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')],
  );
}

function loadBalancerErrors(service: KubeObject): FieldError[] {
  const ingress = recordsAt(service, 'status', 'loadBalancer', 'ingress');
  if (ingress.length === 0 || textAt(service, 'spec', 'type') === 'LoadBalancer') return [];
  return [forbidden('status.loadBalancer.ingress', "may only be used when `spec.type` is 'LoadBalancer'")];
}

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
