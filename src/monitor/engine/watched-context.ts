import type { GraphView, NodeId } from '../../graph/types.ts';
import type { DetectContext } from '../types.ts';

/**
 * The context of one look after the other: one object, since a look must cost little. It knows whether it was asked for the time, and for what is around.
 * Detectors may spread it: its members are its own.
 */
export function watchedContext(first: GraphView) {
  let [view, at, readsTime, lookedAround] = [first, 0, false, false];
  let about: NodeId = -1;
  let again: number | undefined;
  const context: DetectContext = {
    get view() {
      lookedAround = true;
      return view;
    },
    get now() {
      readsTime = true;
      return at;
    },
    events(of) {
      if (of.id !== about) lookedAround = true;
      return view.events(of.id);
    },
    lookAgain(time) {
      again = Math.min(again ?? time, time);
    },
  };
  return {
    context,
    begin(nextView: GraphView, now: number, id: NodeId) {
      about = id;
      [view, at, readsTime, lookedAround, again] = [nextView, now, false, false, undefined];
    },
    readsTime: () => readsTime,
    lookedAround: () => lookedAround,
    again: () => again,
  };
}
