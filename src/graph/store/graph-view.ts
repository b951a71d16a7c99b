import { isOutside } from '../kind-key.ts';
import { NOT_ASKED_FOR } from '../not-asked.ts';
import type {
  Counts,
  EventFacts,
  GraphNode,
  GraphView,
  KindKey,
  KindState,
  NodeId,
  Visibility,
  Whereabouts,
} from '../types.ts';
import type { GraphStore } from './graph-store.ts';
import { type NodeRecord, type Space, Tally } from './record.ts';
import { GHOST } from './vertices.ts';
import { countIn, type Sees, type Visit, type Wants, walk } from './walk.ts';

const OFF: KindState = { state: 'off', reason: NOT_ASKED_FOR };
const HIDDEN: KindState = { state: 'off', reason: 'not visible here' };

/** What one asker sees of a store. It holds nothing of its own, and shows the store as it is when asked. */
export class StoreView implements GraphView {
  readonly #current: () => GraphStore;
  readonly #visibility: Visibility | undefined;
  readonly #sees: Sees;

  constructor(current: () => GraphStore, visibility: Visibility | undefined) {
    this.#current = current;
    this.#visibility = visibility;
    this.#sees = visibility === undefined ? undefined : (id) => this.#record(id) !== undefined;
  }

  /** Another one after Graph.clear. */
  get #store(): GraphStore {
    return this.#current();
  }

  get generation(): number {
    return this.#store.generation;
  }

  node(id: NodeId): GraphNode {
    const record = this.#record(id);
    if (record === undefined) throw new RangeError(`graph: ${id} is no node of generation ${this.generation}`);
    return record;
  }

  find(kind: KindKey, namespace: string, name: string): NodeId | undefined {
    const record = this.#store.spaces.find(kind, namespace, name);
    return record === undefined ? undefined : this.#record(record.id)?.id;
  }

  whereabouts(id: NodeId): Whereabouts {
    const node = this.node(id);
    if (node.state === 'present') return 'present';
    if (isOutside(node.kind)) return 'outside';
    if (this.#store.vertices.role[id] === GHOST) return 'gone'; // another object bears its name
    const state = this.kindState(node.kind);
    if (state.state !== 'synced' && state.state !== 'stale') return 'unknown';
    return state.namespaces?.includes(node.namespace) === false ? 'unknown' : 'gone';
  }

  eachOfKind(kind: KindKey, namespace: string | undefined, visit: (id: NodeId) => boolean | undefined): void {
    const named = isOutside(kind);
    for (const space of this.#spacesOf(kind, namespace))
      for (const record of space.names.values())
        if ((record.present || named) && this.#isSeen(record) && visit(record.id) === false) return;
  }

  out(id: NodeId, visit: Visit, wants?: Wants): void {
    if (this.#record(id) !== undefined) walk(this.#store, id, true, { visit, sees: this.#sees, wants });
  }

  in(id: NodeId, visit: Visit, wants?: Wants): void {
    if (this.#record(id) !== undefined) walk(this.#store, id, false, { visit, sees: this.#sees, wants });
  }

  dependents(id: NodeId, most: number): number {
    return this.#record(id) === undefined ? 0 : countIn(this.#store, id, most, this.#sees);
  }

  events(id: NodeId): readonly EventFacts[] {
    const record = this.#record(id);
    return record === undefined ? [] : this.#store.events.of(record);
  }

  kinds(): readonly KindKey[] {
    const { kinds } = this.#store.spaces;
    return [...kinds.keys()].filter((kind) => this.count(kind).total > 0);
  }

  kindState(kind: KindKey): KindState {
    if (this.#visibility?.kind(kind) === false) return HIDDEN;
    return this.#store.kindStates.get(kind) ?? OFF;
  }

  count(kind: KindKey, namespace?: string): Counts {
    const whole = this.#visibility === undefined ? this.#store.spaces.kinds.get(kind) : undefined;
    if (whole !== undefined && namespace === undefined) return countsOf([whole.tally]);
    if (this.#visibility !== undefined && kind === 'Namespace') return this.#countOneByOne(kind, namespace);
    return countsOf(this.#spacesOf(kind, namespace).map((space) => space.tally));
  }

  namespaces(): readonly string[] {
    const { spaces } = this.#store;
    const held = new Set<string>();
    if (this.#visibility === undefined) for (const namespace of spaces.perNamespace.keys()) held.add(namespace);
    else
      for (const kind of spaces.kinds.keys())
        for (const space of this.#spacesOf(kind, undefined)) if (space.tally.total > 0) held.add(space.namespace);
    held.delete('');
    this.eachOfKind('Namespace', undefined, (id) => void held.add(this.node(id).name));
    return [...held].sort();
  }

  get totals(): { nodes: number; edges: number } {
    const { spaces, vertices, groups } = this.#store;
    let nodes = 0;
    for (const kind of spaces.kinds.keys()) nodes += this.count(kind).total;
    if (this.#visibility === undefined) return { nodes, edges: vertices.pairs + groups.virtualPairs() };
    let edges = 0;
    for (const record of vertices.records) if (record !== undefined) this.out(record.id, () => void edges++);
    return { nodes, edges };
  }

  #record(id: NodeId): NodeRecord | undefined {
    const record = this.#store.vertices.records[id];
    return record !== undefined && this.#isSeen(record) ? record : undefined;
  }

  #isSeen(record: NodeRecord): boolean {
    const visibility = this.#visibility;
    if (visibility === undefined) return true;
    const { kind, namespace } = record;
    if (!visibility.kind(kind)) return false;
    if (kind === 'Namespace') return visibility.namespace(record.name);
    return namespace === '' || visibility.namespace(namespace);
  }

  #spacesOf(kind: KindKey, namespace: string | undefined): Space[] {
    const visibility = this.#visibility;
    const known = this.#store.spaces.kinds.get(kind);
    if (known === undefined || visibility?.kind(kind) === false) return [];
    const space = namespace === undefined ? undefined : known.spaces.get(namespace);
    const all = namespace === undefined ? [...known.spaces.values()] : space === undefined ? [] : [space];
    if (visibility === undefined) return all;
    return all.filter((one) => one.namespace === '' || visibility.namespace(one.namespace));
  }

  #countOneByOne(kind: KindKey, namespace: string | undefined): Counts {
    const tally = new Tally();
    this.eachOfKind(kind, namespace, (id) => {
      tally.add(this.node(id).health, 1);
      return true;
    });
    return countsOf([tally]);
  }
}

function countsOf(tallies: readonly Tally[]): Counts {
  const sum = { ok: 0, progressing: 0, warning: 0, failed: 0, done: 0, unknown: 0 };
  let total = 0;
  for (const tally of tallies) {
    total += tally.total;
    sum.ok += tally.byHealth.ok;
    sum.progressing += tally.byHealth.progressing;
    sum.warning += tally.byHealth.warning;
    sum.failed += tally.byHealth.failed;
    sum.done += tally.byHealth.done;
    sum.unknown += tally.byHealth.unknown;
  }
  return { total, byHealth: sum };
}
