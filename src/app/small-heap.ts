import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * The heap may grow by so much of what is in use before it is collected, percent; left alone V8 lets it double and more. A graph of 266,000
 * objects is filled in at most 417 MB with 35, in 396 with 20, which takes a seventh more CPU.
 */
const GROWTH = 35;
/** The same from a time at rest on until it has work again: little is collected then, and so it costs nothing. */
const GROWTH_AT_REST = 15;
/**
 * Bytes of the young generation, both halves. V8 would let it grow to 128 MiB; a graph of 31,000 objects is filled with 16 at the same CPU,
 * with shorter stalls, and the process ends at 220 MB instead of 340.
 */
const YOUNG = 16 * 2 ** 20;
/** V8 looks every 8 s whether it should give memory back: in so long it looks at least once, ms. */
const LOOK_MS = 10_000;
/** A process that takes less of a core than this is at rest. */
const REST = 0.15;

/**
 * A shared server sits in a pod with a memory limit, and one on a laptop beside all else; V8 would rather grow than collect. Of its flags
 * --max-semi-space-size is not read any more once it runs, the factor by which that grows is: it becomes 1 where the young generation is
 * large enough. --optimize-for-size is for rest alone: it doubles the CPU of filling a graph.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
  const giveBack = giveBackAtRest();
  let held = false;
  const look = () => {
    const enough = youngBytes() >= YOUNG;
    if (enough === held) return;
    held = enough;
    setFlagsFromString(`--semi-space-growth-factor=${held ? 1 : 2}`);
  };
  // Told after each collection, which is when it grows or shrinks.
  new PerformanceObserver((told) => {
    look();
    if (told.getEntries().some(isMajor)) giveBack();
  }).observe({ entryTypes: ['gc'] });
}

/**
 * V8 gives back garbage, holes and spare pages by a collection of its own once a process is idle: 40 MB after a graph of 266,000 objects was
 * filled. One that watches a cluster never is by V8's measure, by ours it is when it takes little CPU. Then V8 is told to care for size
 * until it has looked. What is returned is to be called when the heap was collected because it had grown.
 */
function giveBackAtRest(): () => void {
  let waiting = false;
  const wait = () => {
    const before = process.cpuUsage();
    setTimeout(() => {
      const { user, system } = process.cpuUsage(before);
      if (user + system < REST * LOOK_MS * 1000) return giveBack();
      setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
      wait();
    }, LOOK_MS).unref();
  };
  const giveBack = () => {
    setFlagsFromString('--optimize-for-size');
    setFlagsFromString(`--heap-growing-percent=${GROWTH_AT_REST}`);
    setTimeout(() => {
      setFlagsFromString('--no-optimize-for-size');
      waiting = false;
    }, LOOK_MS).unref();
  };
  return () => {
    if (waiting) return;
    waiting = true;
    wait();
  };
}

function isMajor(entry: PerformanceEntry): boolean {
  // Node tells of a collection what its types leave out.
  const { detail } = entry as PerformanceEntry & { readonly detail?: { readonly kind?: number } };
  return detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}
