/** F17 to F34 through the fault proxy: sign-in, rights, throttling, server errors, and what lists may hold. */
import { expect } from 'vitest';
import { answerRows } from '../../faults/rows-answers.ts';
import { CONFIG_MAPS, type Ground } from '../fault-run.ts';
import { relistHalfway, testPlans } from '../fault-suite.ts';

const ONE_PAGE = { reflector: { pageSize: 500 } };

async function reaches(ground: Ground, holds: () => boolean): Promise<void> {
  expect(await ground.until(holds, 120_000)).toBe(true);
}

testPlans({
  rows: answerRows(CONFIG_MAPS),
  step: 30,
  together: 14,
  cases: {
    'F18 for ever': {
      fired: [3],
      patience: 120_000,
      during: ({ reflector, ground }) => reaches(ground, () => reflector.state.state === 'unauthorized'),
    },
    'F20 forbidden': { elsewhere: 'graph-faults-time' },
    'F21 from the third read': { elsewhere: 'graph-faults-time' },
    'F22 in namespaces only': { elsewhere: 'the sync decides to read namespace by namespace' },
    'F23 old token refused': {
      options: { tokens: ['old-token', 'new-token'] },
      after: ({ reflector }) => expect(reflector.counts.failures).toBe(0),
    },
    'F25 500': { fired: [3] },
    'F25 502': { fired: [3] },
    'F25 503': { fired: [3] },
    'F26 40 s': {
      patience: 60_000,
      after: ({ reflector }) => expect(reflector.counts).toMatchObject({ lists: 1, failures: 0 }),
    },
    'F27 page 2': { after: ({ reflector }) => expect(reflector.counts.lists).toBe(2) },
    'F27 page 2 every time': {
      fired: [3],
      after: ({ reflector }) => expect(reflector.counts.lists).toBe(4),
    },
    'F28 page 2': { after: ({ reflector }) => expect(reflector.counts.lists).toBe(1) },
    'F29 empty page with continue': { after: ({ reflector }) => expect(reflector.counts.failures).toBe(0) },
    'F30 empty': {
      during: ({ reflector, ground }) => reaches(ground, () => reflector.state.state === 'polling'),
    },
    'F31 replica': { life: relistHalfway, relists: 2, options: ONE_PAGE },
    'F31 older version': { life: relistHalfway, relists: 2, options: ONE_PAGE },
    'F32 persists': { fired: [3] },
    'F34 three times': { elsewhere: 'graph-faults-time' },
  },
});
