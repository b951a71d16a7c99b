/** Rights that are withdrawn show one kind at a time, as watches end; that may take ten minutes. The first refusal is a hint about all. */
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ClusterReader } from '../../kube/cluster-reader.ts';
import type { Held } from './kind-sync.ts';
import { pause } from './pause.ts';
import { createRequestBudget } from './request-budget.ts';

export interface AccessRecheck {
  /** Something that could be read a moment ago was refused: all else that is held is asked for once more, one object of each. */
  suspect(): void;
}

export interface AccessRecheckOptions {
  /** All that was listed and is still held, the most telling first. */
  held(): readonly Held[];
  reader: Pick<ClusterReader, 'list'>;
  clock: Clock;
  signal: AbortSignal;
}

/** Requests of one look: the kinds of a large cluster, or those of some namespaces. What is beyond is left to its own watches. */
const MOST_REQUESTS = 300;
/** Requests without a pause; nobody waits for them. */
const BURST = 20;
/** Servers learn of withdrawn rights one after the other: what is refused during a look, or soon after it, leads to another one. ms. */
const PAUSE_MS = 5_000;

export function createAccessRecheck({ held, reader, clock, signal }: AccessRecheckOptions): AccessRecheck {
  let looking = false;
  let again = false;

  const look = async (): Promise<void> => {
    const budget = createRequestBudget(clock, {
      requests: MOST_REQUESTS,
      objects: Number.POSITIVE_INFINITY,
      burst: BURST,
    });
    const asked = held().map(({ target, relist }) =>
      budget.spend(signal, async () => {
        try {
          await reader.list({ ...target, depth: 'metadata', fields: [] }, { limit: 1 }, signal);
        } catch (thrown) {
          if (thrown instanceof AppError && thrown.code === 'cluster_forbidden') relist('it may not be read any more');
        }
      }),
    );
    await Promise.allSettled(asked);
  };

  const looks = async (): Promise<void> => {
    looking = true;
    do {
      again = false;
      await look();
      await pause(clock, PAUSE_MS, signal);
    } while (again && !signal.aborted);
    looking = false;
  };

  return {
    suspect() {
      if (looking) again = true;
      else void looks();
    },
  };
}
