import { GraphStore } from './store/graph-store.ts';
import { StoreView } from './store/graph-view.ts';
import { MemoryMeter } from './store/memory.ts';
import type { Change, Graph, GraphView, KindKey, KindState, Touched, Visibility } from './types.ts';

export interface GraphOptions {
  /** Groups of equally labelled nodes that one selector is linked to; a broader one is evaluated when asked. Default 64. */
  maxLinks?: number;
}

/** An empty graph. */
export function createGraph(options: GraphOptions = {}): Graph {
  return new StoredGraph(options);
}

class StoredGraph implements Graph {
  readonly #options: GraphOptions;
  #store: GraphStore;
  #meter = new MemoryMeter();
  readonly #listeners = new Set<(touched: Touched) => void>();
  readonly #everything = () => this.#store;

  constructor(options: GraphOptions) {
    this.#options = options;
    this.#store = new GraphStore(options.maxLinks);
  }

  apply(changes: readonly Change[]): void {
    this.#begin();
    for (const change of changes) this.#store.change(change);
    this.#end();
  }

  resourceVersionOf(
    kind: KindKey,
    namespace: string,
    name: string,
  ): { resourceVersion: string; uid: string } | undefined {
    const record = this.#store.spaces.find(kind, namespace, name);
    return record?.present === true ? { resourceVersion: record.resourceVersion, uid: record.uid } : undefined;
  }

  setKindState(kind: KindKey, state: KindState): void {
    this.#store.kindStates.set(kind, state);
    this.#store.generation++;
  }

  drop(kind: KindKey, namespace?: string): void {
    this.#begin();
    if (kind === 'Event' || kind === 'Event.events.k8s.io') this.#store.events.drop(namespace);
    const spaces = [...(this.#store.spaces.kinds.get(kind)?.spaces.values() ?? [])];
    for (const space of spaces) {
      if (namespace !== undefined && space.namespace !== namespace) continue;
      for (const record of [...space.names.values()]) if (record.present) this.#store.remove(record);
    }
    this.#end();
  }

  view(visibility?: Visibility): GraphView {
    return new StoreView(this.#everything, visibility);
  }

  onChange(listener: (touched: Touched) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  memory(): { nodes: number; edges: number; total: number; byKind: ReadonlyMap<KindKey, number> } {
    return this.#meter.estimate(this.#store);
  }

  clear(): void {
    const { generation, vertices } = this.#store;
    const gone = new Set(vertices.records.flatMap((record) => (record?.present === true ? [record.id] : [])));
    this.#store = new GraphStore(this.#options.maxLinks);
    this.#store.generation = generation + 1;
    this.#meter = new MemoryMeter();
    this.#tell({ generation: generation + 1, nodes: gone, edges: new Set(), unchanged: new Set() });
  }

  #begin(): void {
    this.#store.touches.wanted = this.#listeners.size > 0;
  }

  #end(): void {
    this.#store.settle();
    if (this.#listeners.size > 0) this.#tell(this.#store.touches.take(this.#store.generation));
  }

  #tell(touched: Touched): void {
    for (const listener of [...this.#listeners]) listener(touched);
  }
}
