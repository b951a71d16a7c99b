/** Puts an applied configuration over a live object: what it names wins, everything else stays. */
import type { Element } from './field-element.ts';
import { isObject, type JsonObject, put } from './json.ts';
import { itemElement } from './list-items.ts';
import { isEmpty, type ListShape, type MapShape, narrow, type Shape } from './shape.ts';

/** Undefined when nothing is left. Shares what it does not change with its arguments. Throws `ShapeError`. */
export function mergeObjects(live: unknown, applied: unknown, shape: Shape): unknown {
  if (applied === undefined) return live;
  if (live === undefined) return applied;
  const of = narrow(shape, applied);
  if (of.map !== undefined) return mergeMaps(live, applied, of.map);
  if (of.scalar === undefined && of.list !== undefined) return mergeLists(live, applied, of.list);
  return applied;
}

/** Null stands for an empty map here: it takes nothing away. */
function mergeMaps(live: unknown, applied: unknown, map: MapShape): unknown {
  const [l, a] = [isObject(live) ? live : {}, isObject(applied) ? applied : {}];
  if (map.atomic || (isEmpty(l) && isEmpty(a))) return applied;
  const merged: JsonObject = {};
  for (const name of new Set([...Object.keys(l), ...Object.keys(a)])) {
    const of = map.field(name)?.shape() ?? map.other() ?? { scalar: 'any' };
    const value = mergeObjects(ownOf(l, name), ownOf(a, name), of);
    if (value !== undefined) put(merged, name, value);
  }
  return isEmpty(merged) ? undefined : merged;
}

const ownOf = (object: JsonObject, name: string) => (Object.hasOwn(object, name) ? object[name] : undefined);

function mergeLists(live: unknown, applied: unknown, list: ListShape): unknown {
  const l: unknown[] = Array.isArray(live) ? live : [];
  const a: unknown[] = Array.isArray(applied) ? applied : [];
  if (list.kind === 'atomic' || (l.length === 0 && a.length === 0)) return applied;
  const liveElements = l.map((item) => itemElement(list, item));
  const appliedElements = a.map((item) => itemElement(list, item));
  const liveAt = uniqueItems(liveElements, l);
  const appliedAt = uniqueItems(appliedElements, a);
  return mergedOrder(liveElements, appliedElements).map((step) =>
    step.from === 'live'
      ? l[step.index]
      : mergeObjects(liveAt.get(step.element), appliedAt.get(step.element), list.item()),
  );
}

/** Items by step; duplicates stand for nothing that could be merged with. */
function uniqueItems(elements: readonly Element[], items: readonly unknown[]): Map<Element, unknown> {
  const found = new Map<Element, unknown>();
  elements.forEach((element, index) => {
    found.set(element, found.has(element) ? null : items[index]);
  });
  return found;
}

type Step = { from: 'live'; index: number } | { from: 'applied'; element: Element };

/**
 * Applied items keep the order in which they were applied; items that only the live list has stay before the shared item
 * that they stood before. What both have is passed over in the live list when another shared item is due first.
 */
function mergedOrder(live: readonly Element[], applied: readonly Element[]): Step[] {
  const inLive = new Set(live);
  const inApplied = new Set(applied);
  const shared = applied.filter((element) => inLive.has(element));
  const done = new Set<Element>();
  const steps: Step[] = [];
  let due = 0;
  let next = 0;
  const take = (element: Element) => {
    steps.push({ from: 'applied', element });
    done.add(element);
    if (shared[due] === element) due++;
    next++;
  };
  for (let at = 0; at < live.length || next < applied.length; ) {
    const here = live[at];
    const wanted = applied[next];
    if (here !== undefined && here === wanted) {
      take(here);
      at++;
    } else if (here !== undefined && !inApplied.has(here)) {
      steps.push({ from: 'live', index: at });
      at++;
    } else if (here !== undefined && wanted !== undefined && due < shared.length && shared[due] !== here) at++;
    else {
      if (here !== undefined && done.has(here)) at++;
      if (wanted !== undefined) take(wanted);
    }
  }
  return steps;
}
