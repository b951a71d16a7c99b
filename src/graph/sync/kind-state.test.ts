import { expect, test } from 'vitest';
import { combineStates, stateOf } from './kind-state.ts';

const base = { listed: false, done: 0, total: undefined, failingSince: undefined };
const retrying = {
  state: 'retrying',
  next: 'list',
  failures: 1,
  degraded: false,
  since: 0,
  reason: 'why',
  at: 0,
} as const;

test('failures before the first list are progress for 30 s, then a reason; after it they make a kind stale after 10 s', () => {
  const failing = { ...base, failingSince: 0, last: retrying };
  expect(stateOf(failing, 29_999).state).toBe('syncing');
  expect(stateOf(failing, 30_000)).toEqual({ state: 'off', reason: 'could not be read: why' });
  expect(stateOf({ ...failing, listed: true }, 9_999)).toEqual({ state: 'synced' });
  expect(stateOf({ ...failing, listed: true }, 10_000)).toEqual({ state: 'stale', since: 0, reason: 'why' });
  expect(stateOf({ ...failing, listed: true, last: { ...retrying, degraded: true } }, 1).state).toBe('stale');
});

test('a sign-in that fails makes what is known stale at once', () => {
  const last = { state: 'unauthorized', since: 0, reason: 'expired' } as const;
  expect(stateOf({ ...base, listed: true, failingSince: 5, last }, 5)).toEqual({
    state: 'stale',
    since: 5,
    reason: 'expired',
  });
});

test('a kind read by namespaces is known where it could be read', () => {
  const synced = { state: 'synced' } as const;
  const forbidden = { state: 'forbidden', reason: 'no' } as const;
  expect(
    combineStates([
      { namespace: undefined, state: forbidden },
      { namespace: 'a', state: synced },
      { namespace: 'b', state: forbidden },
    ]),
  ).toEqual({ state: 'synced', namespaces: ['a'] });
  expect(combineStates([{ namespace: undefined, state: forbidden }])).toEqual(forbidden);
  expect(
    combineStates([
      { namespace: 'a', state: synced },
      { namespace: 'b', state: { state: 'syncing', done: 2, total: 5 } },
    ]),
  ).toEqual({ state: 'syncing', done: 2, total: 5 });
});
