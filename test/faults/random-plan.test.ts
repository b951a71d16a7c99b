import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../sandbox/create-sandbox.ts';
import { BARE } from '../../sandbox/worlds/bare.ts';
import { checkPlan } from './check-plan.ts';
import { createFaultProxy, type FaultProxy } from './create-fault-proxy.ts';
import type { Plan } from './plan.ts';
import { arbitraryPlan, randomPlan } from './random-plan.ts';
import { runErrand, type Seen } from './toy-client.ts';

const PATH = '/api/v1/namespaces/team-a/secrets';
const OPTIONS = { maxRules: 5, maxMs: 15 };

let sandbox: Sandbox;
let proxy: FaultProxy;
let truth: Record<string, string>;
let errand: { path: string; since: number; until: number };

beforeAll(async () => {
  sandbox = createSandbox({ world: BARE, time: 'still' });
  const { url } = await sandbox.listen(0);
  proxy = await createFaultProxy({ upstream: { kubeconfig: sandbox.kubeconfig(url) } });
  const { operator, store } = sandbox;
  const since = store.revision;
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    operator.create('secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'team-a' } });
  }
  operator.delete('secrets', 'team-a', 'b');
  operator.modify('secrets', 'team-a', 'c', (draft) => {
    draft.metadata.labels = { changed: 'yes' };
  });
  truth = Object.fromEntries(
    operator.list('secrets', 'team-a').map(({ metadata }) => [metadata.name, metadata.resourceVersion ?? '']),
  );
  errand = { path: PATH, since, until: Number(truth['c']) };
});
afterAll(async () => {
  await proxy.close();
  await sandbox.stop();
});

async function runUnder(plan: Plan, skipsBadLines: boolean): Promise<Seen> {
  await proxy.setPlan(plan);
  return runErrand({ ...errand, url: proxy.url, ca: proxy.ca, skipsBadLines });
}

test('the same seed gives the same plan, another one another', () => {
  expect(randomPlan(7)).toEqual(randomPlan(7));
  const plans = new Set(Array.from({ length: 50 }, (_, seed) => JSON.stringify(randomPlan(seed))));
  expect(plans.size).toBeGreaterThan(40);
  expect(Math.max(...[...plans].map((text) => JSON.parse(text).rules.length))).toBe(5);
});

test('every random plan is JSON that can be carried out', () => {
  fc.assert(
    fc.property(arbitraryPlan({ maxRules: 10 }), (plan) => {
      checkPlan(plan);
      expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    }),
    { numRuns: 300 },
  );
});

test('a client that resumes gets over every random plan', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryPlan(OPTIONS), async (plan) => {
      expect(await runUnder(plan, false)).toEqual({ listed: truth, watched: truth });
    }),
    { numRuns: 30, seed: 5, interruptAfterTimeLimit: 20_000 },
  );
});

test('a client that skips lines is caught, and the plan shrinks to the one rule that catches it', async () => {
  const outcome = await fc.check(
    fc.asyncProperty(arbitraryPlan(OPTIONS), async (plan) => {
      expect((await runUnder(plan, true)).watched).toEqual(truth);
    }),
    { numRuns: 200, seed: 11 },
  );
  expect(outcome.failed).toBe(true);
  const [plan] = outcome.counterexample ?? [];
  expect(plan?.rules.map((rule) => rule.do)).toEqual([
    { kind: 'inject', where: 'instead', lines: [{ line: 'text', text: '{"type":"ADDED","object":' }] },
  ]);
});
