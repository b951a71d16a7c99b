/** Who owns which field after a write that is not an apply: the way of apimachinery's managedfields and structured-merge-diff. */
import type { Schema } from '../kinds/schema.ts';
import { rfc3339 } from '../timestamps.ts';
import type { KubeObject, ManagedFieldsEntry } from '../types.ts';
import { type Comparison, compareObjects } from './compare-objects.ts';
import { EMPTY, type FieldSet, fieldSet, sameFields, union, withoutTrees } from './field-set.ts';
import { isObject, sameJson } from './json.ts';
import { ShapeError } from './list-items.ts';
import {
  addManager,
  type CompareAt,
  capUpdaters,
  conflictsOf,
  type Managers,
  managerId,
  ownable,
  readManagers,
  takeOver,
  writeManagers,
} from './managers.ts';
import type { Resolve } from './patch-meta.ts';
import { isStructured, objectShape } from './shape.ts';

/** What every tracked write says of itself. */
export interface Tracking {
  manager: string;
  /** The version in which the write came, and in which objects and schema are given. */
  apiVersion: string;
  /** `status`, `scale`...; '' or absent for the object itself. */
  subresource?: string;
  /** ms since the epoch. */
  now: number;
  schema: Schema | undefined;
  resolve: Resolve;
  /** Fields that this endpoint ignores, as paths of names (`resetFieldsOf`): nobody gets to own them here. */
  resetFields?: readonly (readonly string[])[];
  /** The object in another served version, for fields that were written there; undefined when that version is gone. */
  convert?: (object: KubeObject, apiVersion: string) => { object: KubeObject; schema: Schema | undefined } | undefined;
}

export interface TrackedUpdate extends Tracking {
  /** The stored object; absent when the write creates one. */
  before?: KubeObject;
  /** The object to be stored, decoded and defaulted; admission and `prepareCreate`/`prepareUpdate` come after tracking. */
  after: KubeObject;
  /** `managedFields` as the writer sent them; those of `after` unless given. */
  entries?: unknown;
}

/** The new `metadata.managedFields`; undefined when there are none. Changes no object. */
export function trackUpdate(write: TrackedUpdate): ManagedFieldsEntry[] | undefined {
  const { before, after, manager } = write;
  const managers = startingManagers(write);
  // Once reset, an object stays untracked until somebody applies it.
  if (managers.size === 0 && before !== undefined) return undefined;
  try {
    ownChanges(managers, before, after, write, manager);
  } catch (error) {
    // The real one drops what it cannot understand.
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
  capUpdaters(managers);
  return writeManagers(managers);
}

/** Gives the changes between two states to the manager of an update. */
export function ownChanges(
  managers: Managers,
  before: KubeObject | undefined,
  after: KubeObject,
  write: Tracking,
  name: string,
): void {
  const compareAt = comparer(before, after, write);
  const self = identityOf(write, name, 'Update');
  const id = managerId(self);
  const owned = managers.get(id)?.fields;
  // The writer's own entry is treated like anybody else's first, so that it loses what it removed.
  takeOver(managers, '', conflictsOf(managers, '', compareAt), compareAt);
  const change = compareAt(write.apiVersion);
  const fields = ownable(change === undefined ? EMPTY : union(change.modified, change.added));
  if (fields.size === 0) return;
  const previous = managers.get(id);
  const all = previous === undefined ? fields : union(previous.fields, fields);
  addManager(managers, {
    ...self,
    // The real one loses the time of what comes through `scale`.
    time: self.subresource === 'scale' ? previous?.time : rfc3339(write.now),
    // Most writers write what they wrote before.
    fields: owned !== undefined && sameFields(owned, all) ? owned : all,
  });
}

export function identityOf(write: Tracking, name: string, operation: 'Apply' | 'Update') {
  return {
    name: name === '' ? 'unknown' : name,
    operation,
    apiVersion: write.apiVersion,
    subresource: write.subresource ?? '',
  };
}

/** The entries that were sent, when they are usable and the endpoint takes them; else those of the stored object. */
function startingManagers({ before, after, entries, subresource }: TrackedUpdate): Managers {
  const live = () => readManagers(before?.metadata.managedFields) ?? new Map();
  if ((subresource ?? '') !== '') return live();
  const sent = entries ?? after.metadata.managedFields;
  if (isReset(sent)) return new Map();
  const managers = readManagers(sent);
  return managers === undefined || managers.size === 0 ? live() : managers;
}

/** `[]` and `[{}]` ask for a fresh start. */
function isReset(entries: unknown): boolean {
  if (!Array.isArray(entries)) return false;
  return entries.length === 0 || (entries.length === 1 && isObject(entries[0]) && Object.keys(entries[0]).length === 0);
}

/** The comparison of two states in any version, without the fields that the endpoint ignores. */
export function comparer(before: KubeObject | undefined, after: KubeObject, write: Tracking): CompareAt {
  const ignored = ignoredFields(write);
  const made = new Map<string, Comparison | undefined>();
  const at = (apiVersion: string): Comparison | undefined => {
    if (apiVersion === write.apiVersion || write.convert === undefined) {
      return compare(before, after, write.schema, write.resolve);
    }
    const to = write.convert(after, apiVersion);
    const from = before === undefined ? undefined : write.convert(before, apiVersion);
    if (to === undefined || (before !== undefined && from === undefined)) return undefined;
    return compare(from?.object, to.object, to.schema, write.resolve);
  };
  return (apiVersion) => {
    const version = write.convert === undefined ? write.apiVersion : apiVersion;
    if (!made.has(version)) {
      const comparison = at(version);
      made.set(version, comparison && withoutIgnored(comparison, ignored));
    }
    return made.get(version);
  };
}

function compare(before: KubeObject | undefined, after: KubeObject, schema: Schema | undefined, resolve: Resolve) {
  return compareObjects(before ?? NEW, after, objectShape(schema, resolve), isStructured(schema));
}

/** What a new object comes from. */
const NEW = { metadata: {} };

/** The object as far as ownership goes: `managedFields` are no field of their own. */
export function tracked(object: KubeObject): object {
  const metadata: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(object.metadata)) if (key !== 'managedFields') metadata[key] = value;
  return { ...object, metadata };
}

function withoutIgnored({ added, modified, removed }: Comparison, ignored: FieldSet): Comparison {
  return {
    added: withoutTrees(added, ignored),
    modified: withoutTrees(modified, ignored),
    removed: withoutTrees(removed, ignored),
  };
}

/** Endpoints are few, and each ignores the same with every write. */
const ignoredSets = new Map<string, FieldSet>();

export function ignoredFields({ resetFields = [] }: Tracking): FieldSet {
  if (resetFields.length === 0) return EMPTY;
  const key = resetFields.map((path) => path.join('/')).join(' ');
  let set = ignoredSets.get(key);
  if (set === undefined) {
    set = fieldSet(...resetFields.map((path) => path.map((name) => `f:${name}`)));
    ignoredSets.set(key, set);
  }
  return set;
}

export { rfc3339 as timestamp };

/**
 * For a write that changed nothing but times of managers: the old entries, so that nothing is stored. Call it last, before the
 * store; the real one's IgnoreManagedFieldsTimestampsTransformer.
 */
export function keepManagerTimes(before: KubeObject, after: KubeObject): ManagedFieldsEntry[] | undefined {
  const [old, now] = [before.metadata.managedFields, after.metadata.managedFields];
  if (old === undefined || now === undefined || old.length !== now.length) return now;
  const timeless = ({ time: _, ...entry }: ManagedFieldsEntry) => entry;
  if (!now.every((entry, index) => sameJson(timeless(entry), old[index] && timeless(old[index])))) return now;
  const unchanged = sameJson(tracked(before), tracked(after));
  return unchanged ? old : now;
}

/** `FieldManagerMaxLength`, in bytes. */
const LONGEST_NAME = 128;

/** The manager of a writer that names none: its user agent up to the first slash, printable characters only. */
export function managerFromUserAgent(userAgent: string): string {
  let name = '';
  let bytes = 0;
  for (const char of userAgent.split('/', 1)[0] ?? '') {
    if (!/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(char)) continue;
    bytes += Buffer.byteLength(char);
    if (bytes > LONGEST_NAME) break;
    name += char;
  }
  return name;
}
