/** What was learned of a cluster: which kinds it does not send as protobuf, and where answers are damaged when they are packed. */
import type { WatchTarget } from './types.ts';

/** Answers that did not unpack, of one kind, after which it is asked for unpacked. */
const MAX_DAMAGED = 2;

export interface Habits {
  speaksJson(target: WatchTarget): boolean;
  /** From now on this kind is asked for as JSON. */
  useJson(target: WatchTarget): void;
  wantsUnpacked(target: WatchTarget): boolean;
  damaged(target: WatchTarget): void;
}

export function createHabits(): Habits {
  const json = new Set<string>();
  const damaged = new Map<string, number>();
  return {
    speaksJson: (target) => json.has(keyOf(target)),
    useJson: (target) => void json.add(keyOf(target)),
    wantsUnpacked: (target) => (damaged.get(keyOf(target)) ?? 0) >= MAX_DAMAGED,
    damaged: (target) => void damaged.set(keyOf(target), (damaged.get(keyOf(target)) ?? 0) + 1),
  };
}

function keyOf({ resource, depth }: WatchTarget): string {
  return `${resource.group}/${resource.version}/${resource.resource} ${depth}`;
}
