import { setFlagsFromString } from 'node:v8';

/**
 * A shared server sits in a pod with a memory limit, and V8 would rather grow than collect: after 1,000 lists of 50 pods it holds
 * 290 MB, with this flag 120 MB, at the same speed (bench: http). It is read at run time; --max-semi-space-size is not. To hold the
 * young generation at its first megabyte as well (--semi-space-growth-factor=1) saves nothing more, and costs each command 4 ms of CPU.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
}

/**
 * For a server that keeps a graph from the start. --optimize-for-size cannot be taken back, and to fill a graph under it takes three
 * times the CPU (35,000 objects: 31 s instead of 10 s): it collects, and lets go of compiled code, each time the heap grows a little.
 * The heap may grow by six tenths of what is in use before it is collected: 12 s, and two thirds of the memory that V8 would take.
 */
export function keepHeapInBounds(): void {
  setFlagsFromString('--heap-growing-percent=60');
}
