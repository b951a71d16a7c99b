/** How long one exchange lives: until its caller cancels, the server is silent too long, or its answer is done. */
import { abortReason } from '../../kernel/async.ts';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';

export interface Lifetime {
  /** Aborts with the AppError that everyone sees. */
  signal: AbortSignal;
  /** From now on bytes are awaited: the idle time runs. */
  awaitBytes(): void;
  /** Bytes came, or nobody waits for them now. */
  pause(): void;
  /** The exchange is complete: lets go of the caller's signal. */
  release(): void;
  /** As `release`, and ends the exchange if it still runs. */
  end(reason?: AppError): void;
}

/** Starts a lifetime under a signal that has not aborted; the idle time runs only between `awaitBytes` and `pause`. */
export function startLifetime(
  caller: AbortSignal,
  { clock, idleMs, context, onEnd }: { clock: Clock; idleMs: number; context: string; onEnd: () => void },
): Lifetime {
  const controller = new AbortController();
  let awaitedSince: number | undefined;
  let cancelTimer: (() => void) | undefined;
  const release = () => {
    awaitedSince = undefined;
    cancelTimer?.();
    caller.removeEventListener('abort', onCaller);
    onEnd();
  };
  const end = (reason = new AppError('cancelled', 'The request to the cluster was ended.')) => {
    release();
    if (!controller.signal.aborted) controller.abort(reason);
  };
  const onCaller = () => end(abortReason(caller));
  caller.addEventListener('abort', onCaller, { once: true });
  /** One timer for many chunks: it finds out by itself whether it came too early. */
  const watchOver = (ms: number) => {
    cancelTimer = clock.after(ms, () => {
      cancelTimer = undefined;
      if (awaitedSince === undefined) return;
      const left = awaitedSince + idleMs - clock.monotonic();
      if (left > 0) watchOver(left);
      else end(silence(context, idleMs));
    });
  };
  const awaitBytes = () => {
    if (controller.signal.aborted) return;
    awaitedSince = clock.monotonic();
    if (cancelTimer === undefined) watchOver(idleMs);
  };
  const pause = () => {
    awaitedSince = undefined;
  };
  return { signal: controller.signal, awaitBytes, pause, release, end };
}

function silence(context: string, idleMs: number): AppError {
  return new AppError('deadline_exceeded', `Cluster "${context}" sent nothing for ${idleMs / 1000} s.`, {
    remedy: 'Retry; if it lasts, check the API server and the network to it with `k8s-mcp doctor`.',
  });
}
