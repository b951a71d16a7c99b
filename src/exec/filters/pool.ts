/** A few threads for filters, kept warm for a while. Each has one job at a time; a job that ends badly ends its thread. */
import { Worker } from 'node:worker_threads';
import type { FilterJob } from './types.ts';
import type { WorkerAnswer } from './worker.ts';
import { workerFile } from './worker-file.ts';

/** Threads at once; more jobs wait. Each may need the memory below. */
const MAX_WORKERS = 4;
/** Threads without work that are kept. */
const MAX_IDLE = 2;
const IDLE_MS = 30_000;
/** Timers that are longer fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** Jobs after which a thread is replaced, so that nothing can pile up in it. */
const MAX_JOBS = 200;
/** After an input of so many characters a thread is not kept: WebAssembly gives memory back with its thread only. */
const LARGE_INPUT = 2 * 1024 * 1024;
/** Heap of a thread in MiB. jq's own memory, 256 MiB at most, is not in it. */
const HEAP_MIB = 512;
/** Depth of recursion in MiB; for what is read by recursion there are own limits. */
const STACK_MIB = 4;

export type JobEnd = WorkerAnswer | { ended: 'deadline' | 'aborted' | 'memory' | 'crashed' };

interface Thread {
  worker: Worker;
  jobs: number;
  idleTimer: NodeJS.Timeout | undefined;
}

interface Waiting {
  start: (thread: Thread) => void;
}

export class WorkerPool {
  readonly #idle: Thread[] = [];
  readonly #waiting: Waiting[] = [];
  #running = 0;

  /** Waiting for a thread counts into `timeoutMs`. */
  async run(job: FilterJob, timeoutMs: number, signal?: AbortSignal): Promise<JobEnd> {
    if (signal?.aborted === true) return { ended: 'aborted' };
    const limit = new AbortController();
    const stop = (why: 'deadline' | 'aborted') => () => limit.abort(why);
    const timer = setTimeout(stop('deadline'), Math.min(timeoutMs, MAX_TIMER_MS));
    const onAbort = stop('aborted');
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const thread = await this.#take(limit.signal);
      return thread === undefined ? ended(limit.signal) : await this.#work(thread, job, limit.signal);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Starts a thread that will be wanted soon, where none waits. */
  warm(): void {
    if (this.#idle.length === 0 && this.#running < MAX_WORKERS) this.#keep(newThread());
  }

  /** For tests and shutdown: no thread stays. Jobs that run are not touched. */
  async close(): Promise<void> {
    const threads = this.#idle.splice(0);
    await Promise.all(threads.map((thread) => this.#end(thread)));
  }

  get idle(): number {
    return this.#idle.length;
  }

  #take(limit: AbortSignal): Promise<Thread | undefined> {
    if (this.#running < MAX_WORKERS) {
      const thread = this.#ready();
      this.#running += 1;
      return Promise.resolve(thread);
    }
    return new Promise((resolve) => {
      const waiting: Waiting = {
        start: (thread) => {
          limit.removeEventListener('abort', giveUp);
          resolve(thread);
        },
      };
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        resolve(undefined);
      };
      limit.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(waiting);
    });
  }

  #ready(): Thread {
    const thread = this.#idle.pop();
    if (thread === undefined) return newThread();
    clearTimeout(thread.idleTimer);
    return thread;
  }

  async #work(thread: Thread, job: FilterJob, limit: AbortSignal): Promise<JobEnd> {
    thread.jobs += 1;
    thread.worker.ref();
    const end = await one(thread.worker, job, limit);
    const isFit = 'outcome' in end && thread.jobs < MAX_JOBS && job.input.length < LARGE_INPUT;
    if (isFit) this.#keep(thread);
    // Memory of a runaway job is free again before the next one begins.
    else await this.#end(thread);
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next.start(this.#ready());
    return end;
  }

  #keep(thread: Thread): void {
    thread.worker.unref();
    this.#idle.push(thread);
    thread.idleTimer = setTimeout(() => void this.#drop(thread), IDLE_MS).unref();
    if (this.#idle.length > MAX_IDLE) {
      const oldest = this.#idle[0];
      if (oldest !== undefined) void this.#drop(oldest);
    }
  }

  async #drop(thread: Thread): Promise<void> {
    const at = this.#idle.indexOf(thread);
    if (at !== -1) this.#idle.splice(at, 1);
    await this.#end(thread);
  }

  async #end(thread: Thread): Promise<void> {
    clearTimeout(thread.idleTimer);
    await thread.worker.terminate();
  }
}

function newThread(): Thread {
  return { worker: startWorker(), jobs: 0, idleTimer: undefined };
}

function startWorker(): Worker {
  const worker = new Worker(workerFile(), {
    argv: [],
    env: {},
    execArgv: [],
    stdin: false,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB, stackSizeMb: STACK_MIB },
  });
  // Without a listener, an error of an idle thread would end the server.
  worker.on('error', () => undefined);
  return worker;
}

function ended(limit: AbortSignal): JobEnd {
  return { ended: limit.reason === 'deadline' ? 'deadline' : 'aborted' };
}

/** Gives the job to the thread and waits for what comes first. */
function one(worker: Worker, job: FilterJob, limit: AbortSignal): Promise<JobEnd> {
  return new Promise((resolve) => {
    const finish = (end: JobEnd) => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
      limit.removeEventListener('abort', onLimit);
      resolve(end);
    };
    const onMessage = (answer: WorkerAnswer) => finish(answer);
    const onError = (error: unknown) => finish({ ended: isOutOfMemory(error) ? 'memory' : 'crashed' });
    const onExit = () => finish({ ended: 'crashed' });
    const onLimit = () => finish(ended(limit));
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
    limit.addEventListener('abort', onLimit, { once: true });
    if (limit.aborted) onLimit();
    else worker.postMessage(job);
  });
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
