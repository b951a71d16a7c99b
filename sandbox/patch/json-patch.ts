/** RFC 6902 as the apiserver applies it: with the leniencies of its library, and one answer to everything that fails. */
import { ApiFailure, badRequest } from '../api/failure.ts';
import { jsonKind } from './go-text.ts';
import { checkDepth, copyJson, get, isObject, type JsonObject, put, sameJson } from './json.ts';

/** `maxJSONPatchOperations` of the apiserver. */
const MOST_OPERATIONS = 10_000;
/** Its `AccumulatedCopySizeLimit`: the size of a request's body. */
const MOST_COPIED_BYTES = 3 * 1024 * 1024;
/** Ours: half a second of moving the items of huge lists. */
const MOST_MOVED = 1_000_000_000;
const TEXT_FIELDS = ['op', 'path', 'from'] as const;
const KNOWN_FIELDS: ReadonlySet<string> = new Set([...TEXT_FIELDS, 'value']);

/** The 422 whose cause the real server keeps to itself. */
export function rejected(): ApiFailure {
  return new ApiFailure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

/** The patched copy of `original`, which may be of any form. Throws `ApiFailure`. */
export function applyJsonPatch(original: unknown, patch: unknown): unknown {
  checkDepth(patch);
  const operations = readOperations(patch);
  const costs: Costs = { copied: 0, moved: 0 };
  let root: unknown = copyJson(original);
  for (const operation of operations) {
    if (operation === null) throw rejected();
    root = applyOperation(root, operation, costs);
  }
  return root;
}

/** What operations add up to. */
interface Costs {
  /** Bytes: copies of copies grow without end. */
  copied: number;
  /** Items that made place for others. */
  moved: number;
}

function countedCopy(value: unknown, costs: Costs): unknown {
  costs.copied += Buffer.byteLength(JSON.stringify(value) ?? '');
  if (costs.copied > MOST_COPIED_BYTES) throw rejected();
  return copyJson(value);
}

function splice(list: unknown[], at: number, removed: number, added: readonly unknown[], costs: Costs): void {
  costs.moved += list.length - at;
  if (costs.moved > MOST_MOVED) throw rejected();
  list.splice(at, removed, ...added);
}

/** Fields of operations that nobody knows, for warnings and strict validation: `json patch unknown field "[0].foo"`. */
export function unknownOperationFields(patch: unknown): string[] {
  if (!Array.isArray(patch)) return [];
  return patch.flatMap((operation: unknown, index) =>
    isObject(operation)
      ? Object.keys(operation)
          .filter((field) => !KNOWN_FIELDS.has(field))
          .map((field) => `json patch unknown field "[${index}].${field}"`)
      : [],
  );
}

function readOperations(patch: unknown): (JsonObject | null)[] {
  if (patch === null) return [];
  if (!Array.isArray(patch)) throw cannotRead(patch, 'value of type []handlers.jsonPatchOp');
  for (const operation of patch as unknown[]) {
    if (operation === null) continue;
    if (!isObject(operation)) throw cannotRead(operation, 'value of type handlers.jsonPatchOp');
    for (const field of TEXT_FIELDS) {
      const value = get(operation, field) ?? '';
      if (typeof value !== 'string') throw cannotRead(value, `struct field jsonPatchOp.${field} of type string`);
    }
  }
  if (patch.length > MOST_OPERATIONS) {
    throw new ApiFailure(
      413,
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${MOST_OPERATIONS}, got ${patch.length}`,
    );
  }
  return patch as (JsonObject | null)[];
}

function cannotRead(value: unknown, into: string): ApiFailure {
  return badRequest(`error decoding patch: json: cannot unmarshal ${jsonKind(value)} into Go ${into}`);
}

function applyOperation(root: unknown, operation: JsonObject, costs: Costs): unknown {
  const path = get(operation, 'path');
  if (typeof path !== 'string') throw rejected();
  const value = copyJson(get(operation, 'value') ?? null);
  switch (get(operation, 'op')) {
    case 'add':
      addAt(root, path, value, costs);
      return root;
    case 'remove':
      removeAt(root, path, costs);
      return root;
    case 'replace':
      return replaceAt(root, path, value);
    case 'move': {
      const from = textOf(operation, 'from');
      const moved = readAt(root, from);
      removeAt(root, from, costs);
      addAt(root, path, moved ?? null, costs);
      return root;
    }
    case 'copy':
      addAt(root, path, countedCopy(readAt(root, textOf(operation, 'from')) ?? null, costs), costs);
      return root;
    case 'test':
      // A missing field equals null, as in the library.
      if (!sameJson(path === '' ? root : (readAt(root, path) ?? null), value)) throw rejected();
      return root;
    default:
      throw rejected();
  }
}

function textOf(operation: JsonObject, field: string): string {
  const value = get(operation, field);
  if (typeof value !== 'string') throw rejected();
  return value;
}

interface Place {
  container: JsonObject | unknown[];
  key: string;
}

/** Where the last step of `path` leads from. What stands before the first slash does not count, as in the library. */
function placeOf(root: unknown, path: string): Place {
  const steps = path.split('/').slice(1).map(unescapeStep);
  const key = steps.pop();
  if (key === undefined) throw rejected();
  let container = root;
  for (const step of steps) container = isContainer(container) ? readFrom(container, step) : undefined;
  if (!isContainer(container)) throw rejected();
  return { container, key };
}

function isContainer(value: unknown): value is JsonObject | unknown[] {
  return typeof value === 'object' && value !== null;
}

const unescapeStep = (step: string) => step.replace(/~[01]/g, (escaped) => (escaped === '~1' ? '/' : '~'));

/** An index as Go's Atoi reads it; negative ones count from the end. */
function indexOf(step: string, length: number): number {
  if (!/^[+-]?\d{1,15}$/.test(step)) throw rejected();
  const index = Number(step);
  const resolved = index < 0 ? index + length : index;
  if (resolved < 0 || resolved >= length) throw rejected();
  return resolved;
}

function readFrom(container: JsonObject | unknown[], key: string): unknown {
  return Array.isArray(container) ? container[indexOf(key, container.length)] : get(container, key);
}

function readAt(root: unknown, path: string): unknown {
  const { container, key } = placeOf(root, path);
  return readFrom(container, key);
}

function addAt(root: unknown, path: string, value: unknown, costs: Costs): void {
  const { container, key } = placeOf(root, path);
  if (!Array.isArray(container)) put(container, key, value);
  else if (key === '-') container.push(value);
  else splice(container, indexOf(key, container.length + 1), 0, [value], costs);
}

function removeAt(root: unknown, path: string, costs: Costs): void {
  const { container, key } = placeOf(root, path);
  if (Array.isArray(container)) splice(container, indexOf(key, container.length), 1, [], costs);
  else if (Object.hasOwn(container, key)) delete container[key];
  else throw rejected();
}

/** A missing field of an object is added: the library looks for the container only. */
function replaceAt(root: unknown, path: string, value: unknown): unknown {
  if (path === '') {
    if (!isContainer(value)) throw rejected();
    return value;
  }
  const { container, key } = placeOf(root, path);
  if (Array.isArray(container)) container[indexOf(key, container.length)] = value;
  else put(container, key, value);
  return root;
}
