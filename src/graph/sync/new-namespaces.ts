/** Where kinds are read by namespaces because not all may be read at once: a namespace that is created is tried at once, one that goes is left. */
import type { Clock } from '../../kernel/clock.ts';
import type { Change, Graph, KindKey } from '../types.ts';
import { type Applier, withEar } from './applier.ts';
import type { KindSync } from './kind-sync.ts';
import type { NamespaceFinder } from './namespaces.ts';

export interface NewNamespaces {
  /** `applier` for the objects of `kind`, with an ear on namespaces. */
  hears(kind: KindKey, applier: Applier): Applier;
  stop(): void;
}

export interface NewNamespacesOptions {
  graph: Graph;
  clock: Clock;
  kinds(): Iterable<KindSync>;
  finder(): NamespaceFinder;
  signal: AbortSignal;
}

/** Rights in a namespace are given after it: by hand, or by an operator, within a minute or so. Later ones are found by the usual recheck. */
const TRIES_MS = [100, 3_000, 15_000, 60_000];
/** Namespaces that are tried at a time; each costs a few requests a try. */
const MOST = 20;

export function createNewNamespaces({ graph, clock, kinds, finder, signal }: NewNamespacesOptions): NewNamespaces {
  const trying = new Map<string, (() => void)[]>();

  const isNew = (change: Change): change is Extract<Change, { type: 'upsert' }> => {
    if (change.type !== 'upsert' || change.object.deleting !== undefined) return false;
    return graph.resourceVersionOf(change.object.kind, '', change.object.name)?.uid !== change.object.uid;
  };

  const leave = (name: string): void => {
    for (const cancel of trying.get(name) ?? []) cancel();
    trying.delete(name);
    for (const kind of kinds()) kind.leaveNamespace(name);
  };

  const hear = (changes: readonly Change[]): void => {
    for (const change of changes) {
      if (change.type === 'delete') leave(change.name);
      if (trying.size >= MOST || !isNew(change) || trying.has(change.object.name)) continue;
      const { name } = change.object;
      const last = TRIES_MS.length - 1;
      trying.set(
        name,
        TRIES_MS.map((ms, index) =>
          clock.after(ms, () => {
            if (index === last) trying.delete(name);
            void read(name);
          }),
        ),
      );
    }
  };

  async function read(namespace: string): Promise<void> {
    finder().forgive(namespace);
    for (const kind of [...kinds()]) {
      if (signal.aborted) return;
      if (!kind.lacks(namespace)) continue;
      const granted = await finder().grants(kind.target(), namespace, signal);
      if (granted && kind.lacks(namespace)) kind.readNamespaces([namespace]);
    }
  }

  return {
    hears: (kind, applier) => (kind === 'Namespace' ? withEar(applier, hear) : applier),
    stop() {
      for (const timers of trying.values()) for (const cancel of timers) cancel();
      trying.clear();
    },
  };
}
