/** Work that takes long gives way to others now and then. */

/** ms. DESIGN.md: no slice of work above it. */
const SLICE_MS = 8;

export interface Slices {
  /** True once this slice has lasted long enough. */
  over(): boolean;
  /** Lets timers and sockets have their turn; the next slice begins after it. */
  rest(): Promise<void>;
}

export function createSlices(): Slices {
  let began = performance.now();
  return {
    over: () => performance.now() - began > SLICE_MS,
    rest: () =>
      new Promise((resolve) => {
        setImmediate(() => {
          began = performance.now();
          resolve();
        });
      }),
  };
}
