import { expect, test } from 'vitest';
import { createBed } from './testing/bed.ts';

test('lists in pages, then watches from the version of the list, and tells every change once', async () => {
  const { start, server, sink, reflector, asked, clock } = createBed({ pageSize: 2 });
  await start();
  expect(asked()).toEqual(['0.0 list', '0.0 list after s1/2', '0.0 watch 103']);
  expect(sink.log).toEqual(['first', '+a', '+b', '+c']);
  server.put('d');
  server.put('a');
  server.remove('b');
  await clock.settle();
  expect(sink.log.slice(4)).toEqual(['+d', '~a', '-b']);
  expect(sink.held()).toEqual(server.truth());
  expect(reflector.state).toMatchObject({ state: 'watching', resourceVersion: '106' });
  expect(reflector.counts).toEqual({
    lists: 1,
    relists: 0,
    watches: 1,
    events: 3,
    bookmarks: 0,
    failures: 0,
    notUnderstood: 0,
  });
});
