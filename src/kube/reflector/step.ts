/** The state machine of a Reflector. Pure: time, chance and settings come as facts, everything that is to be done leaves as effects. */
import { askPage, beginList, beginWatch, relistAfter, requestPage } from './begin.ts';
import { meaningOf } from './failures.ts';
import { onInitialBatch, onInitialEnd, onInitialWireFailure, onStalled } from './gathering.ts';
import { onListFailure, onPage } from './listing.ts';
import type { Event, Facts, Machine, Step } from './machine.ts';
import { addFailure, after, onWoken } from './pauses.ts';
import { sameView, viewOf } from './view.ts';
import { onBatch, onChecked, onEnded, onOpened, onWatchFailure } from './watching.ts';

/** Where the state as it is told has changed, the last effect tells it. */
export function step<Item>(machine: Machine, event: Event<Item>, facts: Facts): Step<Item> {
  const through = machine.trouble.connection && isAnswer(event);
  const trouble = { ...machine.trouble, connection: false, woken: false };
  const led = transition(through ? { ...machine, trouble } : machine, event, facts);
  if (led.machine.phase.at === 'stopped') return led;
  const next = through ? after([{ do: 'got through' }], led) : led;
  const state = viewOf(next.machine, facts);
  if (sameView(viewOf(machine, facts), state)) return next;
  return { machine: next.machine, effects: [...next.effects, { do: 'tell', sink: { call: 'state', state } }] };
}

const isAnswer = <Item>({ type }: Event<Item>) => type === 'page' || type === 'opened' || type === 'batch';

function transition<Item>(machine: Machine, event: Event<Item>, facts: Facts): Step<Item> {
  const { phase } = machine;
  const ignored: Step<Item> = { machine, effects: [] };
  if (phase.at === 'stopped') return ignored;
  switch (event.type) {
    case 'start':
      return phase.at === 'idle' ? beginList(machine, facts) : ignored;
    case 'stop':
      return { machine: { ...machine, phase: { at: 'stopped' } }, effects: [{ do: 'halt' }, { do: 'release turn' }] };
    case 'relist':
      // A list under way is as good as another one.
      return phase.at === 'watching' || phase.at === 'checking' || phase.at === 'resting'
        ? beginList(machine, facts)
        : ignored;
    case 'sink failed': {
      if (phase.at === 'idle') return ignored;
      const { machine: failed, ms } = addFailure(machine, { of: 'list', reason: event.message }, facts);
      return relistAfter(failed, ms, facts);
    }
    case 'turn':
      return phase.at === 'turn' ? requestPage(machine, phase.list) : ignored;
    case 'timer':
      return phase.at === 'resting' ? onTimer(machine, phase, facts) : ignored;
    case 'woken':
      return onWoken(machine, facts);
    case 'page':
      if (phase.at === 'checking') return onChecked(machine, phase, event.page.resourceVersion, facts);
      return phase.at === 'listing' ? onPage(machine, phase.list, event.page, facts) : ignored;
    case 'stalled':
      return phase.at === 'gathering' ? onStalled(machine, facts) : ignored;
    default:
      return onStream(machine, event, facts);
  }
}

function onTimer<Item>(
  machine: Machine,
  { next, why }: Extract<Machine['phase'], { at: 'resting' }>,
  facts: Facts,
): Step<Item> {
  if (next.do === 'watch') return beginWatch(machine, undefined, facts);
  if (next.list === 'new') return beginList(machine, facts, { poll: why === 'polling' });
  return askPage(machine, { ...next.list, first: !machine.has }, facts);
}

type StreamEvent<Item> = Extract<Event<Item>, { type: 'opened' | 'batch' | 'ended' | 'failed' }>;

function onStream<Item>(machine: Machine, event: StreamEvent<Item>, facts: Facts): Step<Item> {
  const { phase } = machine;
  if (phase.at === 'turn' || phase.at === 'listing')
    return event.type === 'failed'
      ? onListFailure(machine, phase.list, event.failure, facts)
      : { machine, effects: [] };
  if (phase.at === 'checking')
    return event.type === 'failed' ? onChecked(machine, phase, undefined, facts) : { machine, effects: [] };
  if (phase.at === 'gathering') {
    if (event.type === 'batch') return onInitialBatch(machine, phase, event.events, facts);
    if (event.type === 'ended') return onInitialEnd(machine, facts);
    if (event.type === 'failed') return onInitialWireFailure(machine, event.failure, facts);
  }
  if (phase.at !== 'watching') return { machine, effects: [] };
  switch (event.type) {
    case 'opened':
      return { machine: onOpened(machine, phase, facts), effects: [] };
    case 'batch':
      return onBatch(machine, phase, event.events, facts);
    case 'ended':
      return onEnded(machine, phase, facts);
    case 'failed':
      return onWatchFailure(machine, phase, meaningOf(event.failure), false, facts);
  }
}
