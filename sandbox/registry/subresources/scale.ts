/** autoscaling/v1 Scale: how many there are, seen and set without knowing the kind. */
import { ApiFailure, invalid, notFound } from '../../api/failure.ts';
import type { StatusCause } from '../../api/types.ts';
import { applyJsonPatch } from '../../patch/json-patch.ts';
import { applyMergePatch } from '../../patch/merge-patch.ts';
import type { KubeObject } from '../../types.ts';
import { expectBody } from '../body/expect.ts';
import { typeFailure } from '../body/fields.ts';
import { uidPrecondition } from '../failures.ts';
import { trackWrite } from '../flows/managed-fields.ts';
import { unreadablePatch } from '../flows/patch.ts';
import { settleName, settleNamespace } from '../flows/prepare.ts';
import { liveOf, updateDraft } from '../flows/update.ts';
import { copyOf, ensureRecord, numberAt, textAt, valueAt } from '../json.ts';
import type { Parts } from '../parts.ts';
import type { Patch, Target, WriteContext, Written } from '../types.ts';
import { type ScalePaths, scalePaths } from './scale-paths.ts';
import { selectorText } from './selector-text.ts';

const EXPECTED = { group: 'autoscaling', version: 'v1', kind: 'Scale', origin: 'builtin' } as const;

export function getScale(parts: Parts, target: Target): KubeObject {
  const live = liveOf(parts, target);
  if (live === undefined) throw notFound(target.resource, target.name);
  return scaleOf(parts, target, live);
}

export function updateScale(parts: Parts, target: Target, body: unknown, context: WriteContext): Written {
  const live = liveOf(parts, target);
  const scale = expectBody(body, EXPECTED, parts.kinds);
  const failure = scaleTypeFailure(scale);
  if (failure !== undefined) throw failure;
  settleNamespace(scale, target);
  settleName(scale, target.name);
  if (live === undefined) throw notFound(target.resource, target.name);
  return writeScale(parts, target, live, scale, context);
}

export function patchScale(parts: Parts, target: Target, patch: Patch, context: WriteContext): Written {
  const live = liveOf(parts, target);
  if (live === undefined) throw notFound(target.resource, target.name);
  const current = scaleOf(parts, target, live);
  // A Scale has no lists, so that strategic patches and applied configurations merge like any others.
  const patched = patch.type === 'json' ? applyJsonPatch(current, patch.body) : applyMergePatch(current, patch.body);
  const scale = expectBody(patched, EXPECTED, parts.kinds);
  const failure = scaleTypeFailure(scale);
  if (failure !== undefined) throw unreadablePatch(patched, patch, failure);
  settleNamespace(scale, target);
  settleName(scale, target.name);
  return writeScale(parts, target, live, scale, context);
}

function scaleTypeFailure(scale: KubeObject): ApiFailure | undefined {
  const { version, kind } = EXPECTED;
  const schema = { $ref: 'io.k8s.api.autoscaling.v1.Scale' };
  return typeFailure({ resource: { kind, origin: 'builtin' }, version }, schema, scale);
}

function writeScale(parts: Parts, target: Target, live: KubeObject, scale: KubeObject, context: WriteContext): Written {
  const { resource, name } = target;
  const paths = scalePaths(parts, target);
  const replicas = numberAt(scale, 'spec', 'replicas') ?? 0;
  // Custom kinds are told by the validation of the whole object.
  if (replicas < 0 && resource.origin === 'builtin') throw negative(name, replicas);
  const uid = scale.metadata.uid ?? '';
  if (uid !== '' && uid !== live.metadata.uid) {
    throw uidPrecondition(resource, target.namespace, name, uid, live.metadata.uid ?? '');
  }
  const draft = copyOf(live);
  const [last = 'replicas', ...parents] = [...paths.spec].reverse();
  ensureRecord(draft, ...parents.reverse())[last] = replicas;
  draft.metadata.resourceVersion = scale.metadata.resourceVersion || (live.metadata.resourceVersion ?? '');
  trackWrite(parts, target, live, draft, context);
  const written = updateDraft(parts, target, live, draft, context);
  return { object: scaleOf(parts, target, written), created: false };
}

function negative(name: string, replicas: number): ApiFailure {
  const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
  return invalid({ kind: 'Scale', group: 'autoscaling' }, name, [
    { reason: 'FieldValueInvalid', field: 'spec.replicas', message },
  ]);
}

function scaleOf(parts: Parts, target: Target, object: KubeObject): KubeObject {
  const paths = scalePaths(parts, target);
  const replicas = numberAt(object, ...paths.spec);
  if (replicas === undefined && target.resource.origin === 'custom') {
    const why = `the spec replicas field ".${paths.spec.join('.')}" does not exist`;
    // The one cause of an internal error has no reason.
    const cause = { message: why } as StatusCause;
    throw new ApiFailure(500, 'InternalError', `Internal error occurred: ${why}`, { causes: [cause] });
  }
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = textOfSelector(object, paths);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: replicas === undefined || replicas === 0 ? {} : { replicas },
    status: { replicas: numberAt(object, ...paths.status) ?? 0, ...(selector === '' ? {} : { selector }) },
  };
}

function textOfSelector(object: KubeObject, { selector }: ScalePaths): string {
  if (selector.form !== 'text') return selectorText(valueAt(object, 'spec', 'selector'), selector.form);
  return selector.path === undefined ? '' : textAt(object, ...selector.path);
}
