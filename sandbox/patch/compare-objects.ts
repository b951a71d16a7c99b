/** What changed between two states of an object, field by field, as ownership counts it. */
import { type Element, fieldElement } from './field-element.ts';
import { type FieldSet, FieldSetBuilder } from './field-set.ts';
import { isObject, type JsonObject, sameJson } from './json.ts';
import { itemsByElement } from './list-items.ts';
import { fieldOf, isEmpty, type ListShape, type MapShape, narrow, type Shape } from './shape.ts';

export interface Comparison {
  added: FieldSet;
  modified: FieldSet;
  removed: FieldSet;
}

const METADATA = fieldElement('metadata');
const NO_ITEMS: readonly unknown[] = [];
const ATOMIC_LEAF = Symbol('leaf');

/** `structured`: the objects are Go structs on the real server. Managed fields are no field of their own. Throws `ShapeError`. */
export function compareObjects(before: unknown, after: unknown, shape: Shape, structured: boolean): Comparison {
  const [added, modified, removed] = [new FieldSetBuilder(), new FieldSetBuilder(), new FieldSetBuilder()];
  const path: Element[] = [];

  function visit(left: unknown, right: unknown, of: Shape): void {
    if (left === right) return;
    if (left === undefined) added.add(path);
    else if (right === undefined) removed.add(path);
    else if (isScalar(left) && isScalar(right)) {
      modified.add(path);
      return;
    }
    // Most of an object stays as it is, and need not be looked at item by item.
    if (sameJson(left, right)) return;
    const [before, after] = [narrow(of, left), narrow(of, right)];
    if (left !== undefined && right !== undefined && formOf(before) !== formOf(after)) {
      descend(left, right, before);
      descend(left, right, after);
    } else descend(left, right, right === undefined ? before : after);
  }

  function descend(left: unknown, right: unknown, of: Shape): void {
    const leaf =
      of.map !== undefined
        ? visitMap(left, right, of.map)
        : of.scalar === undefined && of.list !== undefined
          ? visitList(left, right, of.list)
          : ATOMIC_LEAF;
    if (leaf === ATOMIC_LEAF && left !== undefined && right !== undefined) modified.add(path);
  }

  function visitMap(left: unknown, right: unknown, map: MapShape): typeof ATOMIC_LEAF | undefined {
    const [l, r] = [isObject(left) ? left : undefined, isObject(right) ? right : undefined];
    const fields = namesOf(l, r, map, structured);
    if (map.atomic || (fields.size === 0 && isHollow(l) && isHollow(r))) return ATOMIC_LEAF;
    const other = map.other();
    const isMetadata = path.length === 1 && path[0] === METADATA;
    for (const name of fields) {
      if (isMetadata && name === 'managedFields') continue;
      const of = map.field(name)?.shape() ?? other;
      if (of === undefined) continue;
      const [before, after] = [l && fieldOf(l, name, map, structured), r && fieldOf(r, name, map, structured)];
      // An unset time, shown as null or not shown.
      if (structured && l !== undefined && r !== undefined && (before ?? null) === (after ?? null)) continue;
      path.push(fieldElement(name));
      visit(before, after, of);
      path.pop();
    }
    return undefined;
  }

  function visitList(left: unknown, right: unknown, list: ListShape): typeof ATOMIC_LEAF | undefined {
    const l = Array.isArray(left) ? left : NO_ITEMS;
    const r = Array.isArray(right) ? right : NO_ITEMS;
    if (list.kind === 'atomic' || (l.length === 0 && r.length === 0)) return ATOMIC_LEAF;
    const [before, after] = [itemsByElement(list, l), itemsByElement(list, r)];
    for (const element of new Set([...before.keys(), ...after.keys()])) {
      path.push(element);
      visitItems(before.get(element) ?? NO_ITEMS, after.get(element) ?? NO_ITEMS, list);
      path.pop();
    }
    return undefined;
  }

  /** Duplicates count as one value, owned as a whole. */
  function visitItems(before: readonly unknown[], after: readonly unknown[], list: ListShape): void {
    if (before.length <= 1 && after.length <= 1) visit(before[0], after[0], list.item());
    else if (before.length >= 2 && after.length >= 2) {
      if (!sameJson(before, after)) modified.add(path);
    } else if (before.length >= 2) {
      if (after.length > 0) visit(undefined, after[0], list.item());
      removed.add(path);
    } else {
      if (before.length > 0) visit(before[0], undefined, list.item());
      added.add(path);
    }
  }

  visit(before, after, shape);
  return { added: added.build(), modified: modified.build(), removed: removed.build() };
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' && value !== undefined;
}

const isHollow = (object: JsonObject | undefined) => object === undefined || isEmpty(object);

function formOf(shape: Shape): string {
  return `${shape.map !== undefined}${shape.scalar !== undefined}${shape.list !== undefined}`;
}

/** The fields that either side has, those included that a struct always shows. */
function namesOf(
  left: JsonObject | undefined,
  right: JsonObject | undefined,
  map: MapShape,
  structured: boolean,
): Set<string> {
  const names = new Set<string>();
  for (const side of [left, right]) if (side !== undefined) for (const name of Object.keys(side)) names.add(name);
  if (structured && map.zeros.size > 0 && (left === undefined) !== (right === undefined)) {
    for (const name of map.zeros.keys()) names.add(name);
  }
  return names;
}
