/** An answer that stays open: a watch, a log that is followed. */
import type { Call } from './call.ts';
import type { Outlet } from './exchange.ts';

export interface OpenStream {
  /** The head goes out with the first call: until then a failure has an answer of its own. */
  outlet(): Outlet;
  readonly over: boolean;
  end(): void;
}

/**
 * `begin` starts what feeds the stream and returns how to stop it; it may throw as long as nothing was sent, and may feed and even
 * end the stream before it returns. `finish` ends the outlet once everything before was written.
 */
export function openStream(
  { exchange, shared }: Pick<Call, 'exchange' | 'shared'>,
  contentType: string,
  finish: (outlet: Outlet) => void,
  begin: (stream: OpenStream) => () => void,
): void {
  let outlet: Outlet | undefined;
  let over = false;
  let stop: (() => void) | undefined;
  const open = () => {
    outlet ??= exchange.open(200, { 'content-type': contentType });
    return outlet;
  };
  const leave = () => {
    over = true;
    shared.streams.delete(end);
    stop?.();
  };
  function end(): void {
    if (over) return;
    finish(open());
    leave();
  }
  stop = begin({
    outlet: open,
    get over() {
      return over;
    },
    end,
  });
  if (over) {
    // It ended while it began, when `stop` was not there to be called.
    stop();
    return;
  }
  open();
  shared.streams.add(end);
  exchange.onClose(leave);
}
