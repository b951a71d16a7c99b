/** F17 to F34: sign-in, rights, throttling, server errors, and what lists may hold. */
import { expect, test } from 'vitest';
import { createBed } from './testing/bed.ts';
import { EXPIRED, RESET, status } from './testing/model-server.ts';

const UNAUTHORIZED = status(401, 'Unauthorized', 'Unauthorized');
const FORBIDDEN = status(403, 'Forbidden', 'things is forbidden');
const TOO_MANY = status(429, 'TooManyRequests', 'Too many requests', 5);
const TOO_LARGE = status(504, 'Timeout', 'Timeout: Too large resource version: 99, current: 5', 1);
const NOT_FOUND = status(404, 'NotFound', 'the server could not find the requested resource');

test('F17 401 once on a watch: the same version again', async () => {
  const { start, server, sink, clock } = createBed();
  server.watchFaults.push({ fail: UNAUTHORIZED });
  await start();
  await clock.pass(1000);
  expect(sink.states.map(({ state }) => state)).toEqual(['listing', 'watching', 'retrying', 'watching']);
  expect(server.count('list')).toBe(1);
});

test('F18 401 for ever: one state, tried slowly, what is known stays; and it comes back', async () => {
  const { start, server, sink, reflector, clock } = createBed();
  await start();
  server.watchFaults.push(...Array.from({ length: 20 }, () => ({ fail: UNAUTHORIZED })));
  for (const watch of server.watches) watch.fail(RESET);
  await clock.pass(600_000);
  expect(reflector.state).toMatchObject({ state: 'unauthorized', reason: 'Unauthorized' });
  expect(server.count('watch')).toBeLessThan(20);
  expect(sink.held()).toEqual(server.truth());
  server.watchFaults.length = 0;
  await clock.pass(60_000);
  expect(reflector.state.state).toBe('watching');
  expect(server.count('list')).toBe(1);
});

test('F19 credentials that cannot be had: the same as a sign-in that fails', async () => {
  const { start, server, reflector, clock } = createBed();
  const fail = { kind: 'credentials', message: 'The plugin took longer than 60 s.' } as const;
  server.listFaults.push({ fail }, { fail });
  await start();
  await clock.pass(1000);
  expect(reflector.state).toMatchObject({ state: 'unauthorized', reason: 'The plugin took longer than 60 s.' });
  await clock.pass(60_000);
  expect(reflector.state.state).toBe('watching');
});

test('F20 403 from the start: asked for again in 5 to 10 minutes, and nothing was lost', async () => {
  const { start, server, sink, reflector, clock } = createBed();
  server.listFaults.push({ fail: FORBIDDEN });
  await start();
  expect(reflector.state).toMatchObject({ state: 'forbidden', reason: 'things is forbidden' });
  await clock.pass(449_999);
  expect(server.count('list')).toBe(1);
  expect(sink.log).toEqual([]);
  await clock.pass(2);
  expect(sink.log).toEqual(['first', '+a', '+b', '+c']);
});

test('F21 403 after being allowed: its objects go', async () => {
  const { start, server, sink, reflector, clock } = createBed();
  await start();
  server.watchFaults.push({ fail: FORBIDDEN });
  server.listFaults.push({ fail: FORBIDDEN });
  for (const watch of server.watches) watch.fail(RESET);
  await clock.pass(1000);
  expect(reflector.state.state).toBe('forbidden');
  expect(sink.log.slice(4)).toEqual(['lost: forbidden', '-a', '-b', '-c']);
});

test('a server that refuses everybody while it starts is asked again within seconds, where it was watched before', async () => {
  const { start, server, sink, reflector, clock } = createBed();
  await start();
  await clock.pass(5_000);
  server.watchFaults.push({ fail: FORBIDDEN });
  for (const watch of server.watches) watch.fail(RESET);
  await clock.pass(1_000);
  expect(reflector.state.state).toBe('polling');
  await clock.pass(4_000);
  expect(reflector.state.state).toBe('watching');
  server.watchFaults.push({ fail: FORBIDDEN });
  server.listFaults.push({ fail: FORBIDDEN });
  for (const watch of server.watches) watch.fail(RESET);
  await clock.pass(1_000);
  expect(reflector.state.state).toBe('forbidden');
  expect(sink.held()).toEqual({});
  await clock.pass(4_000);
  expect(sink.held()).toEqual(server.truth());
  expect(reflector.state.state).toBe('watching');
});

test('F21 403 on the watch and no answer to the list that would tell why: its objects go as well', async () => {
  const { start, server, sink, reflector, clock } = createBed();
  await start();
  server.watchFaults.push({ fail: FORBIDDEN });
  server.listFaults.push({ fail: RESET });
  for (const watch of server.watches) watch.fail(RESET);
  await clock.pass(500);
  expect(sink.held()).toEqual({});
  server.watchFaults.push({ fail: FORBIDDEN });
  await clock.pass(2000);
  expect(sink.held()).toEqual(server.truth());
  expect(reflector.state.state).toBe('polling');
});

test('F21 list allowed, watch forbidden: read anew every minute, and watched once that is allowed', async () => {
  const { start, server, sink, reflector, clock } = createBed();
  server.watchFaults.push({ fail: FORBIDDEN });
  await start();
  expect(reflector.state).toMatchObject({ state: 'polling', every: 60_000 });
  server.put('d');
  await clock.pass(60_000);
  expect(sink.held()).toEqual(server.truth());
  expect(sink.log).not.toContain('lost: forbidden');
  await clock.pass(600_000);
  expect(reflector.state.state).toBe('watching');
});

test('F24 429 on a list, on a watch, in the stream: waits as long as it is told to, lists nothing anew', async () => {
  const { start, server, sink, asked, clock } = createBed();
  server.listFaults.push({ fail: TOO_MANY });
  server.watchFaults.push(
    { fail: TOO_MANY },
    {
      say: [{ type: 'ERROR', code: 429, reason: 'TooManyRequests', message: 'Too many', retryAfterSeconds: 5 }],
    },
  );
  await start();
  await clock.pass(60_000);
  expect(asked()).toEqual(['0.0 list', '5.4 list', '5.4 watch 103', '10.9 watch 103', '16.3 watch 103']);
  expect(sink.held()).toEqual(server.truth());
});

test('F24 a Retry-After of a year is not believed', async () => {
  const { start, server, reflector, clock } = createBed();
  server.listFaults.push({ fail: status(429, '', 'later', 31_536_000) });
  await start();
  await clock.pass(301_000);
  expect(reflector.state.state).toBe('watching');
});

test('F25 bursts of 500, 502, 503 on the watch: pauses, the same version', async () => {
  const { start, server, sink, clock } = createBed();
  server.watchFaults.push({ fail: status(500, 'InternalError') }, { fail: status(502) }, { fail: status(503) });
  await start();
  await clock.pass(30_000);
  expect(server.count('list')).toBe(1);
  expect(server.count('watch')).toBe(4);
  expect(sink.states.at(-1)?.state).toBe('watching');
});

test('F26 a list that nobody answers: one request, however long', async () => {
  const { start, server, clock, reflector } = createBed();
  server.listFaults.push({ hang: true });
  await start();
  await clock.pass(600_000);
  expect(server.count('list')).toBe(1);
  expect(reflector.state.state).toBe('listing');
});

test('F27 410 on page 2: from the start again, and nothing of the first attempt is kept', async () => {
  const { start, server, sink, asked, clock } = createBed({ pageSize: 2 });
  server.listFaults.push(undefined, { fail: EXPIRED });
  await start();
  server.remove('a');
  await clock.pass(2000);
  expect(asked().map((line) => line.split(' ').slice(1).join(' '))).toEqual([
    'list',
    'list after s1/2',
    'list',
    'watch 104',
  ]);
  expect(sink.log).toEqual(['first', 'first', '+b', '+c']);
});

test('F27 410 on page 2 every time: after two restarts everything in one page', async () => {
  const { start, server, sink, clock } = createBed({ pageSize: 2 });
  for (let time = 0; time < 3; time++) server.listFaults.push(undefined, { fail: EXPIRED });
  await start();
  await clock.pass(60_000);
  const lists = server.requests.filter(({ verb }) => verb === 'list');
  expect(lists).toHaveLength(7);
  expect(lists.at(-1)?.parameters).toEqual({ limit: 0 });
  expect(sink.held()).toEqual(server.truth());
});

test('F27 a page of another version than the first: from the start again', async () => {
  const { start, server, sink, clock } = createBed({ pageSize: 2 });
  server.listFaults.push(undefined, { change: (page) => ({ ...page, items: [], resourceVersion: '104' }) });
  await start();
  await clock.pass(2000);
  expect(sink.log).toEqual(['first', 'first', '+a', '+b', '+c']);
});

test('F28 connection lost on page 2: the same page again', async () => {
  const { start, server, sink, asked, clock } = createBed({ pageSize: 2 });
  server.listFaults.push(undefined, { fail: RESET });
  await start();
  await clock.pass(2000);
  expect(asked().slice(0, 3)).toEqual(['0.0 list', '0.0 list after s1/2', '0.4 list after s1/2']);
  expect(sink.log).toEqual(['first', '+a', '+b', '+c']);
});

test('F29 an empty page with a token, an item on two pages, a wrong count: as if they were right', async () => {
  const { start, server, sink } = createBed({ pageSize: 2 });
  const extra = { metadata: { name: 'a', uid: 'uid-1', resourceVersion: '101' } };
  server.listFaults.push(
    { change: (page) => ({ ...page, remaining: 123_456 }) },
    { change: (page) => ({ ...page, items: [extra, ...page.items] }) },
  );
  await start();
  expect(sink.held()).toEqual(server.truth());
});

test('F29 a page that leads to itself does not lead on for ever', async () => {
  const { start, server, sink, clock } = createBed({ pageSize: 2 });
  const itself = { change: (page: object) => ({ ...page, items: [], resourceVersion: '103', continue: 's1/2' }) };
  server.listFaults.push(undefined, ...Array.from({ length: 3 }, () => itself));
  await start();
  expect(server.count('list')).toBe(4);
  await clock.pass(60_000);
  expect(sink.held()).toEqual(server.truth());
});

test('F30 a list without version cannot be watched: read anew every so often', async () => {
  const { start, server, sink, reflector, clock } = createBed({ pollInterval: 20_000 });
  server.listFaults.push(
    ...Array.from({ length: 3 }, () => ({ change: (page: object) => ({ ...page, items: [], resourceVersion: '' }) })),
  );
  await start();
  expect(reflector.state).toMatchObject({ state: 'polling', every: 20_000 });
  await clock.pass(40_000);
  expect(server.count('list')).toBe(3);
  expect(server.count('watch')).toBe(0);
  expect(sink.lists).toBe(3);
});

test('F31 a list that is older than what is known is refused, and asked for again not older than that', async () => {
  const { start, server, sink, reflector, asked, clock } = createBed();
  await start();
  server.put('d');
  server.listFaults.push({ change: (page) => ({ ...page, items: [], resourceVersion: '90' }) });
  await clock.settle();
  reflector.relist('drift');
  await clock.pass(2000);
  expect(asked().slice(2)).toEqual(['0.0 list', '0.4 list not older than 104', '0.4 watch 104']);
  expect(sink.log).toEqual(['first', '+a', '+b', '+c', '+d', 'relist']);
});

test('F31 without versions that compare there is no guard', async () => {
  const { start, server, sink, reflector, clock } = createBed({ comparableVersions: () => false });
  await start();
  server.listFaults.push({ change: (page) => ({ ...page, items: [], resourceVersion: '90' }) });
  reflector.relist('drift');
  await clock.settle();
  expect(sink.log.slice(4)).toEqual(
    ['relist', '-a', '-b', '-c', '~a', '~b', '~c'].slice(0, 4).concat('+a', '+b', '+c'),
  );
});

test('F32 a version that is too large for the server: waits as it is told, once or for ever', async () => {
  const { start, server, sink, clock } = createBed();
  server.listFaults.push(...Array.from({ length: 5 }, () => ({ fail: TOO_LARGE })));
  await start();
  await clock.pass(120_000);
  expect(server.count('list')).toBe(6);
  expect(sink.held()).toEqual(server.truth());
});

test('F33 a Table is no list: tried again', async () => {
  const { start, server, sink, clock } = createBed();
  server.listFaults.push({ fail: { kind: 'malformed', message: 'A Table came instead of a list.' } });
  await start();
  await clock.pass(1000);
  expect(sink.log).toEqual(['first', '+a', '+b', '+c']);
});

test('F34 a list that is expired when it is whole: larger pages, longer pauses, and it says so', async () => {
  const { start, server, sink, reflector, clock } = createBed({ pageSize: 2 });
  server.watchFaults.push(...Array.from({ length: 3 }, () => ({ fail: EXPIRED })));
  await start();
  await clock.pass(1000);
  await clock.settle();
  expect(reflector.state).toMatchObject({ state: 'retrying', next: 'list', degraded: true });
  await clock.pass(60_000);
  const limits = server.requests.filter(({ verb, parameters }) => verb === 'list' && parameters.continue === undefined);
  expect(limits.map(({ parameters }) => parameters.limit)).toEqual([2, 2, 8, 0]);
  expect(reflector.state.state).toBe('watching');
  expect(sink.held()).toEqual(server.truth());
});

test('F53 404 on the next watch: a list confirms it, then all its objects go', async () => {
  const { start, server, sink, reflector, clock } = createBed();
  await start();
  server.watchFaults.push({ fail: NOT_FOUND });
  server.listFaults.push({ fail: NOT_FOUND });
  for (const watch of server.watches) watch.end();
  await clock.pass(1000);
  for (const watch of server.watches) watch.end();
  await clock.pass(2000);
  expect(reflector.state).toEqual({ state: 'not served' });
  expect(sink.log.slice(4)).toEqual(['lost: not served', '-a', '-b', '-c']);
  await clock.pass(120_000);
  expect(sink.log.slice(8)).toEqual(['first', '+a', '+b', '+c']);
});

test('F53 404 once from a server that is just starting: nothing goes', async () => {
  const { start, server, sink, clock } = createBed();
  await start();
  await clock.pass(2000);
  server.watchFaults.push({ fail: NOT_FOUND });
  for (const watch of server.watches) watch.end();
  await clock.pass(5000);
  expect(sink.log).toEqual(['first', '+a', '+b', '+c', 'relist']);
});

test('F55 503 for ever after it was known: what is known stays', async () => {
  const { start, server, sink, reflector, clock } = createBed();
  await start();
  server.watchFaults.push(
    ...Array.from({ length: 600 }, () => ({ fail: status(503, 'ServiceUnavailable', 'unavailable') })),
  );
  for (const watch of server.watches) watch.fail(RESET);
  await clock.pass(3_600_000);
  expect(reflector.state).toMatchObject({ state: 'retrying', degraded: true, reason: 'unavailable' });
  expect(sink.held()).toEqual(server.truth());
  expect(server.count('list')).toBe(1);
});

test('405 on the watch: read anew every so often', async () => {
  const { start, server, reflector, clock } = createBed();
  server.watchFaults.push({ fail: status(405, 'MethodNotAllowed') });
  await start();
  expect(reflector.state.state).toBe('polling');
  await clock.pass(60_000);
  expect(server.count('list')).toBe(2);
  expect(server.count('watch')).toBe(1);
});
