/** Whatever goes wrong, in whatever order: when it is over, the sink has what the server has, and was told each change once. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { WatchEvent } from '../watch/types.ts';
import { createBed } from './testing/bed.ts';
import { EXPIRED, type ListFault, REFUSED, RESET, status, type WatchFault } from './testing/model-server.ts';

const failure = fc.constantFrom(
  REFUSED,
  RESET,
  EXPIRED,
  status(500, 'InternalError'),
  status(503, 'ServiceUnavailable'),
  status(429, 'TooManyRequests', 'later', 1),
  status(504, 'Timeout', 'Too large resource version: 9, current: 8', 1),
  status(401, 'Unauthorized'),
  status(403, 'Forbidden'),
  status(404, 'NotFound'),
  { kind: 'malformed', message: 'a line' } as const,
  { kind: 'silent', message: 'silent' } as const,
);
const listFault: fc.Arbitrary<ListFault | undefined> = fc.oneof(
  fc.constant(undefined),
  failure.map((fail) => ({ fail })),
  fc.constantFrom<ListFault>(
    { change: (page) => ({ ...page, remaining: 7 }) },
    { change: (page) => ({ ...page, items: page.items.concat(page.items.slice(-1)) }) },
    { old: true },
  ),
);
const again = (event: WatchEvent<KubeObject>) => [event, event];
const watchFault: fc.Arbitrary<WatchFault | undefined> = fc.oneof(
  fc.constant(undefined),
  failure.map((fail) => ({ fail })),
  fc.record({
    after: fc.nat(3),
    ending: fc.oneof(fc.constant('end' as const), failure),
  }),
  fc.constantFrom<WatchFault>(
    { change: again },
    { change: (event) => (event.type === 'BOOKMARK' ? [] : [event]) },
    { change: (event) => (event.type === 'ADDED' ? [{ ...event, type: 'MODIFIED' }] : [event]) },
    { say: [{ type: 'UNKNOWN', name: 'MUTATED' }] },
    { say: [{ type: 'ERROR', code: 500, reason: 'InternalError', message: '' }] },
    { say: [{ type: 'ERROR', code: 410, reason: 'Expired', message: '' }] },
    { change: (event) => [{ type: 'BOOKMARK', resourceVersion: '50', initialEventsEnd: false }, event] },
  ),
);
const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const deed = fc.oneof(
  { weight: 4, arbitrary: name.map((which) => ({ do: 'put' as const, which })) },
  { weight: 3, arbitrary: name.map((which) => ({ do: 'remove' as const, which })) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 20_000 }).map((ms) => ({ do: 'pass' as const, ms })) },
  fc.constant({ do: 'bookmark' as const }),
  fc.constant({ do: 'compact' as const }),
  fc.constant({ do: 'relist' as const }),
  fc.constant({ do: 'cut' as const }),
);

test.each([false, true])('random faults, initial events: %s', async (watchList) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(listFault, { maxLength: 8 }),
      fc.array(watchFault, { maxLength: 8 }),
      fc.array(deed, { maxLength: 25 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      fc.constantFrom(1, 2, 500),
      async (lists, watches, deeds, chances, pageSize) => {
        const bed = createBed({ pageSize, watchList, random: () => chances.next().value });
        const { server, sink, clock, reflector } = bed;
        server.listFaults.push(...lists);
        server.watchFaults.push(...watches);
        await bed.start();
        for (const each of deeds) {
          if (each.do === 'put') server.put(each.which);
          else if (each.do === 'remove') server.remove(each.which);
          else if (each.do === 'pass') await clock.pass(each.ms);
          else if (each.do === 'bookmark') server.bookmark();
          else if (each.do === 'compact') server.compact();
          else if (each.do === 'relist') reflector.relist('drift');
          else for (const watch of server.watches) watch.fail(RESET);
        }
        const before = server.requests.length;
        // Longer than any rest: forbidden kinds are asked for after ten minutes; sixteen faults may follow one another.
        await clock.pass(7_200_000);
        server.put('last');
        await clock.pass(60_000);
        expect(sink.held()).toEqual(server.truth());
        const lost = sink.log.some((line) => line.startsWith('lost'));
        if (!lost) expect(new Set(sink.changes).size).toBe(sink.changes.length);
        expect(server.requests.length - before).toBeLessThan(200);
        reflector.stop();
        await clock.settle();
        expect([clock.timers(), server.calls()]).toEqual([0, 0]);
      },
    ),
    { numRuns: 300, seed: 6 },
  );
});
