import type { Requirement, Selector } from '../types.ts';
import type { SelectorUse } from './selector-use.ts';

/** Of a drawer that asks only for the key. No label value is longer than 63 characters, so none is this. */
const EXISTS = '*'.repeat(64);

/** What is pushed to makes room ahead, seventeen places at once: short lists, and there are tens of thousands, are made anew instead. */
const FEW = 8;

/** The selectors of one kind and scope (a namespace, or all of them), filed under one positive requirement each. */
export class SelectorFiles {
  readonly #drawers = new Map<string, Map<string, SelectorUse[]>>();

  /** Files it under its rarest requirement: the one whose drawers hold least. False where it has no positive one. */
  add(use: SelectorUse, selector: Selector): boolean {
    const keys = this.#rarest(selector);
    if (keys === undefined) return false;
    for (const value of keys.values) this.#file(use, keys.key, value);
    return true;
  }

  /** It lies under one of the requirements of its selector; which one is not noted. */
  remove(use: SelectorUse, selector: Selector): void {
    for (const requirement of selector) {
      const drawers = this.#drawers.get(requirement.key);
      for (const value of drawers === undefined ? [] : (drawerValues(requirement) ?? [])) {
        const uses = drawers?.get(value);
        const at = uses?.indexOf(use) ?? -1;
        if (at < 0) continue;
        uses?.splice(at, 1);
        if (uses?.length === 0) drawers?.delete(value);
      }
      if (drawers?.size === 0) this.#drawers.delete(requirement.key);
    }
  }

  get empty(): boolean {
    return this.#drawers.size === 0;
  }

  /** Those that may select something with these labels. */
  candidates(labels: Readonly<Record<string, string>>, visit: (use: SelectorUse) => void): void {
    for (const key in labels) {
      const drawers = this.#drawers.get(key);
      if (drawers === undefined) continue;
      for (const use of drawers.get(labels[key] ?? '') ?? []) visit(use);
      for (const use of drawers.get(EXISTS) ?? []) visit(use);
    }
  }

  #rarest(selector: Selector): { key: string; values: readonly string[] } | undefined {
    let best: { key: string; values: readonly string[] } | undefined;
    let bestSize = Number.POSITIVE_INFINITY;
    for (const requirement of selector) {
      const values = drawerValues(requirement);
      if (values === undefined) continue;
      let size = values[0] === EXISTS ? 1000 : values.length;
      for (const value of values) size += this.#drawers.get(requirement.key)?.get(value)?.length ?? 0;
      if (size >= bestSize) continue;
      best = { key: requirement.key, values };
      bestSize = size;
    }
    return best;
  }

  #file(use: SelectorUse, key: string, value: string): void {
    let drawers = this.#drawers.get(key);
    if (drawers === undefined) {
      drawers = new Map();
      this.#drawers.set(key, drawers);
    }
    const drawer = drawers.get(value);
    if (drawer === undefined) drawers.set(value, [use]);
    else if (drawer.length < FEW) drawers.set(value, [...drawer, use]);
    else drawer.push(use);
  }
}

function drawerValues(requirement: Requirement): readonly string[] | undefined {
  if (requirement.op === 'in') return [...new Set(requirement.values)];
  return requirement.op === 'exists' ? [EXISTS] : undefined;
}

/** Has a requirement that it can be filed under. */
export function isPositive(selector: Selector): boolean {
  return selector.some((requirement) => requirement.op === 'in' || requirement.op === 'exists');
}
