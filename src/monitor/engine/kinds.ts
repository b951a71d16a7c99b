import type { GraphView, KindKey } from '../../graph/types.ts';
import type { Detector } from '../types.ts';

/** Whether a detector looks at objects of this kind. */
export const looksAtKind = ({ kinds }: Detector, kind: KindKey): boolean =>
  kinds === 'any' ? !kind.startsWith('~') : kinds.includes(kind);

/** The kinds of what a detector has to look at. */
export const kindsLookedAt = ({ kinds }: Detector, view: GraphView): readonly KindKey[] =>
  kinds === 'any' ? view.kinds().filter((kind) => !kind.startsWith('~')) : kinds;
