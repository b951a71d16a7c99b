/** Where the numbers of a Scale stand in a kind. */
import type { FieldError } from '../../api/failure.ts';
import type { KubeObject, ResourceId, ResourceInfo } from '../../types.ts';
import { isRecord, recordsAt, textAt, valueAt } from '../json.ts';
import type { Parts } from '../parts.ts';
import type { Target } from '../types.ts';
import { storageOf } from '../versions/storage.ts';

/** Where replicas and selector stand in a kind. */
export interface ScalePaths {
  spec: readonly string[];
  status: readonly string[];
  /** `selector` of the spec in built-in kinds, a text in the status of custom ones. */
  selector: { form: 'selector' | 'labels' } | { form: 'text'; path: readonly string[] | undefined };
}

/** Its selector is a plain map of labels. */
const PLAIN_SELECTOR: ReadonlySet<ResourceId> = new Set(['replicationcontrollers']);
const MAX_REPLICAS = 2 ** 31 - 1;

export function scalePaths(
  parts: Pick<Parts, 'store' | 'kinds'>,
  { resource, version }: Pick<Target, 'resource' | 'version'>,
): ScalePaths {
  if (resource.origin === 'builtin') {
    const form = PLAIN_SELECTOR.has(storageOf(resource, parts.kinds).id) ? 'labels' : 'selector';
    return { spec: ['spec', 'replicas'], status: ['status', 'replicas'], selector: { form } };
  }
  const definition = parts.store.get('customresourcedefinitions.apiextensions.k8s.io', '', resource.id)?.body.object();
  const served = recordsAt(definition, 'spec', 'versions').find((one) => one['name'] === version);
  const scale = valueAt(served, 'subresources', 'scale');
  const path = (key: string) => {
    const text = isRecord(scale) ? textAt(scale, key) : '';
    return text === '' ? undefined : text.split('.').filter((part) => part !== '');
  };
  return {
    spec: path('specReplicasPath') ?? ['spec', 'replicas'],
    status: path('statusReplicasPath') ?? ['status', 'replicas'],
    selector: { form: 'text', path: path('labelSelectorPath') },
  };
}

/** What must hold of the replicas of a custom kind that can be scaled. */
export function scaleErrors(
  parts: Pick<Parts, 'store' | 'kinds'>,
  resource: ResourceInfo,
  object: KubeObject,
): FieldError[] {
  const served = resource.versions.find(({ version }) => version === resource.storageVersion);
  if (resource.origin !== 'custom' || served?.subresources['scale'] === undefined) return [];
  const paths = scalePaths(parts, { resource, version: resource.storageVersion });
  return [...replicaErrors(object, paths.spec), ...replicaErrors(object, paths.status)];
}

function replicaErrors(object: KubeObject, path: readonly string[]): FieldError[] {
  const value = valueAt(object, ...path);
  const field = `.${path.join('.')}`;
  const bad = (shown: number, detail: string): FieldError[] => [
    { reason: 'FieldValueInvalid', field, message: `Invalid value: ${shown}: ${detail}` },
  ];
  if (value === undefined) return [];
  if (typeof value !== 'number') {
    return bad(0, `${field} accessor error: ${String(value)} is of the type ${typeof value}, expected int64`);
  }
  if (value < 0) return bad(value, 'should be a non-negative integer');
  return value > MAX_REPLICAS ? bad(value, `should be less than or equal to ${MAX_REPLICAS}`) : [];
}
