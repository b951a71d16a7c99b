/** What is to be looked at again at a given time: a binary heap with one time per key, the earliest asked for. */
export interface Due {
  /** Keeps the earlier of this time and the one already known for `key`. */
  at(key: number, time: number): void;
  forget(key: number): void;
  /** Takes out all that are due. */
  take(now: number, visit: (key: number) => void): void;
  next(): number | undefined;
}

export function createDue(): Due {
  const heap: { key: number; time: number }[] = [];
  const times = new Map<number, number>();

  const timeAt = (index: number) => heap[index]?.time ?? Number.POSITIVE_INFINITY;
  function swap(a: number, b: number): void {
    const [first, second] = [heap[a], heap[b]];
    if (first === undefined || second === undefined) return;
    heap[a] = second;
    heap[b] = first;
  }
  function rise(start: number): void {
    for (let at = start; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (timeAt(parent) <= timeAt(at)) return;
      swap(parent, at);
      at = parent;
    }
  }
  function sink(): void {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const child = timeAt(left + 1) < timeAt(left) ? left + 1 : left;
      if (timeAt(at) <= timeAt(child)) return;
      swap(at, child);
      at = child;
    }
  }
  function pop(): { key: number; time: number } | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (heap.length > 0 && last !== undefined) {
      heap[0] = last;
      sink();
    }
    return first;
  }
  /** Entries whose key has another time by now, or none, are left in the heap until they come up. */
  function dropStale(): void {
    for (let top = heap[0]; top !== undefined && times.get(top.key) !== top.time; top = heap[0]) pop();
  }

  return {
    at(key, time) {
      const known = times.get(key);
      if (known !== undefined && known <= time) return;
      times.set(key, time);
      heap.push({ key, time });
      rise(heap.length - 1);
    },
    forget: (key) => {
      times.delete(key);
    },
    take(now, visit) {
      for (dropStale(); timeAt(0) <= now; dropStale()) {
        const first = pop();
        if (first === undefined) return;
        times.delete(first.key);
        visit(first.key);
      }
    },
    next() {
      dropStale();
      return heap[0]?.time;
    },
  };
}
