/** Server-side apply: merges what a manager applies into the live object, and keeps account of who owns what. */
import { type ApiFailure, badRequest, invalid } from '../api/failure.ts';
import type { KubeObject, ManagedFieldsEntry } from '../types.ts';
import { applyConflict, type Conflicts } from './apply-conflict.ts';
import { shapeProblem } from './check-shape.ts';
import { difference, EMPTY, type FieldSet, sameFields, withoutTrees } from './field-set.ts';
import { fieldsOf } from './fields-of-object.ts';
import { withoutGivenUp } from './give-up.ts';
import { jsonKind } from './go-text.ts';
import { checkDepth, copyJson, isObject, type JsonObject, put, sameJson } from './json.ts';
import { lastAppliedFields, updateLastApplied } from './last-applied.ts';
import {
  comparer,
  identityOf,
  ignoredFields,
  ownChanges,
  type Tracking,
  timestamp,
  tracked,
} from './managed-fields.ts';
import {
  addManager,
  conflictsOf,
  type Managers,
  managerId,
  ownable,
  readManagers,
  takeOver,
  writeManagers,
} from './managers.ts';
import { mergeObjects } from './merge-objects.ts';
import { bareError } from './patch-meta.ts';
import { isStructured, narrow, objectShape, type Shape } from './shape.ts';

export interface Apply extends Tracking {
  /** Absent when the apply creates the object. */
  live?: KubeObject;
  /** What was sent, parsed. */
  applied: unknown;
  force: boolean;
  /** The kind that the endpoint serves; anything else in `applied` is refused. */
  kind: string;
}

export interface Applied {
  /** Not yet defaulted; without managedFields. */
  object: KubeObject;
  managedFields: ManagedFieldsEntry[] | undefined;
}

/** kubectl's manager of server-side apply, for which the server minds the annotation of client-side apply. */
const KUBECTL = 'kubectl';
const BEFORE_FIRST_APPLY = 'before-first-apply';

/** Throws `ApiFailure`: 409 with all conflicts unless forced, 422 without a manager, 400 or 500 for what cannot be applied. */
export function applyPatch(apply: Apply): Applied {
  if (apply.manager === '') throw missingManager();
  checkDepth(apply.applied);
  const applied = checkedKind(apply);
  const shape = objectShape(apply.schema, apply.resolve);
  const managers = managersBefore(apply);
  if (isObject(applied.metadata) && (applied.metadata.managedFields ?? null) !== null) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const problem = shapeProblem(applied, shape);
  if (problem !== undefined) throw bareError(`failed to create typed patch object (${nameOf(applied)}): ${problem}`);
  const result = mergeIn(apply, applied, managers, shape);
  if (apply.manager === KUBECTL) updateLastApplied(result.object, applied);
  return result;
}

export function missingManager(): ApiFailure {
  const group = 'meta.k8s.io';
  const message = 'Required value: is required for apply patch';
  return invalid({ kind: 'PatchOptions', group }, '', [
    { reason: 'FieldValueRequired', field: 'fieldManager', message },
  ]);
}

function checkedKind({ applied, apiVersion, kind }: Apply): KubeObject {
  if (applied !== null && !isObject(applied)) {
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${jsonKind(applied)} into Go value of type map[string]interface {}`,
    );
  }
  const object = applied ?? {};
  if (object.apiVersion !== apiVersion || object.kind !== kind) {
    throw badRequest(`invalid object type: ${kindText(object)}`);
  }
  // Whatever else is in it, `metadata` included, is checked against the schema before it is used.
  return object as KubeObject;
}

/** `apps/v1, Kind=Deployment`; the core group shows as a bare slash. */
function kindText({ apiVersion, kind }: JsonObject): string {
  const version = typeof apiVersion === 'string' ? apiVersion : '';
  return `${version.includes('/') ? version : `/${version}`}, Kind=${typeof kind === 'string' ? kind : ''}`;
}

function nameOf(applied: JsonObject): string {
  const metadata = isObject(applied.metadata) ? applied.metadata : {};
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return `${text(metadata.namespace)}/${text(metadata.name)}; ${kindText(applied)}`;
}

/** What was there before anybody applied belongs to a manager of that name. */
function managersBefore(apply: Apply): Managers {
  const { live } = apply;
  const managers = readManagers(live?.metadata.managedFields) ?? new Map();
  if (managers.size === 0 && live !== undefined) ownChanges(managers, undefined, live, apply, BEFORE_FIRST_APPLY);
  return managers;
}

function mergeIn(apply: Apply, applied: KubeObject, managers: Managers, shape: Shape): Applied {
  const { live } = apply;
  const self = identityOf(apply, apply.manager, 'Apply');
  const id = managerId(self);
  const before = managers.get(id);
  const last = before?.fields ?? EMPTY;
  const fields = withoutTrees(fieldsOf(applied, shape), ignoredFields(apply));
  managers.set(id, { ...self, fields, time: before?.time });
  const merged = mergeObjects(live === undefined ? {} : tracked(live), applied, shape);
  // Most appliers go on applying what they did.
  const pruned = difference(last, fields).size === 0 ? merged : withoutGivenUp(merged, last, managers, shape);
  const object = withoutNulls(pruned, shape, isStructured(apply.schema)) as KubeObject;
  const compareAt = comparer(live, object, apply);
  const conflicts = conflictsOf(managers, id, compareAt);
  if (!apply.force && conflicts.size > 0) refuse(apply, conflicts, managers, shape);
  takeOver(managers, id, conflicts, compareAt);
  const changed = live === undefined || !sameJson(tracked(live), object);
  const now = ownable(fields);
  const owned = sameFields(now, last) ? last : now;
  if (owned.size === 0) managers.delete(id);
  // The real one leaves the time alone, even unset, when the object itself stays as it is.
  else addManager(managers, { ...self, fields: owned, time: changed ? timestamp(apply.now) : before?.time });
  return { object: copyJson(object), managedFields: writeManagers(managers) };
}

/** `kubectl` may take what its own client-side apply set; only what is left is a conflict then. */
function refuse(apply: Apply, conflicts: Conflicts, managers: Managers, shape: Shape): void {
  const allowed =
    apply.manager === KUBECTL && apply.live !== undefined
      ? lastAppliedFields(apply.live, apply.apiVersion, shape)
      : undefined;
  const left = new Map<string, FieldSet>();
  for (const [id, fields] of conflicts) {
    const rest = allowed === undefined ? fields : difference(fields, allowed);
    if (rest.size > 0) left.set(id, rest);
  }
  if (left.size > 0) throw applyConflict(left, managers);
}

/** Decoded into a Go struct a null is nothing, and '' in a map of texts; custom objects keep those that their schema allows. */
function withoutNulls(value: unknown, shape: Shape, structured: boolean): unknown {
  const { map, list } = narrow(shape, value);
  if (Array.isArray(value)) {
    return list === undefined ? value : value.map((item) => withoutNulls(item, list.item(), structured));
  }
  if (!isObject(value) || map === undefined) return value;
  const kept: JsonObject = {};
  for (const [name, child] of Object.entries(value)) {
    const field = map.field(name);
    const of = field?.shape() ?? map.other();
    if (child !== null) put(kept, name, of === undefined ? child : withoutNulls(child, of, structured));
    else if (structured && field === undefined && of?.scalar === 'string') put(kept, name, '');
    else if (!structured && (field === undefined || field.nullable)) put(kept, name, null);
  }
  return kept;
}
