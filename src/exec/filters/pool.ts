/** A few processes for filters, kept warm for a while. Each has one job at a time; a job that ends badly ends its process. */
import { type NodeChild, type NodeChildEnd, startNodeChild, type Told } from '../../process/node-child.ts';
import type { FilterJob, WorkerAnswer } from './types.ts';
import { workerFile } from './worker-file.ts';

/** In lists of processes. */
const NAME = 'k8s-mcp-filters';
/** Workers at once; more jobs wait. Each may take 1 GiB (worker.ts). */
const MAX_WORKERS = 4;
/** Workers without work that are kept. */
const MAX_IDLE = 2;
const IDLE_MS = 30_000;
/** Timers that are longer fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** Jobs after which a worker is replaced, so that nothing can pile up in it. */
const MAX_JOBS = 200;
/** After an input of so many characters a worker is not kept: WebAssembly gives memory back with its thread only. */
const LARGE_INPUT = 2 * 1024 * 1024;
/** Characters that are passed to a worker at once: 3 to 10 ms (measured). */
const PIECE = 1024 * 1024;
/** By which a process without memory ends, see below. */
const MEMORY_SIGNALS: ReadonlySet<NodeJS.Signals> = new Set(['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGKILL']);

export type JobEnd = WorkerAnswer | { ended: 'deadline' | 'aborted' | 'memory' | 'crashed' };

interface Worker {
  child: NodeChild;
  jobs: number;
  idleTimer: NodeJS.Timeout | undefined;
}

interface Waiting {
  start: (worker: Worker) => void;
}

export class WorkerPool {
  readonly #idle: Worker[] = [];
  readonly #waiting: Waiting[] = [];
  #running = 0;

  /** Waiting for a worker counts into `timeoutMs`. */
  async run(job: FilterJob, timeoutMs: number, signal?: AbortSignal): Promise<JobEnd> {
    if (signal?.aborted === true) return { ended: 'aborted' };
    const limit = new AbortController();
    const stop = (why: 'deadline' | 'aborted') => () => limit.abort(why);
    const timer = setTimeout(stop('deadline'), Math.min(timeoutMs, MAX_TIMER_MS));
    const onAbort = stop('aborted');
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const worker = await this.#take(limit.signal);
      return worker === undefined ? ended(limit.signal) : await this.#work(worker, job, limit.signal);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Starts a worker that will be wanted soon, where none waits. */
  warm(): void {
    if (this.#idle.length === 0 && this.#running < MAX_WORKERS) this.#keep(this.#start());
  }

  /** For tests and shutdown: no worker stays. Jobs that run are not touched. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.slice().map((worker) => this.#end(worker)));
  }

  get idle(): number {
    return this.#idle.length;
  }

  #start(): Worker {
    const worker: Worker = { child: startNodeChild(workerFile(), NAME), jobs: 0, idleTimer: undefined };
    // Somebody else may end it while it is idle.
    void worker.child.ended.then(() => this.#forget(worker));
    return worker;
  }

  #take(limit: AbortSignal): Promise<Worker | undefined> {
    if (this.#running < MAX_WORKERS) {
      const worker = this.#ready();
      this.#running += 1;
      return Promise.resolve(worker);
    }
    return new Promise((resolve) => {
      const waiting: Waiting = {
        start: (worker) => {
          limit.removeEventListener('abort', giveUp);
          resolve(worker);
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

  #ready(): Worker {
    const worker = this.#idle.pop();
    if (worker === undefined) return this.#start();
    clearTimeout(worker.idleTimer);
    return worker;
  }

  async #work(worker: Worker, job: FilterJob, limit: AbortSignal): Promise<JobEnd> {
    worker.jobs += 1;
    const end = await one(worker.child, job, limit);
    const isFit = 'outcome' in end && worker.jobs < MAX_JOBS && job.input.length < LARGE_INPUT;
    if (isFit) this.#keep(worker);
    // Memory of a runaway job is free again before the next one begins.
    else await this.#end(worker);
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next.start(this.#ready());
    return end;
  }

  #keep(worker: Worker): void {
    this.#idle.push(worker);
    worker.idleTimer = setTimeout(() => void this.#end(worker), IDLE_MS).unref();
    if (this.#idle.length > MAX_IDLE) {
      const oldest = this.#idle[0];
      if (oldest !== undefined) void this.#end(oldest);
    }
  }

  async #end(worker: Worker): Promise<void> {
    this.#forget(worker);
    await worker.child.kill();
  }

  #forget(worker: Worker): void {
    clearTimeout(worker.idleTimer);
    const at = this.#idle.indexOf(worker);
    if (at !== -1) this.#idle.splice(at, 1);
  }
}

function ended(limit: AbortSignal): JobEnd {
  return { ended: limit.reason === 'deadline' ? 'deadline' : 'aborted' };
}

/** Gives the job to the worker and waits for what comes first. */
async function one(child: NodeChild, job: FilterJob, limit: AbortSignal): Promise<JobEnd> {
  if (limit.aborted) return ended(limit);
  const { promise: stopped, resolve } = Promise.withResolvers<JobEnd>();
  const onLimit = () => resolve(ended(limit));
  limit.addEventListener('abort', onLimit, { once: true });
  const answered = child.ask(messagesOf(job)).then(endOf);
  try {
    return await Promise.race([answered, stopped]);
  } finally {
    limit.removeEventListener('abort', onLimit);
  }
}

/** The job with the end of its input; before it the rest in pieces, so that no long text holds up our event loop. */
function* messagesOf(job: FilterJob): Generator<string | FilterJob> {
  const { input } = job;
  if (typeof input !== 'string') return yield job;
  let start = 0;
  for (; input.length - start > PIECE; start += PIECE) yield input.slice(start, start + PIECE);
  yield { ...job, input: input.slice(start) };
}

function endOf(told: Told): JobEnd {
  if ('end' in told) return { ended: isOutOfMemory(told.end) ? 'memory' : 'crashed' };
  // Nobody but our own program answers.
  return told.answer as WorkerAnswer;
}

/** V8 without memory aborts or runs into a trap; a worker without memory, and a system without memory, kill. */
function isOutOfMemory({ signal }: NodeChildEnd): boolean {
  return signal !== null && MEMORY_SIGNALS.has(signal);
}
