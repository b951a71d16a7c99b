/** The thread of a worker in which filters run: one job at a time, nothing is kept from one to the next. */
import type { MessagePort } from 'node:worker_threads';
import { AppError } from '../../kernel/errors.ts';
import { runChain } from './chain.ts';
import type { FilterJob, WorkerAnswer } from './types.ts';

async function answer(job: FilterJob): Promise<WorkerAnswer> {
  try {
    return { outcome: await runChain(job) };
  } catch (error) {
    return { problem: error instanceof AppError ? error.message : 'The filters failed inside k8s-mcp.' };
  }
}

/** A message is a job, or a piece of the input of the next one, which then has the end of it. */
export function answerJobs(port: MessagePort): void {
  // Emscripten says on the console what it also throws; it is nobody's to read.
  console.error = () => undefined;
  let pieces: string[] = [];
  port.on('message', (message: string | FilterJob) => {
    if (typeof message === 'string') {
      pieces.push(message);
      return;
    }
    const job = pieces.length === 0 ? message : { ...message, input: [...pieces, message.input].join('') };
    pieces = [];
    void answer(job).then((result) => port.postMessage(result));
  });
}
