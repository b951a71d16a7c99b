/** Requests that a real kube-apiserver 1.36.3 answered, put to the functions of this folder: objects, owners, conflicts, words. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ApiFailure } from '../api/failure.ts';
import type { Status } from '../api/types.ts';
import { createKinds } from '../kinds/create-kinds.ts';
import type { KubeObject, ManagedFieldsEntry } from '../types.ts';
import { isObject } from './json.ts';
import { applyJsonPatch } from './json-patch.ts';
import { keepManagerTimes, managerFromUserAgent, type Tracking, trackUpdate } from './managed-fields.ts';
import { applyMergePatch } from './merge-patch.ts';
import { resetFieldsOf } from './reset-fields.ts';
import { applyPatch } from './server-side-apply.ts';
import { strategicMerge } from './strategic-merge.ts';

interface Recorded {
  title: string;
  apiVersion: string;
  kind: string;
  type: 'apply' | 'create' | 'json' | 'merge' | 'strategic';
  manager: string;
  userAgent?: string;
  force?: boolean;
  subresource?: string;
  body: unknown;
  /** The object stands as the step before left it. */
  chained?: 1;
  before?: KubeObject;
  code: number;
  after: unknown;
}

const kinds = createKinds();
const steps = readFileSync(new URL('data/recorded.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line) as Recorded);

/**
 * What the real server refuses later, in validation; a body of another kind than the object; and the one list that Go shows empty
 * although its schema calls it optional.
 */
const NOT_OURS = new Set(['owner without keys', 'scale', 'create with empty rules']);

describe('the answers of the real apiserver', () => {
  const last = new Map<string, KubeObject | undefined>();
  for (const [index, step] of steps.entries()) {
    const key = `${step.kind}/${nameIn(step)}`;
    const before = step.chained ? last.get(key) : step.before;
    last.set(key, step.code < 300 && step.subresource !== 'scale' ? (step.after as KubeObject) : before);
    const ours = !NOT_OURS.has(step.title) && !(step.code === 422 && !isBare(step.after));
    if (ours) it(`${index}: ${step.kind}, ${step.type}, ${step.title}`, () => replay(step, before));
  }
});

function nameIn({ before, after, body }: Recorded): string {
  const named = [before, after, body].find(
    (object) => isObject(object) && isObject(object.metadata) && object.metadata.name,
  );
  return (named as KubeObject | undefined)?.metadata.name ?? 'c1';
}

const isBare = (status: unknown) =>
  (status as Status).message === 'the server rejected our request due to an error in our request';

function replay(step: Recorded, before: KubeObject | undefined): void {
  const copy = JSON.stringify(before);
  const run = () => write(step, before);
  if (step.code >= 300) expect(unordered(failureOf(run))).toEqual(unordered(step.after as Status));
  else {
    const after = step.after as KubeObject;
    const { object, managedFields } = run();
    expect(managedFields).toEqual(after.metadata.managedFields);
    expect(JSON.stringify(managedFields?.map(({ fieldsV1 }) => fieldsV1))).toBe(
      JSON.stringify(after.metadata.managedFields?.map(({ fieldsV1 }) => fieldsV1)),
    );
    if (step.type !== 'create') expectWithin(object, after, '');
  }
  expect(JSON.stringify(before)).toBe(copy);
}

/** Several managers and several problems come in the order of a Go map. */
function unordered({ message, details, ...status }: Status) {
  const causes = details?.causes?.map((cause) => JSON.stringify(cause)).sort();
  return { ...status, message: message?.split('\n').sort(), causes };
}

function failureOf(run: () => unknown): Status {
  try {
    run();
  } catch (error) {
    if (error instanceof ApiFailure) return error.status;
    throw error;
  }
  throw new Error('nothing was refused');
}

function write(
  step: Recorded,
  before: KubeObject | undefined,
): { object: unknown; managedFields: ManagedFieldsEntry[] | undefined } {
  const { apiVersion, kind, subresource = '' } = step;
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const served = kinds.byKind(group, version, kind);
  const manager = step.manager === '' ? managerFromUserAgent(step.userAgent ?? '') : step.manager;
  const tracking: Tracking = {
    manager,
    apiVersion,
    subresource,
    now: timeOf(step, manager),
    schema: served?.version.schema,
    resolve: kinds.resolve,
    resetFields: resetFieldsOf(served!.resource, subresource),
  };
  if (step.type === 'apply') {
    const applied = applyPatch({
      ...tracking,
      applied: step.body,
      force: step.force ?? false,
      kind,
      ...(before ? { live: before } : {}),
    });
    return { object: applied.object, managedFields: kept(before, step.after as KubeObject, applied.managedFields) };
  }
  const object = patched(step, before, tracking);
  // Defaults are the registry's business: ownership is taken of the object that the real server made.
  const after = beforeAdmission(step);
  const sent = isObject(object) ? (object as KubeObject).metadata.managedFields : undefined;
  const managedFields = trackUpdate({
    ...tracking,
    after,
    ...(before ? { before, entries: sent ?? [{ manager: '' }] } : { entries: sent }),
  });
  return { object, managedFields: kept(before, after, managedFields) };
}

/** Ownership is taken before admission and allocation add theirs. */
function beforeAdmission({ type, after }: Recorded): KubeObject {
  const object = structuredClone(after) as KubeObject & { spec: Record<string, unknown> };
  delete object.metadata.managedFields;
  if (type !== 'create') return object;
  const added = { Service: ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'], Pod: POD_ADMISSION }[
    object.kind
  ];
  for (const field of added ?? []) delete object.spec[field];
  const own = (items: unknown) =>
    (items as { name: string }[]).filter(({ name }) => !name.startsWith('kube-api-access'));
  if (object.kind === 'Pod') {
    object.spec.volumes = own(object.spec.volumes);
    const [container] = object.spec.containers as Record<string, unknown>[];
    container!.volumeMounts = own(container!.volumeMounts);
  }
  return object;
}

const POD_ADMISSION = ['priority', 'preemptionPolicy', 'serviceAccount', 'serviceAccountName', 'tolerations'];

function kept(before: KubeObject | undefined, after: KubeObject, managedFields: ManagedFieldsEntry[] | undefined) {
  if (before === undefined || managedFields === undefined || !isObject(after.metadata)) return managedFields;
  return keepManagerTimes(before, {
    ...after,
    metadata: { ...after.metadata, managedFields, resourceVersion: before.metadata.resourceVersion ?? '' },
  });
}

/** The real server's time of the write: what it gave to the writer's entry. */
function timeOf({ after }: Recorded, manager: string): number {
  const entries = isObject(after) ? ((after as unknown as KubeObject).metadata.managedFields ?? []) : [];
  const times = entries
    .filter((entry) => entry.manager === manager || entry.manager === 'before-first-apply')
    .map(({ time }) => Date.parse(time ?? ''));
  return Math.max(0, ...times.filter((time) => !Number.isNaN(time)));
}

function patched(step: Recorded, before: KubeObject | undefined, { schema, resolve }: Tracking): unknown {
  switch (step.type) {
    case 'json':
      return applyJsonPatch(before, step.body);
    case 'merge':
      return applyMergePatch(before!, step.body);
    case 'strategic':
      return strategicMerge(before!, step.body, schema, resolve);
    default:
      return step.body;
  }
}

/** Fields that the server sets itself or refuses to take. */
const SERVER_SIDE = /^\.(status|metadata\.(managedFields|resourceVersion|generation|labels)|spec\.replicas)/;

/** All that is in `part` is in `whole`, in the same order; what defaults and the server add is not looked at. */
function expectWithin(part: unknown, whole: unknown, path: string): void {
  if (SERVER_SIDE.test(path) || part === null) return;
  if (Array.isArray(part) && Array.isArray(whole)) {
    expect(whole.length, path).toBe(part.length);
    for (const [index, item] of part.entries()) expectWithin(item, whole[index], `${path}[${index}]`);
  } else if (isObject(part)) {
    if (whole === undefined && Object.keys(part).length === 0) return;
    expect(isObject(whole), path).toBe(true);
    for (const [key, value] of Object.entries(part))
      expectWithin(value, (whole as Record<string, unknown>)[key], `${path}.${key}`);
  } else if (!(Array.isArray(part) && part.length === 0)) expect(whole, path).toEqual(part);
}
