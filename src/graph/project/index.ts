/** The kinds that have a file of their own. */
import type { KindKey, KindProjection } from '../types.ts';

const PROJECTIONS: readonly KindProjection<unknown>[] = [];

export const OWN_KINDS: ReadonlyMap<KindKey, KindProjection<unknown>> = new Map(
  PROJECTIONS.map((projection) => [projection.kind, projection]),
);
