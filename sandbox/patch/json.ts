/** Small tools for parsed JSON that came from anywhere: keys such as `__proto__` are keys like all others. */
import { badRequest } from '../api/failure.ts';
import { copyJson, sameJson } from '../json-value.ts';

export { copyJson, sameJson };

export type JsonObject = Record<string, unknown>;

/** Objects nest this deep at most; deeper ones would exhaust the stack of what walks them. Far beyond any real manifest. */
const DEEPEST = 500;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object's own value of `key`; undefined when there is none. */
export function get(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

export function put(object: JsonObject, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  } else object[key] = value;
}

/** Refuses what nests too deep to be walked. Iterative itself. */
export function checkDepth(value: unknown): void {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) throw badRequest('error decoding patch: exceeded max depth');
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item === 'object' && item !== null) for (const child of Object.values(item)) next.push(child);
    }
    level = next;
  }
}
