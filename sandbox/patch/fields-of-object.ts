/** The fields that an object names, and operations on objects by sets of fields. */
import { type Element, fieldElement } from './field-element.ts';
import { EMPTY, type FieldNode, type FieldSet, FieldSetBuilder, nodeOf } from './field-set.ts';
import { isObject, type JsonObject, put } from './json.ts';
import { itemElement, itemsByElement } from './list-items.ts';
import { isEmpty, type ListShape, type MapShape, narrow, type Shape } from './shape.ts';

/** Every leaf and every item; a struct field that only holds others is no member of its own. Throws `ShapeError`. */
export function fieldsOf(object: unknown, shape: Shape): FieldSet {
  const set = new FieldSetBuilder();
  const path: Element[] = [];

  function visit(value: unknown, of: Shape): void {
    const { map, scalar, list } = narrow(of, value);
    if (map !== undefined) visitMap(value, map);
    else if (scalar !== undefined) set.add(path);
    else if (list !== undefined) visitList(value, list);
  }

  function visitMap(value: unknown, map: MapShape): void {
    if (map.atomic) set.add(path);
    else if (isObject(value)) {
      for (const [name, child] of Object.entries(value)) {
        const field = map.field(name);
        const of = field?.shape() ?? map.other();
        path.push(fieldElement(name));
        if (of !== undefined) visit(child, of);
        if (field === undefined || child === null || (isObject(child) && isEmpty(child))) set.add(path);
        path.pop();
      }
    }
  }

  function visitList(value: unknown, list: ListShape): void {
    if (list.kind === 'atomic') set.add(path);
    else if (Array.isArray(value)) {
      for (const [element, items] of itemsByElement(list, value)) {
        path.push(element);
        if (items.length === 1) visit(items[0], list.item());
        set.add(path);
        path.pop();
      }
    }
  }

  visit(object, shape);
  return set.build();
}

/** The set with all declared fields on the way to its members as members too; keys of maps and items are left as they are. */
export function withNamedFields(set: FieldSet, shape: Shape | undefined): FieldSet {
  const result = new Map<Element, FieldNode>();
  for (const [element, node] of set) {
    const field = element.startsWith('f:') ? shape?.map?.field(element.slice(2)) : undefined;
    const of = element.startsWith('f:')
      ? (field?.shape() ?? shape?.map?.other())
      : element.startsWith('k:')
        ? shape?.list?.item()
        : undefined;
    const below = node.below === undefined ? EMPTY : withNamedFields(node.below, of);
    result.set(element, nodeOf(node.member || field !== undefined, below));
  }
  return result;
}

/** The value without the fields and items of the set; null where nothing of a map or list is left. */
export function removeFields(value: unknown, set: FieldSet, shape: Shape): unknown {
  const { map, scalar, list } = narrow(shape, value);
  if (map !== undefined) return isObject(value) && !map.atomic ? removeFromMap(value, set, map) : null;
  if (scalar !== undefined) return value;
  return Array.isArray(value) && list !== undefined && list.kind !== 'atomic' ? removeFromList(value, set, list) : null;
}

function removeFromMap(object: JsonObject, set: FieldSet, map: MapShape): JsonObject | null {
  const kept: JsonObject = {};
  for (const [name, value] of Object.entries(object)) {
    const node = set.get(fieldElement(name));
    const of = map.field(name)?.shape() ?? map.other();
    if (node?.member) continue;
    put(kept, name, node?.below === undefined || of === undefined ? value : removeFields(value, node.below, of));
  }
  return isEmpty(kept) ? null : kept;
}

function removeFromList(items: readonly unknown[], set: FieldSet, list: ListShape): unknown[] | null {
  const kept: unknown[] = [];
  for (const item of items) {
    const node = set.get(itemElement(list, item));
    if (node?.member) continue;
    kept.push(node?.below === undefined ? item : removeFields(item, node.below, list.item()));
  }
  return kept.length === 0 ? null : kept;
}
