import { usefulness } from '../sync/memory-budget.ts';
import type { KindKey } from '../types.ts';

/** Where not all kinds can be named, those that most questions are about are: the order in which they would be kept. */
export const usefulFirst = <Told extends { kind: KindKey }>(kinds: readonly Told[]): Told[] =>
  kinds.toSorted((a, b) => usefulness(b.kind) - usefulness(a.kind));
