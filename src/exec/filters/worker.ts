/**
 * The program of a filter worker: a process of its own, for a thread without memory may end the process that it is in. Filters
 * run in its second thread; the first stays free to see how much memory they take, and that the server is gone.
 */
import { writeFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { FilterJob, WorkerAnswer } from './types.ts';

/** Heap of the thread in MiB. jq's own memory, 256 MiB at most, and copies of its input and output are not in it. */
const HEAP_MIB = 512;
/** Depth of recursion in MiB; for what is read by recursion there are own limits. */
const STACK_MIB = 4;
/** Of the whole process, in bytes. A pipe of jq with wide characters in and out took 1.13 GiB without a limit. */
const MAX_MEMORY = 2 ** 30;
/** How often that is looked at, while filters run. */
const LOOK_MS = 50;

function serve(): void {
  // V8 without memory aborts: a core dump would be as large as the heap, and hold what was filtered.
  tellKernel('coredump_filter', '0');
  // Where the system has too little memory, this process ends before the server does.
  tellKernel('oom_score_adj', '1000');
  process.once('disconnect', end);
  if (!process.connected) end();
  // Terminals and service managers send these to all processes: the server decides when it ends, and we end with it.
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
  let watch: NodeJS.Timeout | undefined;
  thread.on('error', (error) => (isOutOfMemory(error) ? end() : process.exit(1)));
  thread.on('exit', () => process.exit(1));
  thread.on('message', (answer: WorkerAnswer) => {
    clearInterval(watch);
    watch = undefined;
    process.send?.(answer);
  });
  process.on('message', (message: string | FilterJob) => {
    watch ??= setInterval(() => {
      if (process.memoryUsage.rss() > MAX_MEMORY) end();
    }, LOOK_MS);
    thread.postMessage(message);
  });
}

/** `process.exit` would wait for a thread that is busy. The pool takes it for what it mostly is: memory. */
function end(): void {
  process.kill(process.pid, 'SIGKILL');
}

function tellKernel(name: string, value: string): void {
  try {
    writeFileSync(`/proc/self/${name}`, value);
  } catch {
    // Only Linux has it.
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

if (isMainThread) serve();
else if (parentPort !== null) (await import('./worker-thread.ts')).answerJobs(parentPort);
