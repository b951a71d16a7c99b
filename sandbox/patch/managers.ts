/** The managers of an object's fields: `metadata.managedFields` read, changed and written again. */
import type { ManagedFieldsEntry } from '../types.ts';
import type { Comparison } from './compare-objects.ts';
import { difference, type FieldSet, fieldSet, fromFieldsV1, intersection, toFieldsV1, union } from './field-set.ts';
import { isObject } from './json.ts';

export interface Manager {
  name: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  subresource: string;
  /** RFC 3339, seconds; absent where the real one leaves it out too. */
  time: string | undefined;
  fields: FieldSet;
}

/** By identity: name, operation, subresource, and for updates the version. Managers never change: others take their place. */
export type Managers = Map<string, Manager>;

/** What a manager never owns. */
const NOT_OWNED = fieldSet(
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => ['f:metadata', `f:${name}`]),
);

/** At most this many entries of updates; older ones are merged. */
const MOST_UPDATERS = 10;
const ANCIENT = 'ancient-changes';

/** The identity as the real one writes it, which also orders managers in messages. */
export function managerId(manager: Omit<Manager, 'fields' | 'time'>): string {
  const { name, operation, apiVersion, subresource } = manager;
  return JSON.stringify({
    manager: name,
    operation,
    ...(operation === 'Update' ? { apiVersion } : {}),
    ...(subresource === '' ? {} : { subresource }),
  });
}

export function addManager(managers: Managers, manager: Manager): void {
  managers.set(managerId(manager), manager);
}

/** What was written once is not read again, and what is read from there not written again: most writes change one entry. */
const entryOf = new WeakMap<Manager, ManagedFieldsEntry>();
const known = new WeakMap<object, { id: string; manager: Manager }>();

/** Undefined when the entries are not what the API allows. */
export function readManagers(entries: unknown): Managers | undefined {
  const managers: Managers = new Map();
  if (entries === undefined || entries === null) return managers;
  if (!Array.isArray(entries)) return undefined;
  for (const entry of entries as unknown[]) {
    const read = isObject(entry) ? known.get(entry) : undefined;
    if (read !== undefined) {
      managers.set(read.id, read.manager);
      continue;
    }
    const manager = readEntry(entry);
    if (manager === undefined) return undefined;
    addManager(managers, manager);
  }
  return managers;
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

function readEntry(entry: unknown): Manager | undefined {
  if (!isObject(entry)) return undefined;
  const { operation, fieldsType } = entry;
  const apiVersion = textOf(entry.apiVersion);
  const fields = fromFieldsV1(entry.fieldsV1);
  if ((operation !== 'Apply' && operation !== 'Update') || apiVersion === '' || fieldsType !== 'FieldsV1')
    return undefined;
  if (fields === undefined) return undefined;
  const time = textOf(entry.time);
  return {
    name: textOf(entry.manager),
    operation,
    apiVersion,
    subresource: textOf(entry.subresource),
    time: time === '' ? undefined : time,
    fields,
  };
}

/** Undefined when nobody owns anything. Sorted: appliers first, then by time and name. Entries are shared: never change them. */
export function writeManagers(managers: Managers): ManagedFieldsEntry[] | undefined {
  if (managers.size === 0) return undefined;
  return [...managers].sort(([, a], [, b]) => compareManagers(a, b)).map(([id, manager]) => writeEntry(id, manager));
}

function writeEntry(id: string, manager: Manager): ManagedFieldsEntry {
  const written = entryOf.get(manager);
  if (written !== undefined) return written;
  const { name, operation, apiVersion, subresource, time, fields } = manager;
  const entry: ManagedFieldsEntry = {
    manager: name,
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(fields),
    ...(subresource === '' ? {} : { subresource }),
  };
  entryOf.set(manager, entry);
  known.set(entry, { id, manager });
  return entry;
}

const secondsOf = ({ time }: Manager) => (time === undefined ? 0 : Math.floor(Date.parse(time) / 1000));
const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function compareManagers(a: Manager, b: Manager): number {
  return (
    compareTexts(a.operation, b.operation) ||
    secondsOf(a) - secondsOf(b) ||
    compareTexts(a.name, b.name) ||
    compareTexts(a.apiVersion, b.apiVersion) ||
    compareTexts(a.subresource, b.subresource)
  );
}

/** How the change looks in another served version; undefined when that version is gone. */
export type CompareAt = (apiVersion: string) => Comparison | undefined;

/** Which fields of which others the change touches. Managers of versions that are gone are dropped. */
export function conflictsOf(managers: Managers, self: string, compareAt: CompareAt): Map<string, FieldSet> {
  const conflicts = new Map<string, FieldSet>();
  const changes = new Map<Comparison, FieldSet>();
  for (const [id, manager] of managers) {
    if (id === self) continue;
    const comparison = compareAt(manager.apiVersion);
    if (comparison === undefined) {
      managers.delete(id);
      continue;
    }
    const changed = changes.get(comparison) ?? union(comparison.modified, comparison.added);
    changes.set(comparison, changed);
    const touched = intersection(manager.fields, changed);
    if (touched.size > 0) conflicts.set(id, touched);
  }
  return conflicts;
}

/** Takes from everybody else what the change took over or removed, and drops those left with nothing. */
export function takeOver(
  managers: Managers,
  self: string,
  conflicts: Map<string, FieldSet>,
  compareAt: CompareAt,
): void {
  for (const [id, manager] of managers) {
    if (id !== self) {
      const lost = conflicts.get(id);
      let fields = lost === undefined ? manager.fields : difference(manager.fields, lost);
      const removed = compareAt(manager.apiVersion)?.removed;
      if (removed !== undefined) fields = difference(fields, removed);
      if (fields !== manager.fields) managers.set(id, { ...manager, fields });
    }
    if (managers.get(id)?.fields.size === 0) managers.delete(id);
  }
}

/** What one may own of these fields. */
export const ownable = (fields: FieldSet): FieldSet => difference(fields, NOT_OWNED);

/** Merges the oldest updates into one entry for each version until there are no more than ten. */
export function capUpdaters(managers: Managers): void {
  const updaters = [...managers].filter(([, { operation }]) => operation === 'Update');
  let count = updaters.length;
  if (count <= MOST_UPDATERS) return;
  updaters.sort(([idA, a], [idB, b]) => secondsOf(a) - secondsOf(b) || compareTexts(idA, idB));
  const firstOf = new Map<string, string>();
  for (const [id, manager] of updaters) {
    if (count <= MOST_UPDATERS) return;
    const { apiVersion } = manager;
    const first = firstOf.get(apiVersion);
    if (first === undefined) {
      firstOf.set(apiVersion, id);
      continue;
    }
    const bucket = { name: ANCIENT, operation: 'Update' as const, apiVersion, subresource: '' };
    const bucketId = managerId(bucket);
    const older = managers.get(bucketId) ?? managers.get(first);
    if (!managers.has(bucketId)) managers.delete(first);
    managers.delete(id);
    managers.set(bucketId, {
      ...bucket,
      // The newest of what was merged.
      time: manager.time,
      fields: older === undefined ? manager.fields : union(older.fields, manager.fields),
    });
    count--;
  }
}
