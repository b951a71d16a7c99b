import { expect, test } from 'vitest';
import { checkPlan } from './check-plan.ts';
import { faultRows } from './rows.ts';

test('every row of the fault table is there, in order, with a plan or what a test must do', () => {
  const rows = faultRows();
  expect(rows.map(({ id }) => id)).toEqual(
    Array.from({ length: 66 }, (_, index) => `F${String(index + 1).padStart(2, '0')}`),
  );
  expect(rows.filter(({ plans, outside }) => Object.keys(plans).length === 0 && outside === undefined)).toEqual([]);
  expect(rows.filter(({ plans }) => Object.keys(plans).length === 0).map(({ id }) => id)).toEqual([
    'F13',
    'F19',
    'F52',
    'F54',
    'F57',
  ]);
});

test('every plan is JSON, can be carried out, and is about the kind that was asked for', () => {
  for (const { plans } of faultRows({ group: 'apps', resource: 'deployments' })) {
    for (const plan of Object.values(plans)) {
      expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      expect(() => checkPlan(plan)).not.toThrow();
    }
  }
  const text = JSON.stringify(faultRows({ group: 'apps', resource: 'deployments' }));
  expect([text.includes('"resource":"deployments"'), text.includes('"resource":"pods"')]).toEqual([true, false]);
});

test('a plan that can never do what it says is refused', () => {
  const refused = (rule: object) => () => checkPlan({ rules: [rule] } as never);
  expect(refused({ at: { at: 'event' }, do: { kind: 'certificate', use: 'expired' } })).toThrow(
    'rule 0 of the fault plan: nothing can certificate at event',
  );
  expect(refused({ at: { at: 'connect' }, match: { verb: 'get' }, do: { kind: 'delay', ms: 1 } })).toThrow(
    'there is no request to match',
  );
  expect(refused({ at: { at: 'request' }, do: { kind: 'cut', how: 'end' } })).toThrow('there is no answer to end');
});
