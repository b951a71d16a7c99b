/** F48 to F51: the list as initial events of a watch. */
import { expect, test } from 'vitest';
import { createBed } from './testing/bed.ts';
import { RESET, status, type WatchFault } from './testing/model-server.ts';

const END = 'BOOKMARK';
const withoutEnd: WatchFault = { change: (event) => (event.type === END ? [] : [event]) };

test('the list comes as events, and the same stream goes on', async () => {
  const { start, server, sink, reflector, clock } = createBed({ watchList: true });
  await start();
  server.put('d');
  await clock.settle();
  expect(server.requests.map(({ verb, parameters }) => [verb, parameters.initialEvents])).toEqual([['watch', true]]);
  expect(sink.log).toEqual(['first', '+a', '+b', '+c', '+d']);
  expect(reflector.state).toMatchObject({ state: 'watching', resourceVersion: '104' });
  await clock.pass(60_000);
  expect(server.count('list')).toBe(0);
});

test.each([400, 422])('F48 refused with %i: a list, and it is not tried again', async (code) => {
  const { start, server, sink, reflector, clock } = createBed({ watchList: true });
  server.watchFaults.push({ fail: status(code, 'Invalid', 'sendInitialEvents is forbidden') });
  await start();
  expect(sink.held()).toEqual(server.truth());
  reflector.relist('drift');
  await clock.settle();
  expect(server.requests.filter(({ parameters }) => parameters.initialEvents)).toHaveLength(1);
  expect(server.count('list')).toBe(2);
});

test('F49 F50 the end never comes, or without its mark: 30 s without anything new, then a list', async () => {
  const unmarked: WatchFault = {
    change: (event) => (event.type === 'BOOKMARK' ? [{ ...event, initialEventsEnd: false }] : [event]),
  };
  const repeated: WatchFault = {
    change: (event) => (event.type === 'BOOKMARK' ? [] : Array.from({ length: 100 }, () => event)),
  };
  for (const fault of [withoutEnd, unmarked, repeated]) {
    const { start, server, sink, clock } = createBed({ watchList: true });
    server.watchFaults.push(fault);
    await start();
    for (let time = 0; time < 10; time++) {
      await clock.pass(2990);
      server.bookmark();
    }
    expect(sink.log).toEqual([]);
    await clock.pass(200);
    expect(sink.log).toEqual(['first', '+a', '+b', '+c']);
    expect(server.count('list')).toBe(1);
  }
});

test('F51 cut halfway: nothing of it is kept; once more, then a list', async () => {
  const { start, server, sink, clock } = createBed({ watchList: true });
  server.watchFaults.push({ after: 2, ending: RESET }, { after: 2, ending: RESET });
  await start();
  await clock.pass(500);
  expect(sink.log).toEqual([]);
  await clock.pass(5000);
  expect(sink.log).toEqual(['first', '+a', '+b', '+c']);
  expect(server.count('list')).toBe(1);
});

test('F51 changes before the end, and versions without order', async () => {
  const { start, server, sink, clock, reflector } = createBed({ watchList: true });
  const thing = (uid: string, version: string) => ({
    object: { metadata: { name: uid, uid, resourceVersion: version } },
    resourceVersion: version,
  });
  server.watchFaults.push({
    say: [
      { type: 'ADDED', ...thing('p', '90') },
      { type: 'ADDED', ...thing('q', '70') },
      { type: 'ADDED', ...thing('r', '80') },
      { type: 'MODIFIED', ...thing('q', '95') },
      { type: 'DELETED', ...thing('r', '96') },
      { type: 'DELETED', ...thing('p', '90') },
      { type: 'BOOKMARK', resourceVersion: '97', initialEventsEnd: true },
      { type: 'ADDED', ...thing('s', '98') },
    ],
  });
  await start();
  expect(sink.held()).toEqual({ p: '90', q: '95', s: '98' });
  expect(reflector.state).toMatchObject({ state: 'watching', resourceVersion: '98' });
  await clock.settle();
});

test('F20 forbidden', async () => {
  const { start, server, reflector } = createBed({ watchList: true });
  server.watchFaults.push({ fail: status(403, 'Forbidden', 'no') });
  await start();
  expect(reflector.state.state).toBe('forbidden');
});
