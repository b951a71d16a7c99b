import { setFlagsFromString } from 'node:v8';

/**
 * A shared server sits in a pod with a memory limit, and V8 would rather grow than collect: after 1,000 lists of 50 pods it holds
 * 290 MB, with these two flags 110 MB, at the same speed (bench: http). Both are read at run time; --max-semi-space-size is not.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--semi-space-growth-factor=1');
}
