/** The fault rows that take minutes and hours of a client's life, and those that wait for a bookmark. Time goes faster here. */
import { expect } from 'vitest';
import type { Rule } from '../../faults/plan.ts';
import { faultRows } from '../../faults/rows.ts';
import { CONFIG_MAPS, operate, type Run } from '../fault-run.ts';
import { type Case, testPlans } from '../fault-suite.ts';

/** A watch that outlives the fault. */
const LONG_WATCH = { reflector: { watchTimeout: 2000 } };
const ONE_PAGE = { reflector: { pageSize: 500 } };
const NO_BOOKMARKS: Rule = {
  name: 'no bookmarks',
  match: { verb: 'watch' },
  at: { at: 'event', type: 'BOOKMARK' },
  do: { kind: 'drop' },
};

async function forbiddenAndEmpty({ reflector, sink, ground }: Run): Promise<void> {
  expect(await ground.until(() => reflector.state.state === 'forbidden', 60_000)).toBe(true);
  expect(sink.held()).toEqual({});
}

/** The backup has the namespace, and is older. */
async function withBackup(run: Run): Promise<void> {
  const { backup } = run.ground.others;
  if (backup === undefined) throw new Error('there is no backup');
  const then = operate(backup, run.namespace);
  then.create();
  then.put('c0');
  then.put('from-before');
  await run.ground.until(() => run.reflector.state.state === 'watching', 60_000);
  for (const name of ['c1', 'c2', 'c3']) run.put(name);
}

const QUIET = { quiet: true } as const;
const IDLE: Case = { ...QUIET, patience: 900_000, rules: [NO_BOOKMARKS], options: LONG_WATCH };
const CASES: Record<string, Case> = {
  'F07 after 60 s': { ...IDLE, fired: [3, 3] },
  'F07 after 350 s': IDLE,
  'F08 drip': { patience: 1000, recovery: 3_000_000, options: { reflector: { pageSize: 1 } }, requests: 40 },
  'F10 graceful': { fired: [2], patience: 900_000, requests: 40, options: { reflector: { watchTimeout: 60 } } },
  'F20 forbidden': { during: forbiddenAndEmpty, recovery: 900_000 },
  'F21 from the third read': {
    during: forbiddenAndEmpty,
    recovery: 900_000,
    options: ONE_PAGE,
    toldAgain: true,
    // The list that shows whether only the watch is forbidden.
    relists: 1,
  },
  'F34 three times': { patience: 900_000, fired: [3, 3], relists: 3, requests: 30, options: ONE_PAGE },
  'F37 by the proxy': {
    ...QUIET,
    patience: 900_000,
    options: LONG_WATCH,
    after: ({ reflector }) => expect(reflector.counts).toMatchObject({ lists: 1, watches: 2, failures: 0 }),
  },
  'F40 none': { ...QUIET, patience: 200_000 },
  'F41 older': { ...QUIET, patience: 200_000 },
  'F41 without version': { ...QUIET, patience: 200_000 },
  'F53 404': {
    options: ONE_PAGE,
    fired: [1, 2],
    toldAgain: true,
    relists: 1,
    recovery: 900_000,
    during: async ({ reflector, sink, ground }) => {
      expect(await ground.until(() => reflector.state.state === 'not served', 60_000)).toBe(true);
      expect(sink.log).toContain('lost: not served');
    },
  },
  'F61 restored': {
    life: withBackup,
    recovery: 1_800_000,
    relists: 6,
    requests: 60,
    truthOf: ({ others, sandbox }) => others['backup'] ?? sandbox,
  },
};

testPlans({
  rows: faultRows(CONFIG_MAPS),
  step: 100,
  together: 20,
  cases: CASES,
  onlyCases: true,
});
