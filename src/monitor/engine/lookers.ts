import type { NodeId } from '../../graph/types.ts';

/**
 * Which detectors looked around a node when they last looked at it. Who saw nothing but the node itself is told nothing new by its
 * neighbours: of the pods of a node that changes nearly all are well, and say so themselves.
 */
export interface Lookers {
  note(id: NodeId, index: number, lookedAround: boolean): void;
  has(id: NodeId, index: number): boolean;
}

/** A bit each. */
export function createLookers(detectors: number): Lookers {
  const bits = Array.from({ length: detectors }, () => new Uint32Array(0));
  return {
    note(id, index, lookedAround) {
      const word = id >>> 5;
      let own = bits[index];
      if (own === undefined) return;
      if (word >= own.length) {
        if (!lookedAround) return;
        const grown = new Uint32Array(Math.max(32, word + 1 + (word >>> 2)));
        grown.set(own);
        bits[index] = own = grown;
      }
      const bit = 1 << (id & 31);
      own[word] = lookedAround ? (own[word] ?? 0) | bit : (own[word] ?? 0) & ~bit;
    },
    has: (id, index) => (((bits[index]?.[id >>> 5] ?? 0) >>> (id & 31)) & 1) === 1,
  };
}
