/** RFC 7386 (`application/merge-patch+json`). */
import { badRequest } from '../api/failure.ts';
import { jsonKind } from './go-text.ts';
import { checkDepth, copyJson, get, isObject, type JsonObject, put } from './json.ts';

/** The patched copy of `original`. Throws `ApiFailure`. */
export function applyMergePatch(original: JsonObject, patch: unknown): JsonObject {
  checkDepth(patch);
  if (patch === null) throw badRequest('Invalid JSON Patch');
  if (!isObject(patch)) {
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${jsonKind(patch)} into Go value of type map[string]interface {}`,
    );
  }
  return mergeObjects(copyJson(original), copyJson(patch));
}

function mergeObjects(into: JsonObject, patch: JsonObject): JsonObject {
  for (const [key, value] of Object.entries(patch)) {
    const current = get(into, key);
    if (value === null) delete into[key];
    else if (isObject(current)) put(into, key, isObject(value) ? mergeObjects(current, value) : value);
    else put(into, key, withoutNulls(value));
  }
  return into;
}

/** Nulls say what to remove, and there is nothing. Those that are items of lists stay. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  for (const [key, child] of Object.entries(value)) {
    if (child === null) delete value[key];
    else put(value, key, withoutNulls(child));
  }
  return value;
}
