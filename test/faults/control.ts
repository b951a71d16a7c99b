/** Carries out what happens to a connection, a stream or the proxy at a moment. */
import type { Clock } from '../../src/kernel/clock.ts';
import type { Outgoing } from './outgoing.ts';
import type { Control } from './plan.ts';
import type { Wire } from './wire.ts';

/** What of the proxy as a whole the actions reach. */
export interface Switchboard {
  /** Until the next plan, or for so long. */
  listen(state: 'refused' | 'black-hole', forMs: number | undefined): Promise<void>;
  cutAll(): Promise<void>;
  freezeAll(forMs: number | undefined): Promise<void>;
  swapUpstream(to: string): void;
  readonly clock: Clock;
}

/** Whom it happens to: at `start` nobody, at `connect` a connection only. */
export interface Subject {
  readonly wire?: Wire;
  readonly outgoing?: Outgoing;
}

/** `skipped`: it cannot be done here; things go on. */
export type Outcome = 'goes-on' | 'over' | 'skipped';

export async function perform(action: Control, { wire, outgoing }: Subject, board: Switchboard): Promise<Outcome> {
  switch (action.kind) {
    case 'delay':
      await wait(action.ms, board, wire, outgoing);
      return outgoing?.over || wire?.gone.past ? 'over' : 'goes-on';
    case 'cut':
      if (action.how === 'end') outgoing?.end();
      else await wire?.cut(action.how, action.afterBytes);
      // With bytes to come, the answer goes on until they are through.
      return action.how !== 'end' && action.afterBytes !== undefined ? 'goes-on' : 'over';
    case 'silence':
      if (action.of === 'connection') {
        await wire?.settled();
        wire?.freeze();
      }
      outgoing?.mute();
      await new Promise<void>((resolve) => void (outgoing?.gone ?? wire?.gone)?.on(resolve));
      return 'over';
    case 'rst-stream':
      await outgoing?.reset(action.code);
      return 'over';
    case 'goaway':
      if (outgoing?.goaway(action.code) !== true) return 'skipped';
      return action.code === 0 ? 'goes-on' : 'over';
    case 'listener':
      await board.listen(action.state, action.forMs);
      if (action.cutOpen !== true) return 'goes-on';
      await board.cutAll();
      return 'over';
    case 'freeze':
      await board.freezeAll(action.forMs);
      return 'goes-on';
    case 'swap-upstream':
      board.swapUpstream(action.to);
      return 'goes-on';
  }
}

/** By the proxy's clock; shorter when the client leaves, or is cut off. */
export function wait(ms: number, board: Switchboard, wire?: Wire, outgoing?: Outgoing): Promise<void> {
  return new Promise((resolve) => {
    const cancel = board.clock.after(ms, () => {
      leave?.();
      resolve();
    });
    const leave = (outgoing?.gone ?? wire?.gone)?.on(() => {
      cancel();
      resolve();
    });
  });
}
