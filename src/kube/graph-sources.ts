/** What the live graph reads a cluster with: reflectors over one wire, and single reads beside them. */
import { type Clock, systemClock } from '../kernel/clock.ts';
import { createRawClient } from './client/raw-client.ts';
import { type ClusterReader, createClusterReader } from './cluster-reader.ts';
import { createReflectorFactory } from './reflector-factory.ts';
import type { CallScope, Transport } from './transport/types.ts';
import type { RestMapper } from './types.ts';
import { createWire } from './watch/create-wire.ts';
import { createServerClock } from './watch/server-clock.ts';

export interface GraphSourcesOptions {
  /** Of whoever keeps the graph: reads only, within the operator's rules. */
  scope: CallScope;
  /** Seconds. */
  watchTimeout: number;
  maxRetries: number;
  clock?: Clock;
  random?(): number;
}

export interface GraphSources {
  reflectors: ReturnType<typeof createReflectorFactory>;
  reader: ClusterReader;
}

/** From this release on, versions of one resource are whole numbers that may be compared (KEP-5504). */
const COMPARABLE_SINCE = { major: 1, minor: 35 };

export function createGraphSources(
  transport: Transport,
  mapper: RestMapper,
  options: GraphSourcesOptions,
): GraphSources {
  const { scope, clock = systemClock, random = Math.random, watchTimeout, maxRetries } = options;
  const serverClock = createServerClock(clock);
  const wire = createWire(transport, scope, { clock, serverClock });
  const reader = createClusterReader({ transport, mapper, scope, serverClock, wire });
  let comparable = false;
  let asked = false;

  const askVersion = async (signal: AbortSignal): Promise<void> => {
    if (asked) return;
    asked = true;
    const version = await createRawClient(transport, scope)
      .getPath('/version', signal)
      .catch(() => undefined);
    comparable = isSince(version?.['major'], version?.['minor']);
  };

  return {
    reflectors: createReflectorFactory({
      wire,
      clock,
      random,
      watchTimeout,
      maxRetries,
      comparableVersions: () => comparable,
    }),
    reader: {
      ...reader,
      async discovery(signal, query) {
        const [snapshot] = await Promise.all([reader.discovery(signal, query), askVersion(signal)]);
        return snapshot;
      },
    },
  };
}

/** `1` and `36+`. */
function isSince(major: unknown, minor: unknown): boolean {
  const [first, second] = [Number.parseInt(String(major), 10), Number.parseInt(String(minor), 10)];
  return first > COMPARABLE_SINCE.major || (first === COMPARABLE_SINCE.major && second >= COMPARABLE_SINCE.minor);
}
