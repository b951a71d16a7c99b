import type { KindKey } from '../../graph/types.ts';
import { mostFirst } from '../../kernel/counts.ts';
import type { Detector } from '../types.ts';
import { kindsOf } from './gate.ts';

/** Detectors are handed the events of what they look at: none names the kind. */
const HANDED: KindKey = 'Event';

/** Kinds without which incidents may stay unseen, those that most detectors need first. */
export function needsOf(detectors: readonly Detector[]): readonly KindKey[] {
  const counts = new Map<KindKey, number>();
  for (const detector of detectors) {
    if (detector.class !== 'incident') continue;
    for (const kind of kindsOf(detector)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  counts.delete(HANDED);
  return [...mostFirst(counts).map(([kind]) => kind), HANDED];
}
