/** Initial events, kept aside until they are whole. */
import type { Clock } from '../../kernel/clock.ts';
import type { GatheredEvent } from './machine.ts';

export interface Gathering<Item> {
  /** The time until `onStall` begins anew when they bring anything new. */
  add(events: readonly GatheredEvent<Item>[], stallAfter: number): void;
  take(): readonly Item[];
  clear(): void;
}

export function createGathering<Item>(clock: Clock, onStall: () => void): Gathering<Item> {
  const held = new Map<string, { resourceVersion: string; item: Item }>();
  let cancel: (() => void) | undefined;

  function clear(): void {
    cancel?.();
    cancel = undefined;
    held.clear();
  }

  /** False for what was there already: the same object at the same version, whatever the event calls it. */
  function keep({ type, uid, resourceVersion, item }: GatheredEvent<Item>): boolean {
    if (held.get(uid)?.resourceVersion === resourceVersion) return false;
    if (type === 'upsert') held.set(uid, { resourceVersion, item });
    else held.delete(uid);
    return true;
  }

  return {
    add(events, stallAfter) {
      let news = cancel === undefined;
      for (const event of events) news = keep(event) || news;
      if (!news) return;
      cancel?.();
      cancel = clock.after(stallAfter, onStall);
    },
    take() {
      const items = [...held.values()].map(({ item }) => item);
      clear();
      return items;
    },
    clear,
  };
}
