/** Preloaded into the product: on SIGUSR2 it tells in a file what the event loop and the heap were like since it was last asked. */
import { readFileSync, writeFileSync } from 'node:fs';
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

/** What is written into the file before it is asked. */
export interface Ask {
  /** Whether it goes on watching the event loop: its timer alone takes 2 % of a core. */
  watch: boolean;
  /** Whether garbage is collected first, to tell what is retained. */
  collect: boolean;
}

const RESOLUTION_MS = 1;
const file = process.env['K8S_MCP_BENCH_PROBE'] ?? '';
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

const late = (nanos: number) => Math.max(0, nanos / 1e6 - RESOLUTION_MS);

process.on('SIGUSR2', () => {
  const { watch, collect } = JSON.parse(readFileSync(file, 'utf8')) as Ask;
  const stall = { p99: late(delay.percentile(99)), p999: late(delay.percentile(99.9)), max: late(delay.max) };
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  if (collect) globalThis.gc?.();
  const after = process.memoryUsage();
  const told: Probed = {
    stall,
    heapUsed: heapUsed / 1e6,
    arrayBuffers: arrayBuffers / 1e6,
    retained: (after.heapUsed + after.arrayBuffers) / 1e6,
  };
  writeFileSync(`${file}.told`, JSON.stringify(told));
  delay.reset();
  if (watch) delay.enable();
  else delay.disable();
});
