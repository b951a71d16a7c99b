/** Whether an applied configuration fits its schema, in the words of structured-merge-diff. */
import { type Element, elementText, fieldElement } from './field-element.ts';
import { goSyntax, goText, goType } from './go-text.ts';
import { isObject, type JsonObject } from './json.ts';
import { itemElement, ShapeError } from './list-items.ts';
import { type ListShape, type MapShape, narrow, type Shape } from './shape.ts';

/** All problems as one text, undefined when there are none: `.spec.replicas: expected numeric (int or float), got string`. */
export function shapeProblem(applied: unknown, shape: Shape): string | undefined {
  const problems: string[] = [];
  const path: Element[] = [];
  const report = (text: string) =>
    problems.push(path.length === 0 ? text : `${path.map(elementText).join('')}: ${text}`);

  function visit(value: unknown, of: Shape): void {
    const { map, scalar, list } = narrow(of, value);
    if (value === null) return;
    if (map !== undefined) visitMap(value, map);
    else if (scalar !== undefined) checkScalar(value, scalar);
    else if (list !== undefined) visitList(value, list);
  }

  function checkScalar(value: unknown, scalar: NonNullable<Shape['scalar']>): void {
    if (scalar === 'any') {
      if (typeof value === 'object') report(`expected any scalar, got &{${goText(value)}}`);
    } else if (scalar === 'numeric') {
      if (typeof value !== 'number') report(`expected numeric (int or float), got ${goType(value)}`);
    } else if (scalar === 'boolean') {
      if (typeof value !== 'boolean') report(`expected boolean, got &{${goText(value)}}`);
    } else if (typeof value !== 'string') {
      report(`expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`);
    }
  }

  function visitMap(value: unknown, map: MapShape): void {
    if (!isObject(value)) {
      report(`expected map, got &{${goText(value)}}`);
      return;
    }
    for (const [name, child] of Object.entries(value as JsonObject)) {
      const of = map.field(name)?.shape() ?? map.other();
      path.push(fieldElement(name));
      if (of === undefined) report('field not declared in schema');
      else visit(child, of);
      path.pop();
      // The real one looks no further in this object either.
      if (of === undefined) return;
    }
  }

  function visitList(value: unknown, list: ListShape): void {
    if (!Array.isArray(value)) {
      report(`expected list, got &{${goText(value)}}`);
      return;
    }
    const seen = new Set<Element>();
    for (const [index, item] of value.entries()) {
      const element = list.kind === 'atomic' ? `i:${index}` : identify(list, item, index);
      if (element === undefined) return;
      if (list.kind !== 'atomic' && seen.has(element)) report(`duplicate entries for key ${elementText(element)}`);
      seen.add(element);
      path.push(element);
      visit(item, list.item());
      path.pop();
    }
  }

  function identify(list: ListShape, item: unknown, index: number): Element | undefined {
    try {
      return itemElement(list, item);
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      report(`element ${index}: ${error.message}`);
      return undefined;
    }
  }

  visit(applied, shape);
  return problems.length > 1 ? `errors:\n${problems.map((text) => `  ${text}`).join('\n')}` : problems[0];
}
