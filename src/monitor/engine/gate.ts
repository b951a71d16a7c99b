import { ALWAYS_SERVED, NOT_ASKED_FOR } from '../../graph/not-asked.ts';
import type { GraphView, KindKey, KindState } from '../../graph/types.ts';
import type { Detector } from '../types.ts';

/** A kind that cannot be read for so long is not waited for any more, ms. */
const FAILING_MS = 30_000;

/** Whether a detector may look. `without`: kinds that it would read and cannot see. */
export interface Gate {
  closed: string | undefined;
  without: readonly KindKey[];
}

/**
 * A detector that looks before its kinds are known would take `not yet read` for `not there`.
 * What is forbidden, dropped or failing is never known: then it looks without, and says so.
 */
export function gateOf(detector: Detector, view: GraphView, now: number): Gate {
  const without: KindKey[] = [];
  const waits: string[] = [];
  const decided = isDecided(view);
  for (const kind of kindsOf(detector)) {
    const state = view.kindState(kind);
    switch (state.state) {
      case 'synced':
      case 'missing':
        break;
      case 'syncing':
        waits.push(`${kind} is being read (${state.done}${state.total === undefined ? '' : ` of ${state.total}`})`);
        break;
      case 'stale':
        if (now - state.since < FAILING_MS && view.count(kind).total === 0) waits.push(`${kind}: ${state.reason}`);
        else without.push(kind);
        break;
      case 'off':
        // To be read, or not, when the sync has found out what is served.
        if (!decided) waits.push(`${kind} has not been asked for`);
        else without.push(kind);
        break;
      case 'forbidden':
        without.push(kind);
    }
  }
  return { closed: waits.length === 0 ? undefined : waits.join('; '), without };
}

/** Tells whether gates may stand otherwise than when it was asked last: it is asked for each answer. */
export function createStateWatch(detectors: readonly Detector[]): (view: GraphView) => boolean {
  const kinds = [...new Set([ALWAYS_SERVED, ...detectors.flatMap((detector) => [...kindsOf(detector)])])];
  let last: readonly KindState[] = [];
  return (view) => {
    const states = kinds.map((kind) => view.kindState(kind));
    // What is stale is waited for by the clock.
    const changed = states.some((state, at) => state !== last[at] || state.state === 'stale');
    last = states;
    return changed;
  };
}

/** Whether it is known which kinds there are. */
function isDecided(view: GraphView): boolean {
  const state = view.kindState(ALWAYS_SERVED);
  return state.state !== 'off' || state.reason !== NOT_ASKED_FOR;
}

const KINDS = new WeakMap<Detector, ReadonlySet<KindKey>>();

export function kindsOf(detector: Detector): ReadonlySet<KindKey> {
  const known = KINDS.get(detector);
  if (known !== undefined) return known;
  const { kinds, reads } = detector;
  const all = new Set(kinds === 'any' ? reads : [...kinds, ...reads]);
  KINDS.set(detector, all);
  return all;
}
