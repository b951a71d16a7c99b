import type { KindKey } from '../../graph/types.ts';
import type { Detector } from '../types.ts';

/** Detectors that read a kind around their objects, by index. */
export interface Readers {
  /** Those that are told of what is one edge away. */
  near: readonly number[];
  /** Those that say themselves what is to be looked at; many have one way to say it, which is asked once for all of them. */
  far: readonly { affected: NonNullable<Detector['affected']>; indexes: readonly number[] }[];
}

export function readersByKind(detectors: readonly Detector[]): ReadonlyMap<KindKey, Readers> {
  const kinds = new Set(detectors.flatMap(({ reads }) => reads));
  return new Map([...kinds].map((kind) => [kind, readersOf(kind, detectors)]));
}

function readersOf(kind: KindKey, detectors: readonly Detector[]): Readers {
  const near: number[] = [];
  const far = new Map<NonNullable<Detector['affected']>, number[]>();
  for (const [index, { reads, affected }] of detectors.entries()) {
    if (!reads.includes(kind)) continue;
    if (affected === undefined) near.push(index);
    else far.set(affected, [...(far.get(affected) ?? []), index]);
  }
  return { near, far: [...far].map(([affected, indexes]) => ({ affected, indexes })) };
}
