import type { KindKey } from '../types.ts';
import type { Columns } from './columns.ts';
import { type Kind, type NodeRecord, type Space, Tally } from './record.ts';

/** Nodes by kind, namespace and name, with their counters. */
export class Spaces {
  readonly kinds = new Map<KindKey, Kind>();
  /** Present nodes by namespace. */
  readonly perNamespace = new Map<string, number>();
  readonly #columns: Columns;

  constructor(columns: Columns) {
    this.#columns = columns;
  }

  /** The space, made where there is none. */
  of(kindKey: KindKey, namespace: string): Space {
    let kind = this.kinds.get(kindKey);
    if (kind === undefined) {
      kind = { key: kindKey, spaces: new Map(), tally: new Tally() };
      this.kinds.set(kindKey, kind);
    }
    let space = kind.spaces.get(namespace);
    if (space === undefined) {
      space = { kind, namespace, columns: this.#columns, names: new Map(), tally: new Tally() };
      kind.spaces.set(namespace, space);
    }
    return space;
  }

  find(kind: KindKey, namespace: string, name: string): NodeRecord | undefined {
    return this.kinds.get(kind)?.spaces.get(namespace)?.names.get(name);
  }

  count(record: NodeRecord, by: 1 | -1): void {
    const { space } = record;
    space.tally.add(record.health, by);
    space.kind.tally.add(record.health, by);
    const left = (this.perNamespace.get(space.namespace) ?? 0) + by;
    if (left === 0) this.perNamespace.delete(space.namespace);
    else this.perNamespace.set(space.namespace, left);
  }

  /** Takes the name away, and with the last one its space and kind. */
  remove(record: NodeRecord): void {
    const { space } = record;
    space.names.delete(record.name);
    if (space.names.size > 0) return;
    space.kind.spaces.delete(space.namespace);
    if (space.kind.spaces.size === 0) this.kinds.delete(space.kind.key);
  }

  clear(): void {
    this.kinds.clear();
    this.perNamespace.clear();
  }
}
