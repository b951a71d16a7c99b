/** F35 to F66 through the fault proxy: what watches may bring, initial events, volume and time. */
import { expect } from 'vitest';
import { watchRows } from '../../faults/rows-watch.ts';
import { CONFIG_MAPS, type Run } from '../fault-run.ts';
import { everyday, relistHalfway, testPlans } from '../fault-suite.ts';

const ONE_PAGE = { reflector: { pageSize: 500 } };
const INITIAL_EVENTS = { reflector: { watchList: true } };
const NEVER_LISTED = ({ proxy }: Run) => expect(proxy.stats.count({ verb: 'list' })).toBe(0);
const LISTED = ({ proxy }: Run) => expect(proxy.stats.count({ verb: 'list' })).toBeGreaterThan(0);

/** Each object changes twice in a row: what is turned round is one object's own. */
async function inPairs(run: Run): Promise<void> {
  await run.ground.until(() => run.reflector.state.state === 'watching', 30_000);
  for (const name of ['c0', 'c1', 'c2']) {
    run.put(name);
    run.put(name);
    await run.ground.pass(300);
  }
}

/** An event that waits for another one of its object would wait for ever: no server does that. */
async function letGo({ proxy }: Run): Promise<void> {
  await proxy.setPlan({ rules: [] });
  await proxy.cutAll();
}

async function againWhileAway(run: Run): Promise<void> {
  await run.ground.until(() => run.reflector.state.state === 'watching', 30_000);
  run.put('c0');
  await run.ground.until(() => run.reflector.state.state === 'retrying', 30_000);
  run.remove('c5');
  run.put('c5');
}

const TIME = { elsewhere: 'graph-faults-time' };
const SYNC = { elsewhere: 'discovery is not the business of a Reflector: the sync' };

testPlans({
  rows: watchRows(CONFIG_MAPS),
  step: 30,
  together: 14,
  cases: {
    'F35 in the stream': { relists: 1 },
    'F35 http': { relists: 1 },
    'F37 by the proxy': TIME,
    'F38 four times': { fired: [4], relists: 1, requests: 16 },
    'F39 restart after 3 h': TIME,
    'F40 none': TIME,
    'F41 older': TIME,
    'F41 without version': TIME,
    'F42 turned round': { life: inPairs, quiet: true, during: letGo },
    'F43 away': {
      life: againWhileAway,
      after: ({ sink }) => expect(sink.log.slice(sink.log.indexOf('-c5'))).toEqual(['-c5', '+c5', '+last']),
    },
    'F44 three times': { fired: [3] },
    'F46 type': { fired: [2], requests: 20 },
    'F46 kind': { fired: [2], requests: 20 },
    'F48 400': { options: INITIAL_EVENTS, after: LISTED },
    'F48 422': { options: INITIAL_EVENTS, after: LISTED },
    // As on real servers of today: a watch without a version begins with all objects and marks their end, asked for or not.
    'F48 ignored': { options: INITIAL_EVENTS, after: NEVER_LISTED },
    'F49 no end mark': { options: INITIAL_EVENTS, after: LISTED },
    'F49 events without end': { options: INITIAL_EVENTS, after: LISTED },
    'F50 annotation': { options: INITIAL_EVENTS, after: LISTED },
    'F50 bookmarks': { options: INITIAL_EVENTS, after: LISTED },
    'F51 cut halfway': { options: INITIAL_EVENTS, after: NEVER_LISTED },
    'F51 MODIFIED before the end': { options: INITIAL_EVENTS, after: NEVER_LISTED },
    'F51 DELETED before the end': { options: INITIAL_EVENTS, after: NEVER_LISTED },
    'F51 no order': {
      options: INITIAL_EVENTS,
      life: async (run) => {
        await everyday(run);
        for (const name of ['c1', 'c3', 'c5']) run.put(name);
      },
      after: NEVER_LISTED,
    },
    'F53 404': TIME,
    'F55 503': {
      fired: [4],
      after: ({ sink }) => expect(sink.log.filter((line) => line.startsWith('lost'))).toEqual([]),
    },
    'F55 stale': SYNC,
    'F56 one group version': SYNC,
    'F56 all groups': SYNC,
    'F60 in turn': { life: relistHalfway, relists: 4, requests: 20, options: ONE_PAGE },
    'F61 restored': TIME,
    'F62 replaced': { elsewhere: 'the sync compares the uid of kube-system' },
    'F63 suspended': TIME,
    // In steps of ten minutes: our clock stands still while the sandbox's goes on, for a minute on a busy machine.
    'F64 ahead': { after: ({ wire }) => expect(Math.round(wire.clockOffset() / 600_000)).toBe(1) },
    'F64 behind': { after: ({ wire }) => expect(Math.round(wire.clockOffset() / 600_000)).toBe(-1) },
    'F65 every watch': { fired: [4], requests: 24 },
    'F66 relist': { fired: [2], relists: 8, requests: 40 },
  },
});
