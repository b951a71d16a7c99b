/** The time on the cluster's clock: ages are taken against it. */
import type { Clock } from '../../kernel/clock.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { ClusterReader } from '../../kube/cluster-reader.ts';
import type { Projector } from '../project/projector.ts';
import { time } from '../project/read.ts';

export interface ClusterClock {
  /** ms. */
  now(): number;
  /** `projector`, with an ear on when objects were created: the server stamps that itself, and it cannot be later than its now. */
  hears(projector: Projector): Projector;
}

/** Stamps are in whole seconds, and answers take their time, ms. */
const TOLERANCE_MS = 1_500;

/**
 * The difference to our clock is known from the Date of answers. Watches last for minutes without one: a clock that jumps meanwhile
 * (a laptop's that slept, the sandbox's that was advanced) shows by objects that are created later than now.
 */
export function createClusterClock(clock: Clock, reader: Pick<ClusterReader, 'clockOffset'>): ClusterClock {
  /** Seen since the last Date that told `base`. */
  let ahead: { base: number; offset: number } | undefined;

  const now = (): number => {
    const base = reader.clockOffset();
    return clock.now() + (ahead?.base === base ? ahead.offset : base);
  };
  const seen = ({ metadata }: KubeObject): void => {
    const created = time(metadata?.creationTimestamp);
    if (created > now() + TOLERANCE_MS) ahead = { base: reader.clockOffset(), offset: created - clock.now() };
  };

  return {
    now,
    hears: (projector) => ({
      ...projector,
      project(object, resource) {
        seen(object);
        return projector.project(object, resource);
      },
      event(object) {
        seen(object);
        return projector.event(object);
      },
    }),
  };
}
