/** How long a Job waits before it replaces failed pods: 10 s, 20 s... 10 min, as the real one. */
import { parseTime } from '../../timestamps.ts';
import { conditionOf } from '../kit/conditions.ts';
import type { Pod } from '../kit/shapes.ts';

const FIRST_MS = 10_000;
const LAST_MS = 600_000;

interface Failures {
  sinceSuccess: number;
  lastAt: number;
}

export interface JobBackoff {
  note(key: string, succeeded: readonly Pod[], failed: readonly Pod[]): void;
  /** Ms until the next pod may be made. */
  remaining(key: string, now: number): number;
  forget(key: string): void;
}

export function createJobBackoff(): JobBackoff {
  const records = new Map<string, Failures>();
  return {
    note(key, succeeded, failed) {
      const record = records.get(key) ?? { sinceSuccess: 0, lastAt: 0 };
      const lastSuccess = Math.max(0, ...succeeded.map(finishedAt));
      const after = failed.map(finishedAt).filter((at) => succeeded.length === 0 || at > lastSuccess);
      if (succeeded.length > 0) record.sinceSuccess = 0;
      record.sinceSuccess += after.length;
      record.lastAt = Math.max(record.sinceSuccess === after.length ? 0 : record.lastAt, ...after);
      records.set(key, record);
    },
    remaining(key, now) {
      const record = records.get(key);
      if (record === undefined || record.sinceSuccess === 0) return 0;
      const wait = Math.min(FIRST_MS * 2 ** (record.sinceSuccess - 1), LAST_MS);
      return Math.max(0, record.lastAt + wait - now);
    },
    forget: (key) => records.delete(key),
  };
}

/** When its last container ended; else when it stopped being ready, was deleted, or was made. */
export function finishedAt({ status, metadata }: Pod): number {
  const ends = (status?.containerStatuses ?? []).map(({ state }) => parseTime(state?.terminated?.finishedAt));
  if (ends.length > 0 && ends.every((at) => at > 0)) return Math.max(...ends);
  const ready = conditionOf(status?.conditions, 'Ready');
  if (ready?.status === 'False') return parseTime(ready.lastTransitionTime);
  if (metadata.deletionTimestamp !== undefined) {
    return parseTime(metadata.deletionTimestamp) - (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
  }
  return parseTime(metadata.creationTimestamp);
}
