/** Whether there is room for another object: what quota the real server's etcd has, the memory of this process is here. */
import { getHeapStatistics } from 'node:v8';

/** Of the heap that the process may have; collecting garbage takes the rest. */
const FULL = 0.8;
/** Asked of V8 once in so many objects. */
const EVERY = 64;

export function heapRoom(): () => boolean {
  let asked = 0;
  let full = false;
  return () => {
    if (full || asked++ % EVERY === 0) {
      const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
      full = used > limit * FULL;
    }
    return !full;
  };
}
