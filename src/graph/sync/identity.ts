/** Which cluster it is: the same address may lead to another one one day. */
import type { Clock } from '../../kernel/clock.ts';
import type { ClusterReader } from '../../kube/cluster-reader.ts';

export interface Identity {
  /** Asks, unless it was asked just now. */
  check(): Promise<void>;
  /** Asks where it was not asked for long. */
  remind(): void;
  /** What was known is of a cluster that is no more. */
  forget(): void;
}

/** It is asked for at most and at least this often, ms. */
const AT_MOST_MS = 5_000;
const AT_LEAST_MS = 60_000;

/** `another`: it is another cluster than before. Whoever may not read its identity goes by the versions alone. */
export function createIdentity(
  { reader, clock, signal }: { reader: Pick<ClusterReader, 'clusterId'>; clock: Clock; signal: AbortSignal },
  another: () => void,
): Identity {
  let known: { id: string | undefined; at: number } | undefined;

  const check = async (): Promise<void> => {
    if (known !== undefined && clock.monotonic() - known.at < AT_MOST_MS) return;
    const before = known;
    const asked = { id: before?.id, at: clock.monotonic() };
    known = asked;
    const id = await reader.clusterId(signal).catch(() => undefined);
    if (id === undefined || signal.aborted) return;
    asked.id = id;
    if (before?.id !== undefined && before.id !== id) another();
  };

  return {
    check,
    remind() {
      if (known !== undefined && clock.monotonic() - known.at >= AT_LEAST_MS) void check();
    },
    forget() {
      known = undefined;
    },
  };
}
