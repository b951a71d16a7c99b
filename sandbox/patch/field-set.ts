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
    const last = path.length - 1;
    for (let at = 0; at <= last; at++) {
      const element = path[at] ?? '';
      let node = level.get(element);
      if (node === undefined) {
        node = { member: false };
        level.set(element, node);
      }
      if (at === last) node.member = true;
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

/** `a` itself when `b` adds nothing to it. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a.size === 0 || a === b) return b;
  let result: Map<Element, FieldNode> | undefined;
  for (const [element, node] of b) {
    const mine = a.get(element);
    const both = mine === undefined ? node : unionNode(mine, node);
    if (both === mine) continue;
    result ??= new Map(a);
    result.set(element, both);
  }
  return result ?? a;
}

function unionNode(mine: FieldNode, other: FieldNode): FieldNode {
  if (mine === other) return mine;
  const below = union(mine.below ?? EMPTY, other.below ?? EMPTY);
  const member = mine.member || other.member;
  return member === mine.member && below === (mine.below ?? EMPTY) ? mine : nodeOf(member, below);
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  const result = new Map<Element, FieldNode>();
  for (const [element, node] of small) {
    const other = large.get(element);
    if (other === undefined) continue;
    const both = nodeOf(node.member && other.member, intersection(node.below ?? EMPTY, other.below ?? EMPTY));
    if (isSomething(both)) result.set(element, both);
  }
  return result;
}

/** Members of `a` that are not members of `b`, path by path: a parent in `b` takes nothing from its children in `a`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return without(a, b, (node, other) => {
    const below = difference(node.below ?? EMPTY, other.below ?? EMPTY);
    const member = node.member && !other.member;
    return member === node.member && below === (node.below ?? EMPTY) ? node : nodeOf(member, below);
  });
}

/** As `difference`, but a member of `b` takes all that is beneath it along. */
export function withoutTrees(a: FieldSet, b: FieldSet): FieldSet {
  return without(a, b, (node, other) => {
    if (other.member) return NOTHING;
    const below = withoutTrees(node.below ?? EMPTY, other.below ?? EMPTY);
    return below === (node.below ?? EMPTY) ? node : nodeOf(node.member, below);
  });
}

/** `a` with what `change` leaves of the steps that `b` has, too; `a` itself when that is all of it. */
function without(a: FieldSet, b: FieldSet, change: (node: FieldNode, other: FieldNode) => FieldNode): FieldSet {
  if (a.size === 0) return a;
  let result: Map<Element, FieldNode> | undefined;
  for (const [element, other] of b) {
    const node = a.get(element);
    if (node === undefined) continue;
    const left = change(node, other);
    if (left === node) continue;
    result ??= new Map(a);
    if (isSomething(left)) result.set(element, left);
    else result.delete(element);
  }
  return result ?? a;
}

const NOTHING: FieldNode = { member: false };
const isSomething = ({ member, below }: FieldNode) => member || below !== undefined;

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

function sortedElements(set: FieldSet): Element[] {
  const elements = [...set.keys()];
  return elements.length < 2 ? elements : elements.sort(compareElements);
}

/** All members in the order of the real one: those of a level, then what is beneath them. */
export function pathsOf(set: FieldSet, prefix: Path = []): Path[] {
  const elements = sortedElements(set);
  const members = elements.filter((element) => set.get(element)?.member).map((element) => [...prefix, element]);
  return [
    ...members,
    ...elements.flatMap((element) => pathsOf(set.get(element)?.below ?? EMPTY, [...prefix, element])),
  ];
}

/** The fields of a set and the set of fields, as known already: neither ever changes, and most writes change none. */
const texts = new WeakMap<FieldSet, Record<string, unknown>>();
const sets = new WeakMap<object, FieldSet>();

/** In canonical order; `.` marks a member that has others beneath it. The result is shared: never change it. */
export function toFieldsV1(set: FieldSet): Record<string, unknown> {
  const known = texts.get(set);
  if (known !== undefined) return known;
  const fields = writeLevel(set, false);
  texts.set(set, fields);
  sets.set(fields, set);
  return fields;
}

const LEAF: Record<string, unknown> = Object.freeze({});

function writeLevel(set: FieldSet, self: boolean): Record<string, unknown> {
  const fields: Record<string, unknown> = self ? { '.': {} } : {};
  for (const element of sortedElements(set)) {
    const node = set.get(element);
    fields[element] = node?.below === undefined ? LEAF : writeLevel(node.below, node.member);
  }
  return fields;
}

/** Undefined when it is no field set. Steps of kinds that are not known are left out. `fields` must not change afterwards. */
export function fromFieldsV1(fields: unknown): FieldSet | undefined {
  if (!isObject(fields)) return readLevel(fields, 0)?.set;
  const known = sets.get(fields);
  if (known !== undefined) return known;
  const set = readLevel(fields, 0)?.set;
  if (set !== undefined) sets.set(fields, set);
  return set;
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
