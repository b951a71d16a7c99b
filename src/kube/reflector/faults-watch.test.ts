/** F35 to F47: what a watch may bring. */
import { expect, test } from 'vitest';
import { createBed } from './testing/bed.ts';
import { EXPIRED, RESET, status, type WatchFault } from './testing/model-server.ts';

const ERROR_410 = { type: 'ERROR', code: 410, reason: 'Expired', message: 'too old' } as const;
const ERROR_500 = { type: 'ERROR', code: 500, reason: 'InternalError', message: 'etcd is away' } as const;
const BROKEN = { kind: 'malformed', message: 'A line is no JSON.' } as const;

const thing = (uid: string, version: string) => ({
  object: { metadata: { name: uid, uid, resourceVersion: version } },
  resourceVersion: version,
});

test('F35 410 in the stream: a new list takes the place of the old one, and only what differs is told', async () => {
  const { start, server, sink, clock, reflector } = createBed();
  await start();
  await clock.pass(5000);
  for (const watch of server.watches) watch.fail(RESET);
  server.put('b');
  server.remove('c');
  server.put('d');
  server.compact();
  await clock.pass(10_000);
  expect(sink.log.slice(4)).toEqual(['relist', '-c', '~b', '+d']);
  expect(reflector.counts).toMatchObject({ lists: 2, relists: 1 });
});

test('F35 410 over HTTP and in the stream: lists are spread over two seconds', async () => {
  const { start, server, asked, clock } = createBed({ random: () => 0.75 });
  server.watchFaults.push({ say: [ERROR_410] });
  await start();
  await clock.pass(5000);
  expect(asked()).toEqual(['0.0 list', '0.0 watch 103', '1.5 list', '1.5 watch 103']);
});

test('F36 ERROR 500 in the stream: the same version for a minute, then a list', async () => {
  const { start, server, clock, sink } = createBed({ random: () => 1 });
  server.watchFaults.push(...Array.from({ length: 20 }, (): WatchFault => ({ say: [ERROR_500] })));
  await start();
  await clock.pass(59_000);
  expect(server.count('list')).toBe(1);
  await clock.pass(60_000);
  expect(server.count('list')).toBe(2);
  server.watchFaults.length = 0;
  await clock.pass(60_000);
  expect(sink.states.at(-1)?.state).toBe('watching');
});

test('F36 codes that nobody knows are retried the same way', async () => {
  const { start, server, clock } = createBed();
  server.watchFaults.push({ say: [{ type: 'ERROR', code: 599, reason: '', message: '' }] });
  await start();
  await clock.pass(2000);
  expect(server.count('list')).toBe(1);
  expect(server.count('watch')).toBe(2);
});

test('F37 a clean end: the same version at once, and nobody hears of it', async () => {
  const { start, server, sink, asked, clock } = createBed();
  await start();
  const told = sink.states.length;
  for (let time = 0; time < 3; time++) {
    await clock.pass(390_000);
    server.version++;
    server.bookmark();
    await clock.pass(60_000);
    for (const watch of server.watches) watch.end();
  }
  await clock.settle();
  expect(asked()).toEqual(['0.0 list', '0.0 watch 103', '450.0 watch 104', '900.0 watch 105', '1350.0 watch 106']);
  expect(sink.states).toHaveLength(told);
});

test('F37 each watch asks for a time in the upper half of the longest', async () => {
  for (const [chance, seconds] of [
    [0, 300],
    [0.5, 450],
    [1, 600],
  ] as const) {
    const { start, server } = createBed({ random: () => chance });
    await start();
    expect(server.requests.at(-1)?.parameters.timeoutSeconds).toBe(seconds);
  }
});

test('F38 an end at once: a failure each time, and after three of them a list', async () => {
  const { start, server, asked, clock, reflector } = createBed({ random: () => 1 });
  server.watchFaults.push(...Array.from({ length: 4 }, (): WatchFault => ({ ending: 'end' })));
  await start();
  await clock.pass(30_000);
  expect(asked()).toEqual([
    '0.0 list',
    '0.0 watch 103',
    '0.8 watch 103',
    '2.4 watch 103',
    '5.6 list',
    '5.6 watch 103',
    '12.0 watch 103',
  ]);
  expect(reflector.state.state).toBe('watching');
});

test('F39 F40 bookmarks move the version on, so that a restart needs no list; without them it lists anew at worst', async () => {
  for (const bookmarks of [true, false]) {
    const { start, server, sink, clock } = createBed();
    await start();
    await clock.pass(3_600_000);
    server.version += 5000;
    if (bookmarks) server.bookmark();
    await clock.settle();
    server.compact();
    for (const watch of server.watches) watch.fail(RESET);
    await clock.pass(10_000);
    expect(server.count('list')).toBe(bookmarks ? 1 : 2);
    expect(sink.held()).toEqual(server.truth());
  }
});

test('F41 bookmarks that are older or have no version are not followed', async () => {
  const { start, server, asked, clock } = createBed();
  await start();
  for (const watch of server.watches)
    watch.send(
      { type: 'BOOKMARK', resourceVersion: '90', initialEventsEnd: false },
      { type: 'BOOKMARK', resourceVersion: '', initialEventsEnd: false },
    );
  await clock.pass(5000);
  for (const watch of server.watches) watch.end();
  await clock.settle();
  expect(asked().at(-1)).toBe('5.0 watch 103');
});

test('F42 repetitions are not told, and do not lead back; what does not fit is', async () => {
  const { start, server, sink, clock, asked } = createBed();
  await start();
  for (const watch of server.watches)
    watch.send(
      { type: 'MODIFIED', ...thing('new', '110') },
      { type: 'MODIFIED', ...thing('new', '110') },
      { type: 'ADDED', ...thing('new', '111') },
      { type: 'MODIFIED', ...thing('new', '109') },
      { type: 'DELETED', ...thing('unknown', '112') },
    );
  await clock.pass(2000);
  expect(sink.changes.slice(3)).toEqual(['new@110', 'new@111']);
  for (const watch of server.watches) watch.end();
  await clock.settle();
  expect(asked().at(-1)).toBe('2.0 watch 112');
});

test('F42 where versions do not compare, only the very same event once more is a repetition', async () => {
  const { start, server, clock, reflector } = createBed({ comparableVersions: () => false });
  await start();
  for (const watch of server.watches)
    watch.send(
      { type: 'MODIFIED', ...thing('x', 'v7') },
      { type: 'MODIFIED', ...thing('x', 'v7') },
      { type: 'MODIFIED', ...thing('y', 'v7') },
      { type: 'MODIFIED', ...thing('x', 'v6') },
    );
  await clock.settle();
  expect(reflector.counts.events).toBe(3);
});

test('F43 deleted and created again while away: the old one goes, the new one comes', async () => {
  const { start, server, sink, clock } = createBed();
  await start();
  for (const watch of server.watches) watch.fail(RESET);
  await clock.settle();
  server.remove('a');
  server.put('a');
  await clock.pass(2000);
  expect(sink.log.slice(4)).toEqual(['-a', '+a']);
  expect(sink.held()).toEqual(server.truth());
});

test('F44 a line that does not parse: the same version; three times at the same place, a list; no event is passed over', async () => {
  const { start, server, sink, clock, asked } = createBed();
  await start();
  server.watchFaults.push({ after: 1, ending: BROKEN }, { ending: BROKEN }, { ending: BROKEN });
  for (const watch of server.watches) watch.fail(BROKEN);
  await clock.settle();
  server.put('d');
  server.put('e');
  await clock.pass(120_000);
  const what = asked().map((line) => line.split(' ').slice(1).join(' '));
  expect(what).toEqual(['list', 'watch 103', 'watch 103', 'watch 104', 'watch 104', 'list', 'watch 105']);
  expect(sink.log.slice(4)).toEqual(['+d', 'relist', '+e']);
});

test('F44 a server that always says such things is listed ever more rarely', async () => {
  const { start, server, clock } = createBed();
  server.watchFaults.push(...Array.from({ length: 500 }, (): WatchFault => ({ ending: BROKEN })));
  await start();
  await clock.pass(3_600_000);
  expect(server.count('list')).toBeLessThan(15);
});

test('F46 an unknown type: counted, never passed over', async () => {
  const { start, server, sink, clock, reflector, asked } = createBed();
  await start();
  server.watchFaults.push({
    say: [
      { type: 'ADDED', ...thing('uid-9', '104') },
      { type: 'UNKNOWN', name: 'MUTATED' },
      { type: 'ADDED', ...thing('uid-10', '106') },
    ],
  });
  for (const watch of server.watches) watch.fail(RESET);
  await clock.settle();
  server.version = 105;
  await clock.pass(5000);
  expect(asked().slice(2)).toEqual(
    ['0.4 watch 103', '0.9 watch 104'].map((line) => expect.stringContaining(line.slice(4))),
  );
  expect(sink.changes.slice(3)).toEqual(['uid-9@104']);
  expect(reflector.counts.notUnderstood).toBe(1);
});

test('F47 a server that ends the watch after each event: no tight loop, no list', async () => {
  const { start, server, sink, clock } = createBed();
  await start();
  server.watchFaults.push(...Array.from({ length: 20 }, (): WatchFault => ({ after: 1, ending: 'end' })));
  for (let time = 0; time < 20; time++) server.put(`n${time}`);
  for (const watch of server.watches) watch.fail(RESET);
  const before = server.count('watch');
  await clock.pass(1000);
  expect(server.count('watch') - before).toBeLessThan(4);
  await clock.pass(60_000);
  expect(server.count('list')).toBe(1);
  expect(sink.held()).toEqual(server.truth());
});

test('F60 F61 a watch that the server is too old for: waits; when that stays, a list, not older; when that cannot be had, what there is', async () => {
  const { start, server, sink, clock, asked } = createBed();
  await start();
  const fail = status(504, 'Timeout', 'Too large resource version: 103, current: 50', 1);
  server.watchFaults.push({ fail }, { fail }, { fail });
  const older = { change: (page: object) => ({ ...page, items: [], resourceVersion: '50' }) };
  server.listFaults.push(older, { fail }, { fail }, { fail }, older);
  for (const watch of server.watches) watch.fail(RESET);
  await clock.pass(5000);
  expect(server.count('list')).toBe(1);
  await clock.pass(120_000);
  const lists = asked()
    .filter((line) => line.includes('list'))
    .map((line) => line.split(' ').slice(1).join(' '));
  expect(lists).toEqual([
    'list',
    'list',
    'list not older than 103',
    'list not older than 103',
    'list not older than 103',
    'list',
  ]);
  expect(asked().findLast((line) => line.includes('watch'))).toContain('watch 50');
  expect(sink.log).toContain('-a');
});

test('F61 bookmarks that stay older: the server went back', async () => {
  const { start, server, clock } = createBed();
  await start();
  for (let time = 0; time < 3; time++) {
    for (const watch of server.watches)
      watch.send({ type: 'BOOKMARK', resourceVersion: '50', initialEventsEnd: false });
    await clock.pass(60_000);
  }
  expect(server.count('list')).toBe(2);
});

test('F61 a watch that brought not even a bookmark: the version of the server is looked at, and a list made only where it went back', async () => {
  const { start, server, sink, clock, reflector, asked } = createBed();
  await start();
  const told = sink.states.length;
  await clock.pass(450_000);
  for (const watch of server.watches) watch.end();
  await clock.settle();
  expect(asked().slice(2)).toEqual(['450.0 list', '450.0 watch 103']);
  expect([sink.lists, sink.states.length, reflector.counts.lists]).toEqual([1, told, 1]);
  const older = { change: (page: object) => ({ ...page, items: [], resourceVersion: '50' }) };
  server.listFaults.push(...Array.from({ length: 6 }, () => older));
  await clock.pass(450_000);
  for (const watch of server.watches) watch.end();
  await clock.pass(60_000);
  expect(server.requests.map(({ parameters }) => parameters.limit).slice(4)).toEqual([
    1,
    500,
    500,
    500,
    500,
    500,
    undefined,
  ]);
  expect(asked().at(-1)).toContain('watch 50');
});

test('F61 no answer to that: the watch goes on', async () => {
  const { start, server, clock, asked } = createBed();
  await start();
  server.listFaults.push({ fail: RESET });
  await clock.pass(450_000);
  for (const watch of server.watches) watch.end();
  await clock.settle();
  expect(asked().slice(2)).toEqual(['450.0 list', '450.0 watch 103']);
});

test('F63 eight hours of suspension: one list, spread', async () => {
  const { start, server, sink, clock } = createBed();
  await start();
  server.put('d');
  server.compact();
  await clock.pass(28_800_000);
  server.watchFaults.push({ fail: EXPIRED });
  for (const watch of server.watches) watch.fail(RESET);
  await clock.pass(10_000);
  expect(server.count('list')).toBe(2);
  expect(sink.held()).toEqual(server.truth());
});
