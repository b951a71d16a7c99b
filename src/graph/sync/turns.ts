/** Lists take turns: four big ones at a time and a dozen others, so that neither the server nor our memory has all at once. */
import { abortReason } from '../../kernel/async.ts';
import type { KindKey } from '../types.ts';

export type Turn = (signal: AbortSignal) => Promise<() => void>;

export interface Turns {
  of(kind: KindKey, size: number | undefined): Turn;
}

const BIG_AT_ONCE = 4;
const SMALL_AT_ONCE = 12;
/** Objects from which on a list counts as big. */
const BIG_SIZE = 2_000;
/** Where nobody has asked how many there are: those that are many in most clusters. */
const USUALLY_BIG: ReadonlySet<KindKey> = new Set([
  'Pod',
  'ReplicaSet.apps',
  'Event',
  'ConfigMap',
  'Secret',
  'EndpointSlice.discovery.k8s.io',
  'Endpoints',
  'Job.batch',
  'ControllerRevision.apps',
]);

export function createTurns(): Turns {
  const big = createPlaces(BIG_AT_ONCE);
  const small = createPlaces(SMALL_AT_ONCE);
  return {
    of: (kind, size) => ((size === undefined ? USUALLY_BIG.has(kind) : size >= BIG_SIZE) ? big : small),
  };
}

/** First come, first served. */
function createPlaces(count: number): Turn {
  let free = count;
  const queue: (() => void)[] = [];

  const release = () => {
    const next = queue.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const once = () => {
    let held = true;
    return () => {
      if (held) release();
      held = false;
    };
  };

  return (signal) => {
    if (signal.aborted) return Promise.reject(abortReason(signal));
    if (free > 0) {
      free -= 1;
      return Promise.resolve(once());
    }
    return new Promise((resolve, reject) => {
      const start = () => {
        signal.removeEventListener('abort', leave);
        resolve(once());
      };
      const leave = () => {
        const at = queue.indexOf(start);
        if (at >= 0) queue.splice(at, 1);
        reject(abortReason(signal));
      };
      signal.addEventListener('abort', leave, { once: true });
      queue.push(start);
    });
  };
}
