import type { Severity } from '../types.ts';
import type { Blast } from './blast.ts';

/** After so long something counts for half of what it counted when it was new, above the part that it keeps, ms. */
const HALF_LIFE_MS = 3_600_000;
/** What is old keeps this share: it hurts as it did, but is known. */
const KEPT = 0.5;

/**
 * Severity x blast radius x freshness x confidence. Severity counts as its square, so that an outage with a small reach stays above
 * a hint with a large one; reach counts by its magnitude.
 */
export function scoreOf(input: {
  severity: Severity;
  blast: Blast;
  since: number;
  now: number;
  confidence: number;
}): number {
  const { severity, blast, since, now, confidence } = input;
  const reach = 1 + Math.log2(1 + blast.weight) / 8 + Math.log2(1 + blast.entryPoints) / 4;
  const age = Math.max(0, now - since);
  const freshness = KEPT + (1 - KEPT) * 2 ** (-age / HALF_LIFE_MS);
  return Math.round(severity ** 2 * reach * freshness * confidence * 1000) / 1000;
}
