import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPlanTokens, type PlanBinding } from './plan-token.ts';

const KEY = new Uint8Array(32).fill(7);
const PLAN: PlanBinding = {
  tool: 'delete_resource',
  input: { kind: 'Pod', name: 'web', namespace: 'shop' },
  principal: 'stdio',
  cluster: 'prod',
  basis: 'uid-1@100',
};

function tokensAt(start: number) {
  const clock = { now: start };
  return { clock, tokens: createPlanTokens(KEY, () => clock.now) };
}

test('a token is good once', () => {
  const { tokens } = tokensAt(1_000_000);
  const token = tokens.issue(PLAN);
  expect(tokens.redeem(token, PLAN)).toBe('good');
  expect(tokens.redeem(token, PLAN)).toBe('used');
});

test('the order of arguments does not matter, their values do', () => {
  const { tokens } = tokensAt(1_000_000);
  const token = tokens.issue(PLAN);
  expect(tokens.redeem(token, { ...PLAN, input: { namespace: 'shop', kind: 'Pod', name: 'other' } })).toBe('other');
  expect(tokens.redeem(token, { ...PLAN, input: { namespace: 'shop', name: 'web', kind: 'Pod' } })).toBe('good');
});

test.each(['tool', 'principal', 'cluster', 'basis'] as const)('a token is void when the %s differs', (field) => {
  const { tokens } = tokensAt(1_000_000);
  expect(tokens.redeem(tokens.issue(PLAN), { ...PLAN, [field]: 'changed' })).toBe('other');
});

test('a token lives ten minutes', () => {
  const { clock, tokens } = tokensAt(1_000_000);
  const [early, late] = [tokens.issue(PLAN), tokens.issue({ ...PLAN, basis: 'b' })];
  clock.now += 600_000;
  expect(tokens.redeem(early, PLAN)).toBe('good');
  clock.now += 1;
  expect(tokens.redeem(late, { ...PLAN, basis: 'b' })).toBe('expired');
});

test('another process with the same key redeems it, one with another key does not', () => {
  const token = tokensAt(1_000_000).tokens.issue(PLAN);
  expect(createPlanTokens(KEY, () => 1_000_500).redeem(token, PLAN)).toBe('good');
  expect(createPlanTokens(new Uint8Array(32), () => 1_000_500).redeem(token, PLAN)).toBe('other');
});

test('a used token with more text behind it is no second yes', () => {
  const { tokens } = tokensAt(1_000_000);
  const token = tokens.issue(PLAN);
  expect(tokens.redeem(`${token}.`, PLAN)).toBe('other');
  expect(tokens.redeem(token, PLAN)).toBe('good');
  for (const tail of ['.', '.x', '..', '=', ' ']) expect(tokens.redeem(token + tail, PLAN)).toBe('other');
});

test('no invented text is ever good', () => {
  const { tokens } = tokensAt(1_000_000);
  fc.assert(fc.property(fc.string(), (text) => tokens.redeem(text, PLAN) === 'other'));
});
