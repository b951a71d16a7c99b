/** Random plans, the same at each run, against a whole live graph: whatever happens, the graph is what the cluster is in the end. */
import { expect, test } from 'vitest';
import { randomPlan } from '../../faults/random-plan.ts';
import { held, listed } from '../../support/graph-bed.ts';
import { coverage, toldTwice, wholeBed } from '../whole-bed.ts';

const SEEDS = Array.from({ length: 10 }, (_, seed) => seed + 1);

test.each(SEEDS)('seed %i: equal to a fresh list of every kind, and nothing told twice', async (seed) => {
  // Counts of a plan are of all requests together: many rules, so that many kinds suffer.
  const rules = [0, 1, 2].flatMap((part) => randomPlan(seed * 10 + part, { maxMs: 5_000 }).rules);
  const bed = await wholeBed({
    step: 50,
    plan: { rules: rules.map((rule, index) => ({ ...rule, name: `rule-${index}` })) },
  });
  try {
    for (let round = 0; round < 8; round++) {
      bed.hands.life();
      await bed.pass(1_500);
    }
    // The same once more, with every watch open.
    await bed.proxy.setPlan({ rules });
    await bed.proxy.cutAll('rst');
    for (let round = 0; round < 8; round++) {
      bed.hands.life();
      await bed.pass(1_500);
    }
    await bed.proxy.setPlan({ rules: [] });
    bed.hands.life();
    expect(await bed.settled(600_000)).toEqual([]);
    expect(await bed.synced(120_000)).toBe(true);
    expect(await bed.until(() => bed.sync.status().health === 'healthy', 120_000)).toBe(true);
    expect(coverage(bed)).toMatchObject({ syncing: [], forbidden: [], stale: [], notes: [] });
    expect(toldTwice(bed)).toEqual([]);
    const kinds = bed.sync.kinds().length;
    expect(bed.proxy.stats.requests).toBeLessThan(12 * kinds);
    expect(bed.sync.status().counts.relists).toBeLessThan(kinds);
    expect(held(bed.sync.graph)).toEqual(await listed({ reader: bed.reader, scope: bed.sync.scope }));
  } finally {
    await bed.close();
  }
});
