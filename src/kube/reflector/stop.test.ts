/** F65: stopped in any state it is gone: no timer, no call, no word to the sink. And what the driver owes: turns, order, backpressure. */
import { expect, test } from 'vitest';
import { type Bed, createBed } from './testing/bed.ts';
import { REFUSED, RESET, status } from './testing/model-server.ts';

const STATES: Record<string, (bed: Bed) => Promise<void> | void> = {
  'not started': () => {},
  'just started': (bed) => bed.reflector.start(),
  listing: (bed) => {
    bed.server.listFaults.push({ hang: true });
    return bed.start();
  },
  watching: (bed) => bed.start(),
  'retrying a list': (bed) => {
    bed.server.listFaults.push({ fail: REFUSED });
    return bed.start();
  },
  'retrying a watch': async (bed) => {
    await bed.start();
    for (const watch of bed.server.watches) watch.fail(RESET);
    await bed.clock.settle();
  },
  forbidden: (bed) => {
    bed.server.listFaults.push({ fail: status(403) });
    return bed.start();
  },
  unauthorized: async (bed) => {
    bed.server.listFaults.push({ fail: status(401) }, { fail: status(401) });
    await bed.start();
    await bed.clock.pass(1000);
  },
  polling: (bed) => {
    bed.server.watchFaults.push({ fail: status(405) });
    return bed.start();
  },
  'telling a page': (bed) => {
    bed.sink.before = () => new Promise(() => {});
    return bed.start();
  },
};

test.each(Object.entries(STATES))('F65 stopped while %s', async (_name, lead) => {
  const bed = createBed();
  await lead(bed);
  bed.reflector.stop();
  const told = [...bed.sink.log];
  const states = bed.sink.states.length;
  await bed.clock.settle();
  expect(bed.clock.timers()).toBe(0);
  expect(bed.server.calls()).toBe(0);
  bed.server.put('later');
  bed.reflector.relist('too late');
  bed.reflector.start();
  await bed.clock.pass(3_600_000);
  expect(bed.reflector.state).toEqual({ state: 'stopped' });
  expect(bed.sink.log).toEqual(told);
  expect(bed.sink.states).toHaveLength(states);
  expect(bed.server.calls()).toBe(0);
});

test('F65 stopped while initial events come', async () => {
  const { start, server, reflector, clock } = createBed({ watchList: true });
  server.watchFaults.push({ change: (event) => (event.type === 'BOOKMARK' ? [] : [event]) });
  await start();
  expect(clock.timers()).toBe(1);
  reflector.stop();
  await clock.settle();
  expect([clock.timers(), server.calls()]).toEqual([0, 0]);
});

test('F65 10,000 reconnects leave nothing behind', async () => {
  const { start, server, clock, reflector } = createBed();
  await start();
  for (let time = 0; time < 10_000; time++) {
    for (const watch of server.watches) watch.fail(RESET);
    await clock.pass(31_000);
  }
  expect(reflector.counts).toMatchObject({ lists: 1, watches: 10_001 });
  expect([clock.timers(), server.calls(), server.watches.size]).toEqual([0, 1, 1]);
});

test('a list waits for its turn and gives it back when it is whole, rests or is stopped; a watch needs none', async () => {
  let held = 0;
  let grant = () => {};
  const turn = () =>
    new Promise<() => void>((resolve) => {
      grant = () => {
        held++;
        resolve(() => void held--);
      };
    });
  const bed = createBed({ turn, pageSize: 2 });
  await bed.start();
  expect(bed.reflector.state).toEqual({ state: 'waiting', why: 'turn' });
  expect(bed.server.requests).toEqual([]);
  bed.server.listFaults.push(undefined, { fail: RESET });
  grant();
  await bed.clock.settle();
  expect(held).toBe(0);
  expect(bed.reflector.state).toMatchObject({ state: 'retrying', next: 'list' });
  await bed.clock.pass(1000);
  bed.server.listFaults.push({ hang: true });
  grant();
  await bed.clock.settle();
  expect(held).toBe(1);
  bed.reflector.stop();
  expect(held).toBe(0);
});

test('a turn that comes after the stop is given back', async () => {
  let released = 0;
  let grant = () => {};
  const turn = () =>
    new Promise<() => void>((resolve) => {
      grant = () => resolve(() => void released++);
    });
  const { start, reflector, clock } = createBed({ turn });
  await start();
  reflector.stop();
  grant();
  await clock.settle();
  expect(released).toBe(1);
});

test('the sink is waited for: no page and no event is read ahead of it', async () => {
  const { start, server, sink, clock } = createBed({ pageSize: 1 });
  let release = () => {};
  sink.before = () =>
    new Promise((resolve) => {
      release = resolve;
    });
  await start();
  expect(server.count('list')).toBe(1);
  for (let page = 0; page < 4; page++) {
    release();
    await clock.settle();
  }
  expect(server.count('watch')).toBe(1);
  server.put('d');
  await clock.settle();
  server.put('e');
  server.put('f');
  release();
  await clock.settle();
  expect(sink.log.at(-1)).toBe('+d');
  release();
  await clock.settle();
  expect(sink.log.slice(-2)).toEqual(['+e', '+f']);
});

test('a sink that fails gets everything anew', async () => {
  const { start, server, sink, clock } = createBed();
  await start();
  sink.before = () => {
    delete sink.before;
    throw new TypeError('broken');
  };
  server.put('d');
  await clock.pass(2000);
  expect(sink.held()).toEqual(server.truth());
  expect(server.count('list')).toBe(2);
});

test('relist reads everything anew at once, also out of a rest, and not while a list runs', async () => {
  const { start, server, sink, reflector, clock } = createBed();
  reflector.relist('not started');
  await start();
  reflector.relist('drift');
  reflector.relist('drift');
  await clock.settle();
  expect(server.count('list')).toBe(2);
  server.listFaults.push({ fail: status(403) });
  reflector.relist('drift');
  await clock.settle();
  expect(reflector.state.state).toBe('forbidden');
  reflector.relist('a role came');
  await clock.settle();
  expect(reflector.state.state).toBe('watching');
  expect(sink.held()).toEqual(server.truth());
  expect(server.calls()).toBe(1);
});
