/** What happened to one resource since the last compaction, in order of revision. */
import type { LogEvent } from './types.ts';

/** Forgotten entries are cut off when there are this many, and more than live ones; until then they hold their objects. */
const SLACK = 256;

export class History {
  #events: LogEvent[] = [];
  /** Where the history begins; what is before it is forgotten. */
  #first = 0;

  push(event: LogEvent): void {
    this.#events.push(event);
  }

  /** The index of the first event after `revision`, for `at`. */
  after(revision: number): number {
    let low = this.#first;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const event = this.#events[middle];
      if (event !== undefined && event.version.revision <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** By index; indexes hold until the next compaction. */
  at(index: number): LogEvent | undefined {
    return this.#events[index];
  }

  /** Forgets events up to and including `revision`. */
  compact(revision: number): void {
    this.#first = this.after(revision);
    if (this.#first < this.#events.length && (this.#first < SLACK || this.#first * 2 < this.#events.length)) return;
    this.#events = this.#events.slice(this.#first);
    this.#first = 0;
  }
}
