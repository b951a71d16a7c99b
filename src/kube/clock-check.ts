/** The server's clock is heard with each answer; where none came for a while, it is asked. */
import { abortable, singleFlight } from '../kernel/async.ts';
import type { ServerClock } from './watch/server-clock.ts';

/** Watches go on for minutes without a Date, ms. */
const OLD_MS = 5_000;
/** From here on it is asked on the side, so that whoever asks questions often never waits for it. */
const AGEING_MS = 2_500;
/** No question waits longer for the time, ms. */
const WAIT_MS = 300;
const ANSWER_MS = 5_000;

/** Never throws: what was heard last holds on. */
export function createClockCheck(
  { age }: Pick<ServerClock, 'age'>,
  ask: (signal: AbortSignal) => Promise<void>,
): (signal: AbortSignal) => Promise<void> {
  const asked = singleFlight(() => ask(AbortSignal.timeout(ANSWER_MS)).catch(() => undefined));
  return async (signal) => {
    const before = age();
    if (before < AGEING_MS) return;
    const answer = asked();
    if (before < OLD_MS) return;
    await abortable(answer, AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)])).catch(() => undefined);
  };
}
