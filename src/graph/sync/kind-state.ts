/** What a kind's Reflectors do -> how far the kind is known. */
import type { ReflectorState } from '../../kube/reflector/types.ts';
import type { KindState } from '../types.ts';

export interface MemberState {
  /** A list was taken over whole, and is still held. */
  listed: boolean;
  done: number;
  total: number | undefined;
  /** ms: the first failure since all was well. */
  failingSince: number | undefined;
  last: ReflectorState;
}

/** A watch that is opened anew at once misses nothing; one that cannot be for this long leaves answers old, ms. */
const STALE_AFTER_MS = 10_000;
/** A kind that never listed and failed for this long is not waited for, ms. */
const GIVEN_UP_AFTER_MS = 30_000;

export function stateOf({ last, listed, done, total, failingSince }: MemberState, now: number): KindState {
  switch (last.state) {
    case 'forbidden':
      return { state: 'forbidden', reason: last.reason };
    case 'not served':
      return { state: 'missing' };
    case 'retrying':
    case 'unauthorized': {
      const since = failingSince ?? now;
      const old = now - since >= STALE_AFTER_MS || last.state === 'unauthorized' || last.degraded;
      if (listed) return old ? { state: 'stale', since, reason: last.reason } : { state: 'synced' };
      if (now - since >= GIVEN_UP_AFTER_MS) return { state: 'off', reason: `could not be read: ${last.reason}` };
      return { state: 'syncing', done, total };
    }
    case 'waiting':
    case 'listing':
    case 'watching':
    case 'polling':
    case 'stopped':
      return listed ? { state: 'synced' } : { state: 'syncing', done, total };
  }
}

/** Of all namespaces where there are several; those that are refused count only if nothing else is left. */
export function combineStates(members: readonly { namespace: string | undefined; state: KindState }[]): KindState {
  const [first] = members;
  if (first === undefined) return { state: 'syncing', done: 0, total: undefined };
  if (members.length === 1 && first.namespace === undefined) return first.state;

  const readable = members.filter(({ state }) => state.state !== 'forbidden' && state.state !== 'missing');
  if (readable.length === 0) return first.state;
  const syncing = readable.flatMap(({ state }) => (state.state === 'syncing' ? [state] : []));
  if (syncing.length > 0) {
    const known = readable.every(({ state }) => state.state !== 'syncing' || state.total !== undefined);
    const sum = (of: (state: { done: number; total: number | undefined }) => number) =>
      syncing.reduce((total, state) => total + of(state), 0);
    return {
      state: 'syncing',
      done: sum(({ done }) => done),
      total: known ? sum(({ total }) => total ?? 0) : undefined,
    };
  }
  const stale = readable.flatMap(({ state }) => (state.state === 'stale' ? [state] : []));
  const [oldest] = stale.sort((a, b) => a.since - b.since);
  if (oldest !== undefined) return oldest;
  const synced = readable.filter(({ state }) => state.state === 'synced');
  if (synced.length === 0) return readable[0]?.state ?? first.state;
  return {
    state: 'synced',
    namespaces: synced.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace])),
  };
}
