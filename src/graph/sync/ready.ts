/** Waiting for kinds, with word of how far they are. */
import { abortReason } from '../../kernel/async.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { AskedKinds } from '../access.ts';
import { splitKindKey } from '../kind-key.ts';
import type { Graph, KindKey } from '../types.ts';

export interface ReadySource {
  clock: Clock;
  graph: Graph;
  /** undefined until discovery has answered. */
  planned(): readonly KindKey[] | undefined;
  /** Discovery fails: there is nothing to wait for. */
  hopeless(): boolean;
  stopped(): boolean;
  /** Called when a kind's state has changed, or whether there is hope. */
  onChange(listener: () => void): () => void;
}

/** Between two lines of progress, ms. */
const PROGRESS_MS = 1_500;
/** The longest timer there is, ms. */
const LONGEST_MS = 0x7fffffff;
/** Kinds named in one line. */
const NAMED = 4;

/** The kinds among `asked`. */
export const isAmong =
  (asked: AskedKinds) =>
  (kind: KindKey): boolean =>
    typeof asked === 'string' ? asked === 'all' || kind !== 'Event' : asked.includes(kind);

export function waitUntilReady(
  asked: AskedKinds,
  { waitMs, signal, progress }: { waitMs: number; signal: AbortSignal; progress(message: string): void },
  source: ReadySource,
): Promise<void> {
  const { clock, graph } = source;
  /** Undefined: not known yet. */
  const missing = (): KindKey[] | undefined => {
    const planned = source.planned();
    if (planned === undefined) return undefined;
    const view = graph.view();
    // What is not planned is not served, or left out for good: its state says so.
    return planned.filter(isAmong(asked)).filter((kind) => view.kindState(kind).state === 'syncing');
  };
  const done = () => source.stopped() || source.hopeless() || missing()?.length === 0;

  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortReason(signal));
    if (done() || waitMs <= 0) return resolve();
    let cancelProgress = () => {};
    const end = () => {
      cancelEnd();
      cancelProgress();
      stopListening();
      signal.removeEventListener('abort', abort);
    };
    const finish = () => {
      end();
      resolve();
    };
    const abort = () => {
      end();
      reject(abortReason(signal));
    };
    const cancelEnd = clock.after(Math.min(waitMs, LONGEST_MS), finish);
    const stopListening = source.onChange(() => {
      if (done()) finish();
    });
    signal.addEventListener('abort', abort, { once: true });
    const report = () => {
      cancelProgress = clock.after(PROGRESS_MS, () => {
        progress(progressLine(graph, missing()));
        report();
      });
    };
    report();
  });
}

/** `syncing: pods 12,000 of 150,000; 3 more kinds`. */
export function progressLine(graph: Graph, kinds: readonly KindKey[] | undefined): string {
  if (kinds === undefined) return 'syncing: asking the cluster which kinds it serves';
  const view = graph.view();
  const steps = kinds
    .flatMap((kind) => {
      const state = view.kindState(kind);
      return state.state === 'syncing' ? [{ kind, ...state }] : [];
    })
    .sort((a, b) => (b.total ?? b.done) - (a.total ?? a.done));
  const named = steps.slice(0, NAMED).map(({ kind, done, total }) => {
    const of = total === undefined ? '' : ` of ${total.toLocaleString('en-US')}`;
    return `${splitKindKey(kind).kind} ${done.toLocaleString('en-US')}${of}`;
  });
  const more = steps.length - named.length;
  return `syncing: ${[...named, ...(more > 0 ? [`${more} more kinds`] : [])].join('; ')}`;
}
