import type { GraphView } from '../../graph/types.ts';
import type { Clock } from '../../kernel/clock.ts';
import { nextTurn } from '../../kernel/turns.ts';
import type { Anomaly, Finding } from '../types.ts';
import { type Folding, foldInSteps } from './fold.ts';

/** The blast radius may change without a finding: anomalies are made anew after so long, ms. */
const FOLDED_MS = 10_000;
/** Who asks is told of anomalies that have been outdated for no longer than this while newer ones are made, ms. */
const STALE_MS = 5_000;
/** Folding behind answers takes at most one part in so many of the time. */
const SHARE = 5;
/** ms. */
const SLICE_MS = 5;

export interface Folded {
  anomalies: readonly Anomaly[];
  /** ms on the cluster's clock: all that was found until then is in it. */
  asOf: number;
}

/** Anomalies of findings that change. To fold some thousand findings takes longer than an answer may: then it goes on behind the answers. */
export interface Folder {
  /** Of the findings as they are now, however long it takes. */
  now(): Folded;
  /** In slices; of the findings as they are at some time from now on. */
  inSlices(): Promise<void>;
  /** As they are now where that is done by `deadline` (monotonic ms), else as they were at most seconds ago. */
  by(deadline: number): Promise<Folded>;
  stop(): void;
}

export interface FolderOptions {
  source: {
    findings(): readonly Finding[];
    waiting(): readonly Finding[];
    /** Called when they change. */
    onIncidents(listener: () => void): void;
    /** ms on the cluster's clock: changes until then are in `findings`. */
    asOf(): number;
  };
  view(): GraphView;
  clock: Clock;
  /** ms, on the cluster's clock. */
  now(): number;
}

interface Fold {
  at: number;
  /** Since when findings are others than those folded. */
  outdated: number | undefined;
}

export function createFolder({ source, view, clock, now }: FolderOptions): Folder {
  let done: (Fold & { anomalies: readonly Anomaly[] }) | undefined;
  let begun: (Fold & { steps: Folding; spent: number }) | undefined;
  /** Of the last one: what it took, and when it was done, ms (monotonic). */
  let last = { took: 0, at: Number.NEGATIVE_INFINITY };
  let behind: Promise<void> | undefined;
  let stopped = false;

  source.onIncidents(() => {
    for (const fold of [done, begun]) if (fold !== undefined) fold.outdated ??= source.asOf();
  });

  /** How long it has not been what it should be, ms: findings have changed since, or all around them may have. */
  const overdue = ({ at, outdated }: Fold) => now() - Math.min(outdated ?? Number.POSITIVE_INFINITY, at + FOLDED_MS);
  const isFresh = (fold: Fold | undefined) => fold !== undefined && fold.outdated === undefined && overdue(fold) <= 0;

  const begin = () => ({
    at: now(),
    outdated: undefined,
    steps: foldInSteps(source.findings(), view(), now(), source.waiting()),
    spent: 0,
  });

  /** False where the deadline came first. */
  function step(deadline: number): boolean {
    begun ??= begin();
    const from = clock.monotonic();
    for (;;) {
      const { done: ended, value } = nextOf(begun);
      const time = clock.monotonic();
      if (ended === true) {
        done = { anomalies: value, at: begun.at, outdated: begun.outdated };
        last = { took: begun.spent + time - from, at: time };
        begun = undefined;
        return true;
      }
      if (time < deadline) continue;
      begun.spent += time - from;
      return false;
    }
  }

  /** What failed is not gone on with: a generator that threw would say that it is done, with nothing. */
  function nextOf({ steps }: { steps: Folding }): ReturnType<Folding['next']> {
    try {
      return steps.next();
    } catch (thrown) {
      begun = undefined;
      throw thrown;
    }
  }

  function goOn(): Promise<void> {
    begun ??= begin();
    behind ??= (async () => {
      while (!stopped && begun !== undefined && !step(clock.monotonic() + SLICE_MS)) await nextTurn();
    })().finally(() => {
      behind = undefined;
    });
    return behind;
  }

  /** What was begun too long ago is not gone on with. */
  async function anew(): Promise<void> {
    if (begun !== undefined && overdue(begun) > STALE_MS) {
      begun = undefined;
      await behind;
    }
    await goOn();
  }

  const result = (): Folded => ({
    anomalies: done?.anomalies ?? [],
    asOf: Math.min(source.asOf(), done?.outdated ?? Number.POSITIVE_INFINITY),
  });

  return {
    now() {
      if (isFresh(done)) return result();
      begun = undefined;
      step(Number.POSITIVE_INFINITY);
      return result();
    },
    async inSlices() {
      if (!isFresh(done)) await anew();
    },
    async by(deadline) {
      if (isFresh(done)) return result();
      if (done === undefined || overdue(done) > STALE_MS) await anew();
      else if (begun === undefined) {
        const time = clock.monotonic();
        const fits = time + last.took < deadline;
        if (fits ? !step(deadline) : time - last.at > last.took * (SHARE - 1)) goOn().catch(() => {}); // Whoever waits for the next one is told.
      }
      return result();
    },
    stop() {
      stopped = true;
    },
  };
}
