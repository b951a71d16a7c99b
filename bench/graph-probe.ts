/** Preloaded into the product: on SIGUSR2 it tells in a file what the event loop and the heap were like since it was last asked. */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface Probed {
  /** Stalls of the event loop, ms: what its timer of 1 ms came late. */
  stall: { p99: number; p999: number; max: number };
  /** MB. */
  heapUsed: number;
  arrayBuffers: number;
  /** MB, after all garbage is gone; only where the process was started with --expose-gc. */
  retained: number;
}

const RESOLUTION_MS = 1;
const file = process.env['K8S_MCP_BENCH_PROBE'] ?? '';
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

const late = (nanos: number) => Math.max(0, nanos / 1e6 - RESOLUTION_MS);

process.on('SIGUSR2', () => {
  const stall = { p99: late(delay.percentile(99)), p999: late(delay.percentile(99.9)), max: late(delay.max) };
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  globalThis.gc?.();
  const after = process.memoryUsage();
  const told: Probed = {
    stall,
    heapUsed: heapUsed / 1e6,
    arrayBuffers: arrayBuffers / 1e6,
    retained: (after.heapUsed + after.arrayBuffers) / 1e6,
  };
  writeFileSync(file, JSON.stringify(told));
  delay.reset();
});
