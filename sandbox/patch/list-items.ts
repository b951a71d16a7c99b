/** What tells the items of a list apart, by its shape. */
import { type Element, keyElement, valueElement } from './field-element.ts';
import { isObject, type JsonObject } from './json.ts';
import type { ListShape } from './shape.ts';

/** An object that its schema cannot make sense of; the message is that of structured-merge-diff. */
export class ShapeError extends Error {}

/** The step to an item of a set or a list with keys. Throws `ShapeError` when the item has no identity. */
export function itemElement(list: ListShape, item: unknown): Element {
  return list.kind === 'keyed' ? keyedElement(list, item) : setElement(item);
}

function keyedElement(list: ListShape, item: unknown): Element {
  if (item === null) throw new ShapeError('associative list with keys may not have a null element');
  if (!isObject(item)) throw new ShapeError('associative list with keys may not have non-map elements');
  const keys: JsonObject = {};
  for (const key of list.keys) {
    const value = Object.hasOwn(item, key) ? item[key] : list.item().map?.field(key)?.default;
    if (value !== undefined && value !== null) keys[key] = value;
  }
  if (Object.keys(keys).length === 0 && list.keys.length > 0) {
    const names = list.keys.map((key) => JSON.stringify(key)).join(' ');
    throw new ShapeError(
      `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
    );
  }
  return keyElement(keys);
}

function setElement(item: unknown): Element {
  if (isObject(item)) throw new ShapeError("associative list without keys has an element that's a map type");
  if (Array.isArray(item)) throw new ShapeError('not supported: associative list with lists as elements');
  if (item === null) throw new ShapeError("associative list without keys has an element that's an explicit null");
  return valueElement(item);
}

/** Items by their steps, in order of first appearance; several where the list has duplicates. */
export function itemsByElement(list: ListShape, items: readonly unknown[]): Map<Element, unknown[]> {
  const found = new Map<Element, unknown[]>();
  for (const item of items) {
    const element = itemElement(list, item);
    const same = found.get(element);
    if (same === undefined) found.set(element, [item]);
    else same.push(item);
  }
  return found;
}
