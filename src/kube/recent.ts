import type { Clock } from '../kernel/clock.ts';

/** Values by key, bounded in weight and in age. Whatever is dropped can be made anew. */
export interface Recent<T> {
  get(key: string): T | undefined;
  set(key: string, value: T, weight: number): void;
  clear(): void;
}

interface Kept<T> {
  value: T;
  weight: number;
  usedAt: number;
}

/** Keeps what was used within `idleMs`, the least recently used dropped where all together weigh more than `maxWeight`. */
export function createRecent<T>({
  maxWeight,
  idleMs,
  clock,
}: {
  maxWeight: number;
  idleMs: number;
  clock: Clock;
}): Recent<T> {
  // In order of use, the least recent first.
  const kept = new Map<string, Kept<T>>();
  let total = 0;
  let cancelSweep: (() => void) | undefined;

  const drop = (key: string): void => {
    total -= kept.get(key)?.weight ?? 0;
    kept.delete(key);
  };
  const put = (key: string, entry: Kept<T>): void => {
    drop(key);
    kept.set(key, entry);
    total += entry.weight;
  };
  const sweep = (): void => {
    cancelSweep = undefined;
    for (const [key, { usedAt }] of kept) {
      if (clock.monotonic() - usedAt < idleMs) break;
      drop(key);
    }
    watch();
  };
  const watch = (): void => {
    if (kept.size > 0) cancelSweep ??= clock.after(idleMs, sweep);
  };

  return {
    get(key) {
      const entry = kept.get(key);
      if (entry === undefined) return undefined;
      put(key, { ...entry, usedAt: clock.monotonic() });
      return entry.value;
    },
    set(key, value, weight) {
      put(key, { value, weight, usedAt: clock.monotonic() });
      for (const oldest of kept.keys()) {
        if (total <= maxWeight) break;
        drop(oldest);
      }
      watch();
    },
    clear() {
      kept.clear();
      total = 0;
      cancelSweep?.();
      cancelSweep = undefined;
    },
  };
}
