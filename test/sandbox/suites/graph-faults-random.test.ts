/** Random plans, the same at each run, over JSON and protobuf; and the rows that do not edit what is sent, over protobuf. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomPlan } from '../../faults/random-plan.ts';
import { faultRows } from '../../faults/rows.ts';
import { CONFIG_MAPS, createGround, type Ground } from '../fault-run.ts';
import { type Case, createGate, judge } from '../fault-suite.ts';

const SEEDS = 40;
const AT_RANDOM: Case = {
  atRandom: true,
  patience: 4000,
  // Each of five rules may cost three turns of a list of three pages, of a watch, and what the transport repeats.
  requests: 70,
  relists: 8,
  recovery: 600_000,
};
/** Whatever happens below the bytes of objects happens to protobuf as well. */
const BYTES = /^F(01|02|05|06|09|11|14|17|24 list|24 watch|25|27|28|35 http)\b/;

const plans = [
  ...Array.from({ length: SEEDS }, (_, seed) =>
    (['json', 'auto'] as const).map((encoding) => ({
      name: `seed ${seed}, ${encoding}`,
      plan: randomPlan(seed, { target: CONFIG_MAPS }),
      encoding,
    })),
  ).flat(),
  ...faultRows(CONFIG_MAPS).flatMap((row) =>
    Object.entries(row.plans)
      .map(([name, plan]) => ({ name: `${row.id} ${name}, protobuf`, plan, encoding: 'auto' as const }))
      .filter(({ name }) => BYTES.test(name)),
  ),
];

let ground: Ground;
const done = new Map<string, Promise<void>>();
beforeAll(async () => {
  ground = await createGround(30);
  const gate = createGate(14);
  for (const [index, { name, plan, encoding }] of plans.entries()) {
    const running = gate(() => judge(ground, { plan, encoding, namespace: `random-${index}` }, AT_RANDOM));
    running.catch(() => undefined);
    done.set(name, running);
  }
});
afterAll(async () => {
  await Promise.allSettled(done.values());
  await ground.close();
});

test.each(plans.map(({ name }) => name))('%s', async (name) => {
  await done.get(name);
  expect(done.has(name)).toBe(true);
});
