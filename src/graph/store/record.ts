import type { GraphNode, Health, KindKey } from '../types.ts';
import type { Columns } from './columns.ts';

export const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({});

/** A node as the store keeps it and hands it out. What is a number lies in columns: see Columns. */
export class NodeRecord implements GraphNode {
  readonly id: number;
  readonly space: Space;
  readonly name: string;
  labels: Readonly<Record<string, string>> = NO_LABELS;
  facts: unknown = undefined;

  constructor(id: number, space: Space, name: string) {
    this.id = id;
    this.space = space;
    this.name = name;
  }

  get kind(): KindKey {
    return this.space.kind.key;
  }

  get namespace(): string {
    return this.space.namespace;
  }

  get present(): boolean {
    return this.space.columns.isPresent(this.id);
  }

  get state(): 'present' | 'absent' {
    return this.present ? 'present' : 'absent';
  }

  get uid(): string {
    return this.space.columns.uid(this.id);
  }

  get resourceVersion(): string {
    return this.space.columns.version(this.id);
  }

  get created(): number {
    return this.space.columns.created(this.id);
  }

  get deleting(): number | undefined {
    return this.space.columns.deleting(this.id);
  }

  get health(): Health {
    return this.space.columns.health(this.id);
  }
}

/** Present nodes by health, kept as they come and go. */
export class Tally {
  total = 0;
  readonly byHealth: Record<Health, number> = { ok: 0, progressing: 0, warning: 0, failed: 0, done: 0, unknown: 0 };

  add(health: Health, by: 1 | -1): void {
    this.total += by;
    this.byHealth[health] += by;
  }
}

/** The nodes of one kind in one namespace. */
export interface Space {
  readonly kind: Kind;
  readonly namespace: string;
  readonly columns: Columns;
  readonly names: Map<string, NodeRecord>;
  readonly tally: Tally;
}

export interface Kind {
  readonly key: KindKey;
  readonly spaces: Map<string, Space>;
  readonly tally: Tally;
}
