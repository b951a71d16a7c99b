import type { NodeId } from '../../graph/types.ts';

/** What is to be looked at: nodes, and which detectors are to look at each. All of one node's looks come together: they have much in common. */
export interface Work {
  add(id: NodeId, index: number): void;
  /** Takes a node out, the first that came. */
  take(): { id: NodeId; indexes: readonly number[] } | undefined;
}

export function createWork(): Work {
  const indexesOf = new Map<NodeId, number[]>();
  return {
    add(id, index) {
      const indexes = indexesOf.get(id);
      if (indexes === undefined) indexesOf.set(id, [index]);
      else if (!indexes.includes(index)) indexes.push(index);
    },
    take() {
      for (const [id, indexes] of indexesOf) {
        indexesOf.delete(id);
        return { id, indexes };
      }
      return undefined;
    },
  };
}
