/** Untyped JSON looked at safely, and the few typed views that the registry needs of it. */
import { copyJson, sameJson, sharing } from '../json-value.ts';
import type { KubeObject } from '../types.ts';

export { copyJson, sameJson, sharing };

export type Json = Record<string, unknown>;

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The record at `path`, or an empty one that stands nowhere. */
export function recordAt(value: unknown, ...path: readonly string[]): Json {
  const found = valueAt(value, ...path);
  return isRecord(found) ? found : {};
}

export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const key of path) at = isRecord(at) ? at[key] : undefined;
  return at;
}

/** The records of the list at `path`; whatever else is in it is left out. */
export function recordsAt(value: unknown, ...path: readonly string[]): Json[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : '';
}

export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

/** The texts of a string map; what is no text is left out. */
export function textsAt(value: unknown, ...path: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(recordAt(value, ...path)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The record at `path`, put there when there is none. */
export function ensureRecord(object: Json, ...path: readonly string[]): Json {
  let at = object;
  for (const key of path) {
    const next = at[key];
    if (isRecord(next)) at = next;
    else {
      const made: Json = {};
      at[key] = made;
      at = made;
    }
  }
  return at;
}

/** A copy to change. */
export function copyOf(object: KubeObject): KubeObject {
  return copyJson(object);
}

/** Sets a member, or takes it away when there is no value. */
export function assign<T extends object, K extends keyof T>(object: T, key: K, value: T[K] | undefined): void {
  if (value === undefined) delete object[key];
  else object[key] = value;
}
