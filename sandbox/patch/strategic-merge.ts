/** Strategic merge patch as the apiserver applies it to its own kinds: lists merge by key, directives say the rest. */
import { type ApiFailure, badRequest } from '../api/failure.ts';
import type { Schema } from '../kinds/schema.ts';
import { goText, goType, jsonKind } from './go-text.ts';
import { checkDepth, copyJson, get, isObject, type JsonObject, put, sameJson } from './json.ts';
import { rejected } from './json-patch.ts';
import { inOrder, keyBy } from './merge-list-order.ts';
import {
  bareError,
  type FieldMeta,
  fieldMeta,
  listMeta,
  type PatchType,
  patchType,
  type Resolve,
} from './patch-meta.ts';

const DIRECTIVE = '$patch';
const RETAIN_KEYS = '$retainKeys';
const DELETE_PREFIX = '$deleteFromPrimitiveList';
const ORDER_PREFIX = '$setElementOrder';

/** The patched copy of `original`. Throws `ApiFailure`; a kind without a schema has no strategic merge. */
export function strategicMerge(
  original: JsonObject,
  patch: unknown,
  schema: Schema | undefined,
  resolve: Resolve,
): JsonObject {
  checkDepth(patch);
  if (schema === undefined) throw badRequest('strategic merge patch format is not supported');
  if (patch === null) return copyJson(original);
  if (!isObject(patch)) {
    throw badRequest(`json: cannot unmarshal ${jsonKind(patch)} into Go value of type map[string]interface {}`);
  }
  return mergeMap(copyJson(original), copyJson(patch), patchType(schema, resolve), resolve);
}

function mergeMap(original: JsonObject, patch: JsonObject, type: PatchType, resolve: Resolve): JsonObject {
  if (Object.hasOwn(patch, DIRECTIVE)) return byDirective(patch);
  retainKeys(original, patch);
  for (const key of Object.keys(patch)) {
    if (key.startsWith(ORDER_PREFIX)) mergeOrdered(original, patch, key, type, resolve);
  }
  for (const [given, value] of Object.entries(patch)) {
    const deletes = given.startsWith(DELETE_PREFIX);
    const key = deletes ? afterPrefix(given, DELETE_PREFIX, 'invalid patch format of primitive list') : given;
    if (value === null) delete original[key];
    else mergeField(original, key, value, deletes, type, resolve);
  }
  return original;
}

function byDirective(patch: JsonObject): JsonObject {
  const { [DIRECTIVE]: directive, ...rest } = patch;
  if (directive === 'replace') return rest;
  if (directive === 'delete') return {};
  throw unknownDirective(directive, patch);
}

const unknownDirective = (directive: unknown, map: JsonObject): ApiFailure =>
  bareError(`unknown patch type: ${goText(directive)} in map: ${goText(map)}`);

/** Drops what `$retainKeys` does not list; everything else in the patch must be listed. */
function retainKeys(original: JsonObject, patch: JsonObject): void {
  if (!Object.hasOwn(patch, RETAIN_KEYS)) return;
  const list = patch[RETAIN_KEYS];
  delete patch[RETAIN_KEYS];
  if (!Array.isArray(list)) throw badRequest('invalid patch format of retainKeys');
  const kept = new Set<unknown>(list);
  for (const [key, value] of Object.entries(patch)) {
    const listed = value === null || key.startsWith(DELETE_PREFIX) || key.startsWith(ORDER_PREFIX) || kept.has(key);
    if (!listed) throw badRequest('invalid patch format of retainKeys');
  }
  for (const key of Object.keys(original)) if (!kept.has(key)) delete original[key];
}

function afterPrefix(key: string, prefix: string, problem: string): string {
  if (!key.startsWith(`${prefix}/`)) throw badRequest(problem);
  return key.slice(prefix.length + 1);
}

function mergeField(
  original: JsonObject,
  key: string,
  value: unknown,
  deletes: boolean,
  type: PatchType,
  resolve: Resolve,
): void {
  const current = get(original, key);
  if (isObject(current) && isObject(value)) {
    const meta = fieldMeta(type, key, resolve);
    put(original, key, meta.strategy === 'replace' ? value : mergeMap(current, value, meta.type, resolve));
  } else if (Array.isArray(current) && Array.isArray(value)) {
    const meta = listMeta(type, key, resolve);
    const merges = meta.strategy === 'merge' || deletes;
    put(original, key, merges ? mergeList(current, value, meta, deletes, resolve) : value);
  } else if (!deletes) {
    const kept = withoutDirectives(isSameScalar(current, value) ? value : withoutNulls(value));
    if (kept === REMOVED) delete original[key];
    else put(original, key, kept);
  }
}

const isSameScalar = (a: unknown, b: unknown) => typeof a !== 'object' && typeof a === typeof b;

/** Null fields of something new say nothing. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) value.forEach(withoutNulls);
  else if (isObject(value)) {
    for (const [key, child] of Object.entries(value)) {
      if (child === null) delete value[key];
      else withoutNulls(child);
    }
  }
  return value;
}

const REMOVED = Symbol('removed');

/** Directives on something new have nothing to direct: what carries one is left out. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== REMOVED);
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, DIRECTIVE)) return REMOVED;
  for (const [key, child] of Object.entries(value)) {
    const kept = withoutDirectives(child);
    if (kept === REMOVED) delete value[key];
    else put(value, key, kept);
  }
  return value;
}

/** `$setElementOrder/x`: merges the list `x` of the patch, if there is one, and puts the result in the given order. */
function mergeOrdered(original: JsonObject, patch: JsonObject, directive: string, type: PatchType, resolve: Resolve) {
  const order = asList(patch[directive]);
  delete patch[directive];
  const key = afterPrefix(directive, ORDER_PREFIX, 'invalid patch format of setElementOrder list');
  const live = Object.hasOwn(original, key) ? asList(original[key]) : undefined;
  const given = Object.hasOwn(patch, key) ? asList(patch[key]) : undefined;
  const meta = listMeta(type, key, resolve);
  checkOrder(given ?? [], order, meta.mergeKey);
  if (live === undefined && given === undefined) return;
  let merged: unknown[];
  if (given === undefined) merged = [...(live ?? [])];
  else if (live === undefined) merged = withoutDirectives(given) as unknown[];
  else merged = meta.strategy === 'merge' ? mergeList([...live], given, meta, false, resolve) : [...given];
  if (meta.mergeKey !== '') checkMergeKeys(meta.mergeKey, merged, order);
  checkOneType(live ?? [], given ?? []);
  put(original, key, inOrder(merged, order, live ?? [], keyBy(meta.mergeKey)));
  delete patch[key];
}

function asList(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw bareError(`expected a []interface {}, but received a ${goType(value)}`);
  return value;
}

/** The items of the patch that are not deleted must stand in the order list, in the same relative order. */
function checkOrder(given: unknown[], order: unknown[], mergeKey: string): void {
  if (given.length === 0 || order.length === 0) return;
  const wanted =
    mergeKey === '' ? given : given.filter((item) => !(isObject(item) && get(item, DIRECTIVE) !== undefined));
  if (mergeKey !== '') checkMergeKeys(mergeKey, wanted, order);
  const keyOf = keyBy(mergeKey);
  let next = 0;
  for (const item of order) if (next < wanted.length && sameJson(keyOf(wanted[next]), keyOf(item))) next++;
  if (next < wanted.length) {
    throw bareError(
      `The order in patch list:\n${goText(given)}\n doesn't match ${ORDER_PREFIX} list:\n${goText(order)}\n`,
    );
  }
}

function checkMergeKeys(mergeKey: string, ...lists: unknown[][]): void {
  for (const item of lists.flat()) {
    if (!isObject(item)) throw bareError(`expected a map[string]interface {}, but received a ${goType(item)}`);
    if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey);
  }
}

const noMergeKey = (item: JsonObject, mergeKey: string): ApiFailure =>
  bareError(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);

/** Items of both lists are of one type; its Go name. */
function checkOneType(...lists: unknown[][]): string {
  const types = lists.flat().map(goType);
  const [first] = types;
  if (first === undefined) throw bareError('no elements in any of the given slices');
  if (first === '[]interface {}') throw rejected();
  if (types.some((type) => type !== first)) throw bareError(`list element types are not identical: ${goText(lists)}`);
  return first;
}

function mergeList(live: unknown[], patch: unknown[], meta: FieldMeta, deletes: boolean, resolve: Resolve): unknown[] {
  if (live.length === 0 && patch.length === 0) return live;
  if (checkOneType(live, patch) !== 'map[string]interface {}') {
    if (deletes) return live.filter((item) => !patch.includes(item));
    return inOrder([...new Set([...live, ...patch])], patch, live, keyBy(''));
  }
  if (meta.mergeKey === '') throw bareError('cannot merge lists without merge key for struct');
  return mergeObjects(live as JsonObject[], patch as JsonObject[], meta, resolve);
}

function mergeObjects(live: JsonObject[], patch: JsonObject[], meta: FieldMeta, resolve: Resolve): unknown[] {
  const { mergeKey, type } = meta;
  const plain = patch.filter((item) => !Object.hasOwn(item, DIRECTIVE));
  let kept = live;
  for (const item of patch) {
    switch (get(item, DIRECTIVE)) {
      case undefined:
      case 'replace':
        break;
      case 'delete':
        if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey);
        kept = kept.filter((other) => get(other, mergeKey) !== item[mergeKey]);
        break;
      case 'merge':
        throw bareError('merging lists cannot yet be specified in the patch');
      default:
        throw unknownDirective(item[DIRECTIVE], item);
    }
  }
  if (patch.some((item) => get(item, DIRECTIVE) === 'replace')) {
    checkMergeKeys(mergeKey, plain);
    return plain;
  }
  const merged = [...kept];
  for (const item of plain) {
    if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey);
    const at = merged.findIndex((other) => get(other, mergeKey) === item[mergeKey]);
    const current = merged[at];
    if (current === undefined) merged.push(item);
    else merged[at] = mergeMap(current, item, type, resolve);
  }
  checkMergeKeys(mergeKey, merged);
  return inOrder(merged, plain, kept, keyBy(mergeKey));
}
