/** F01 to F16 as a Reflector sees them: the wire says that a connection was not made or was lost. */
import { expect, test } from 'vitest';
import { createBed } from './testing/bed.ts';
import { REFUSED, RESET } from './testing/model-server.ts';

const SILENT = { kind: 'silent', message: 'No bytes for 605 s.' } as const;
const WRONG_NAME = { kind: 'unreachable', cause: 'tls', message: 'The certificate is for another name.' } as const;

test('F01 refused on the first list: tried again after pauses that double up to 30 s, degraded from the third on, and it never gives up', async () => {
  const { start, server, sink, reflector, clock } = createBed({ random: () => 1 });
  server.listFaults.push(...Array.from({ length: 12 }, () => ({ fail: REFUSED })));
  await start();
  expect(reflector.state).toMatchObject({
    state: 'retrying',
    next: 'list',
    failures: 1,
    degraded: false,
    reason: 'The connection was refused.',
  });
  await clock.pass(2400);
  expect(reflector.state).toMatchObject({ state: 'retrying', failures: 3, degraded: true });
  await clock.pass(600_000);
  const times = server.requests.filter(({ verb }) => verb === 'list').map(({ at }) => at);
  const pauses = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  expect(pauses).toEqual([800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000, 30_000, 30_000, 30_000, 30_000]);
  expect(sink.held()).toEqual(server.truth());
  expect(reflector.state.state).toBe('watching');
});

test('F01 a pause is never nothing, however chance falls', async () => {
  const { start, server, clock } = createBed({ random: () => 0 });
  server.listFaults.push(...Array.from({ length: 50 }, () => ({ fail: REFUSED })));
  await start();
  await clock.pass(10_000);
  expect(server.count('list')).toBeLessThan(10);
});

test('F02 refused on the next watch: the same version again, no list', async () => {
  const { start, server, sink, asked, clock } = createBed();
  await start();
  server.watchFaults.push({ fail: REFUSED }, { fail: REFUSED }, { fail: REFUSED });
  for (const watch of server.watches) watch.fail(RESET);
  await clock.settle();
  server.put('d');
  await clock.pass(30_000);
  expect(asked()).toEqual([
    '0.0 list',
    '0.0 watch 103',
    '0.4 watch 103',
    '1.3 watch 103',
    '3.1 watch 103',
    '6.6 watch 103',
  ]);
  expect(sink.held()).toEqual(server.truth());
});

test('F03 a certificate that is wrong: said as it is, tried again', async () => {
  const { start, server, reflector, clock } = createBed();
  server.listFaults.push({ fail: WRONG_NAME });
  await start();
  expect(reflector.state).toMatchObject({ state: 'retrying', reason: 'The certificate is for another name.' });
  await clock.pass(1000);
  expect(reflector.state.state).toBe('watching');
});

test('F05 reset in the middle of a stream: from the last version that was understood, nothing told twice', async () => {
  const { start, server, sink, asked, clock } = createBed();
  await start();
  server.put('d');
  await clock.settle();
  for (const watch of server.watches) watch.fail(RESET);
  await clock.settle();
  server.put('e');
  await clock.pass(2000);
  expect(asked().at(-1)).toBe('0.4 watch 104');
  expect(sink.log).toEqual(['first', '+a', '+b', '+c', '+d', '+e']);
});

test('F06 silence: as a lost connection, the same version', async () => {
  const { start, server, sink, asked, clock } = createBed();
  await start();
  await clock.pass(605_000);
  for (const watch of server.watches) watch.fail(SILENT);
  await clock.pass(2000);
  expect(asked()).toEqual(['0.0 list', '0.0 watch 103', '605.4 watch 103']);
  expect(sink.lists).toBe(1);
});

test('F07 cut after 60 s of quiet, over and over: pauses do not grow, no list', async () => {
  const { start, server, reflector, clock } = createBed({ random: () => 1 });
  await start();
  for (let time = 0; time < 20; time++) {
    await clock.pass(60_000);
    for (const watch of server.watches) watch.fail(RESET);
    await clock.pass(801);
    expect(reflector.state.state).toBe('watching');
  }
  expect(server.count('list')).toBe(1);
  expect(server.count('watch')).toBe(21);
});

test('F07 a watch that lived two minutes makes pauses short again', async () => {
  const { start, server, clock } = createBed({ random: () => 1 });
  await start();
  server.watchFaults.push(...Array.from({ length: 5 }, () => ({ fail: REFUSED })));
  for (const watch of server.watches) watch.fail(RESET);
  await clock.pass(60_000);
  await clock.pass(120_000);
  for (const watch of server.watches) watch.fail(RESET);
  const before = server.count('watch');
  await clock.pass(800);
  expect(server.count('watch')).toBe(before + 1);
});

test('F08 a head that comes with the end of the watch: its life is counted from the request, which was no short watch', async () => {
  const { start, server, reflector, clock } = createBed();
  const { wire } = server;
  const watch = wire.watch.bind(wire);
  // What a buffering proxy makes of it.
  wire.watch = async function* <T>(...args: Parameters<typeof wire.watch<T>>) {
    const [target, parameters, project, options] = args;
    yield* watch(target, parameters, project, { ...options, onOpen: () => {} });
  };
  await start();
  await clock.pass(300_000);
  for (const open of server.watches) open.end();
  await clock.settle();
  expect(reflector.counts).toMatchObject({ lists: 1, watches: 2, failures: 0 });
});

test('F14 a page that cannot be read is read again', async () => {
  const { start, server, sink, clock } = createBed({ pageSize: 2 });
  server.listFaults.push(undefined, { fail: { kind: 'malformed', message: 'The gzip is cut.' } });
  await start();
  await clock.pass(2000);
  expect(sink.log).toEqual(['first', '+a', '+b', '+c']);
  expect(server.count('list')).toBe(3);
});

test('F16 a login page for ever: typed, slow, never a list that is empty', async () => {
  const { start, server, sink, reflector, clock } = createBed();
  const page = { kind: 'malformed', message: 'The answer is text/html, not JSON.' } as const;
  server.listFaults.push(...Array.from({ length: 100 }, () => ({ fail: page })));
  await start();
  await clock.pass(600_000);
  expect(reflector.state).toMatchObject({
    state: 'retrying',
    degraded: true,
    reason: 'The answer is text/html, not JSON.',
  });
  expect(server.count('list')).toBeLessThan(50);
  expect(sink.log).toEqual([]);
});
