/** The thread in which filters run: one job at a time, nothing is kept from one to the next. */
import { parentPort } from 'node:worker_threads';
import { AppError } from '../../kernel/errors.ts';
import { runChain } from './chain.ts';
import type { FilterJob, FilterOutcome } from './types.ts';

/** What a worker answers. */
export type WorkerAnswer = { outcome: FilterOutcome } | { problem: string };

// Emscripten says on the console what it also throws; it is nobody's to read.
console.error = () => undefined;

async function answer(job: FilterJob): Promise<WorkerAnswer> {
  try {
    return { outcome: await runChain(job) };
  } catch (error) {
    return { problem: error instanceof AppError ? error.message : 'The filters failed inside k8s-mcp.' };
  }
}

parentPort?.on('message', (job: FilterJob) => {
  void answer(job).then((result) => parentPort?.postMessage(result));
});
