/** Sets of fields: who owns what, as FieldsV1 says it. A tree of steps; a path is a member or only leads to members. */
import { compareElements, type Element, type Path, readElement } from './field-element.ts';
import { isObject } from './json.ts';

export type FieldSet = ReadonlyMap<Element, FieldNode>;

export interface FieldNode {
  readonly member: boolean;
  /** Never empty. */
  readonly below?: FieldSet;
}

export const EMPTY: FieldSet = new Map();

/** Deeper texts are no field sets of real objects. */
const DEEPEST = 200;

/** Collects paths; the set must not be used before all is added. */
export class FieldSetBuilder {
  readonly #root = new Map<Element, MutableNode>();

  /** The empty path, the object itself, is never a member. */
  add(path: Path): void {
    let level = this.#root;
    for (const [index, element] of path.entries()) {
      let node = level.get(element);
      if (node === undefined) {
        node = { member: false };
        level.set(element, node);
      }
      if (index === path.length - 1) node.member = true;
      else {
        node.below ??= new Map();
        level = node.below;
      }
    }
  }

  build(): FieldSet {
    return this.#root;
  }
}

interface MutableNode {
  member: boolean;
  below?: Map<Element, MutableNode>;
}

export function fieldSet(...paths: readonly Path[]): FieldSet {
  const builder = new FieldSetBuilder();
  for (const path of paths) builder.add(path);
  return builder.build();
}

export function hasPath(set: FieldSet, path: Path): boolean {
  let level: FieldSet | undefined = set;
  for (const [index, element] of path.entries()) {
    const node: FieldNode | undefined = level?.get(element);
    if (index === path.length - 1) return node?.member === true;
    level = node?.below;
  }
  return false;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a.size === 0 || a === b) return b;
  if (b.size === 0) return a;
  const result = new Map(a);
  for (const [element, node] of b) {
    const mine = result.get(element);
    result.set(
      element,
      mine === undefined ? node : nodeOf(mine.member || node.member, union(mine.below ?? EMPTY, node.below ?? EMPTY)),
    );
  }
  return result;
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, (element, node) => {
    const other = b.get(element);
    if (other === undefined) return undefined;
    return nodeOf(node.member && other.member, intersection(node.below ?? EMPTY, other.below ?? EMPTY));
  });
}

/** Members of `a` that are not members of `b`, path by path: a parent in `b` takes nothing from its children in `a`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (b.size === 0) return a;
  return combine(a, (element, node) => {
    const other = b.get(element);
    if (other === undefined) return node;
    return nodeOf(node.member && !other.member, difference(node.below ?? EMPTY, other.below ?? EMPTY));
  });
}

/** As `difference`, but a member of `b` takes all that is beneath it along. */
export function withoutTrees(a: FieldSet, b: FieldSet): FieldSet {
  if (b.size === 0) return a;
  return combine(a, (element, node) => {
    const other = b.get(element);
    if (other === undefined) return node;
    return other.member ? undefined : nodeOf(node.member, withoutTrees(node.below ?? EMPTY, other.below ?? EMPTY));
  });
}

function combine(
  set: FieldSet,
  change: (element: Element, node: FieldNode) => FieldNode | undefined,
): Map<Element, FieldNode> {
  const result = new Map<Element, FieldNode>();
  for (const [element, node] of set) {
    const changed = change(element, node);
    if (changed !== undefined && (changed.member || changed.below !== undefined)) result.set(element, changed);
  }
  return result;
}

export function nodeOf(member: boolean, below: FieldSet): FieldNode {
  return below.size === 0 ? { member } : { member, below };
}

export function sameFields(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [element, node] of a) {
    const other = b.get(element);
    if (other === undefined || node.member !== other.member) return false;
    if (!sameFields(node.below ?? EMPTY, other.below ?? EMPTY)) return false;
  }
  return true;
}

const sortedElements = (set: FieldSet) => [...set.keys()].sort(compareElements);

/** All members in the order of the real one: those of a level, then what is beneath them. */
export function pathsOf(set: FieldSet, prefix: Path = []): Path[] {
  const elements = sortedElements(set);
  const members = elements.filter((element) => set.get(element)?.member).map((element) => [...prefix, element]);
  return [
    ...members,
    ...elements.flatMap((element) => pathsOf(set.get(element)?.below ?? EMPTY, [...prefix, element])),
  ];
}

/** In canonical order; `.` marks a member that has others beneath it. */
export function toFieldsV1(set: FieldSet): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const element of sortedElements(set)) {
    const node = set.get(element);
    const below = node?.below === undefined ? {} : toFieldsV1(node.below);
    fields[element] = node?.member && node.below !== undefined ? { '.': {}, ...below } : below;
  }
  return fields;
}

/** Undefined when it is no field set. Steps of kinds that are not known are left out. */
export function fromFieldsV1(fields: unknown): FieldSet | undefined {
  return readLevel(fields, 0)?.set;
}

function readLevel(fields: unknown, depth: number): { set: FieldSet; self: boolean } | undefined {
  const set = new Map<Element, FieldNode>();
  if (fields === null || fields === undefined) return { set, self: false };
  if (!isObject(fields) || depth > DEEPEST) return undefined;
  let self = false;
  for (const [key, value] of Object.entries(fields)) {
    if (key === '.') {
      self = true;
      continue;
    }
    const element = readElement(key);
    if (element === 'invalid') return undefined;
    if (element === 'unknown') continue;
    const level = readLevel(value, depth + 1);
    if (level === undefined) return undefined;
    set.set(element, nodeOf(level.self || level.set.size === 0, level.set));
  }
  return { set, self };
}
