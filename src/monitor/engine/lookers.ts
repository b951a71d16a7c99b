import { grown, numbers } from '../../graph/store/growing.ts';
import type { NodeId } from '../../graph/types.ts';

/**
 * Which detectors looked around a node when they last looked at it. Who saw nothing but the node itself is told nothing new by its
 * neighbours: of the pods of a node that changes nearly all are well, and say so themselves.
 */
export interface Lookers {
  note(id: NodeId, index: number, lookedAround: boolean): void;
  has(id: NodeId, index: number): boolean;
}

/** A bit each, those of one node side by side. */
export function createLookers(detectors: number): Lookers {
  const width = Math.ceil(detectors / 32);
  let bits = numbers(Uint32Array);
  return {
    note(id, index, lookedAround) {
      const at = id * width + (index >>> 5);
      if (at >= bits.length && !lookedAround) return;
      bits = grown(bits, at + 1);
      const bit = 1 << (index & 31);
      bits[at] = lookedAround ? (bits[at] ?? 0) | bit : (bits[at] ?? 0) & ~bit;
    },
    has: (id, index) => (((bits[id * width + (index >>> 5)] ?? 0) >>> (index & 31)) & 1) === 1,
  };
}
