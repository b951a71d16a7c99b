/**
 * The program of a filter worker: a process of its own, so that a filter may exhaust the heap and V8 end the process. Filters run
 * in its second thread: the first stays free to see that the server is gone, and how much memory they use.
 */
import { writeFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { FilterJob, WorkerAnswer } from './types.ts';
import { OUT_OF_MEMORY } from './worker-file.ts';

/** Heap of the thread in MiB. jq's own memory, 256 MiB at most, is not in it. */
const HEAP_MIB = 512;
/** Depth of recursion in MiB; for what is read by recursion there are own limits. */
const STACK_MIB = 4;

function serve(): void {
  leaveNoCore();
  const end = () => process.kill(process.pid, 'SIGKILL');
  // A thread that is busy would keep process.exit waiting.
  process.once('disconnect', end);
  if (!process.connected) end();
  // Those of the terminal and of service managers go to all processes: the server decides when it ends, and we end with it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  const thread = new Worker(new URL(import.meta.url), {
    argv: [],
    env: {},
    execArgv: [],
    stdin: false,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB, stackSizeMb: STACK_MIB },
  });
  thread.on('error', (error) => process.exit(isOutOfMemory(error) ? OUT_OF_MEMORY : 1));
  thread.on('exit', () => process.exit(1));
  thread.on('message', (answer: WorkerAnswer) => process.send?.(answer));
  process.on('message', (message: string | FilterJob) => thread.postMessage(message));
}

/** V8 ends a process without memory by abort(3), whose core dump would be as large as the heap, and hold what was filtered. */
function leaveNoCore(): void {
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Only Linux has it.
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

if (isMainThread) serve();
else if (parentPort !== null) (await import('./worker-thread.ts')).answerJobs(parentPort);
