/** Carries out what the state machine wants: calls the wire, waits, tells the sink, one thing after the other. */

import type { KubeObject } from '../../kernel/vocabulary.ts';
import { type ListParameters, type WatchParameters, WireError, type WireFailure } from '../watch/types.ts';
import { createGathering } from './gathered.ts';
import { PAGE_SIZE, POLL_INTERVAL } from './limits.ts';
import { type Effect, type Event, INITIAL, type Seen, type Settings, type SinkCall } from './machine.ts';
import type { Member } from './revival.ts';
import { step } from './step.ts';
import type { Reflector, ReflectorOptions, ReflectorSink } from './types.ts';
import { viewOf } from './view.ts';

/** One call, wait or turn. What it reports after another one took its place is not heard. */
interface Operation {
  readonly controller: AbortController;
  cancelTimer?: () => void;
}

export function createReflector<Item>(options: ReflectorOptions<Item>): Reflector {
  const { target, wire, sink, project, clock, random } = options;
  const settings: Settings = {
    watchTimeout: options.watchTimeout,
    maxRetries: options.maxRetries,
    pageSize: options.pageSize ?? PAGE_SIZE,
    turns: options.turn !== undefined,
    initialEvents: options.watchList ?? false,
    pollInterval: options.pollInterval ?? POLL_INTERVAL,
    comparableVersions: options.comparableVersions ?? (() => false),
  };
  const gathering = createGathering<Item>(clock, () => void send({ type: 'stalled' }));
  let machine = INITIAL;
  let operation: Operation | undefined;
  let releaseTurn: (() => void) | undefined;
  let stopped = false;
  let member: Member | undefined;
  /** Steps and their effects are done in the order of their events. */
  let tail: Promise<void> = Promise.resolve();

  function send(event: Event<Item>, from?: Operation): Promise<void> {
    tail = tail.then(() => handle(event, from));
    return tail;
  }

  async function handle(event: Event<Item>, from: Operation | undefined): Promise<void> {
    if (stopped || (from !== undefined && from !== operation)) return;
    const next = step(machine, event, { now: clock.now(), random: random(), settings });
    machine = next.machine;
    try {
      for (const effect of next.effects) {
        await perform(effect);
        if (stopped) return;
      }
    } catch (error) {
      // A sink that fails has lost something: it gets everything anew.
      if (!stopped) await handle({ type: 'sink failed', message: messageOf(error) }, undefined);
    }
  }

  async function perform(effect: Effect<Item>): Promise<void> {
    switch (effect.do) {
      case 'tell':
        return tell(sink, effect.sink);
      case 'list':
        return void list(begin(), effect.parameters);
      case 'watch':
        return void watch(begin(), effect.parameters);
      case 'turn':
        return void takeTurn(begin());
      case 'wait': {
        const waiting = begin();
        waiting.cancelTimer = clock.after(effect.ms, () => void send({ type: 'timer' }, waiting));
        return;
      }
      case 'release turn':
        return giveTurnBack();
      case 'got through':
        return member?.gotThrough();
      case 'halt':
        return end();
      case 'gather':
        return gathering.add(effect.events, effect.stallAfter);
      case 'commit gathered': {
        const items = gathering.take();
        sink.listBegins(effect.first ? 'first' : 'relist');
        for (let at = 0; at < items.length; at += settings.pageSize) {
          if (stopped) return;
          await sink.listPage(
            items.slice(at, at + settings.pageSize),
            Math.max(0, items.length - at - settings.pageSize),
          );
        }
        if (!stopped) await sink.listEnds(effect.resourceVersion);
        return;
      }
    }
  }

  function begin(): Operation {
    end();
    operation = { controller: new AbortController() };
    return operation;
  }

  function end(): void {
    operation?.cancelTimer?.();
    operation?.controller.abort();
    operation = undefined;
    gathering.clear();
  }

  function giveTurnBack(): void {
    const release = releaseTurn;
    releaseTurn = undefined;
    release?.();
  }

  async function takeTurn(own: Operation): Promise<void> {
    try {
      const release = await options.turn?.(own.controller.signal);
      if (own !== operation) return release?.();
      releaseTurn = release;
      await send({ type: 'turn' }, own);
    } catch (error) {
      await send({ type: 'failed', failure: failureOf(error) }, own);
    }
  }

  async function list(own: Operation, parameters: ListParameters): Promise<void> {
    try {
      const page = await wire.list(target, parameters, project, own.controller.signal);
      await send({ type: 'page', page }, own);
    } catch (error) {
      await send({ type: 'failed', failure: failureOf(error) }, own);
    }
  }

  async function watch(own: Operation, parameters: WatchParameters): Promise<void> {
    const onOpen = () => void send({ type: 'opened' }, own);
    try {
      const stream = wire.watch(target, parameters, seen, { signal: own.controller.signal, onOpen });
      for await (const events of stream) {
        await send({ type: 'batch', events }, own);
        if (own !== operation) return;
      }
      await send({ type: 'ended' }, own);
    } catch (error) {
      await send({ type: 'failed', failure: failureOf(error) }, own);
    }
  }

  function seen(object: KubeObject): Seen<Item> {
    const { uid, namespace = '', name = '' } = object.metadata ?? {};
    return { uid: uid ?? `${namespace}/${name}`, item: project(object) };
  }

  return {
    start() {
      if (stopped) return;
      member ??= options.revival?.join(() => void send({ type: 'woken' }));
      void send({ type: 'start' });
    },
    stop() {
      if (stopped) return;
      stopped = true;
      member?.leave();
      machine = { ...machine, phase: { at: 'stopped' } };
      end();
      giveTurnBack();
    },
    get state() {
      return viewOf(machine, { settings });
    },
    get counts() {
      return machine.counts;
    },
    relist: (reason) => void send({ type: 'relist', reason }),
  };
}

function tell<Item>(sink: ReflectorSink<Item>, told: SinkCall<Item>): void | Promise<void> {
  switch (told.call) {
    case 'listBegins':
      return sink.listBegins(told.kind);
    case 'listPage':
      return sink.listPage(told.items, told.remaining);
    case 'listEnds':
      return sink.listEnds(told.resourceVersion);
    case 'events':
      return sink.events(told.batch);
    case 'lost':
      return sink.lost(told.why);
    case 'state':
      return sink.state(told.state);
  }
}

function failureOf(error: unknown): WireFailure {
  if (error instanceof WireError) return error.failure;
  return { kind: 'malformed', message: messageOf(error) };
}

/** Nothing of what was thrown: it may hold what an object holds. */
function messageOf(error: unknown): string {
  return `What was read could not be taken in (${error instanceof Error ? error.name : 'unknown error'}).`;
}
