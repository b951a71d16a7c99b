/** A machine as it is told to the world. */
import type { Facts, Machine } from './machine.ts';
import type { ReflectorState } from './types.ts';

export function viewOf(machine: Machine, { settings }: Pick<Facts, 'settings'>): ReflectorState {
  const { phase, trouble } = machine;
  switch (phase.at) {
    case 'idle':
      return { state: 'waiting', why: 'not started' };
    case 'stopped':
      return { state: 'stopped' };
    case 'turn':
      return { state: 'waiting', why: 'turn' };
    case 'listing':
      return { state: 'listing', first: phase.list.first, items: phase.list.items };
    case 'gathering':
      return { state: 'listing', first: !machine.has, items: phase.items };
    case 'watching':
      if (phase.since === undefined) return retrying(machine, settings.maxRetries, 'watch', phase.asked);
      return { state: 'watching', resourceVersion: machine.position ?? '', since: phase.since };
    case 'checking':
      return { state: 'watching', resourceVersion: machine.position ?? '', since: phase.since };
    case 'resting':
      switch (phase.why) {
        case 'retry':
          return retrying(machine, settings.maxRetries, phase.next.do, phase.until);
        case 'forbidden':
          return { state: 'forbidden', reason: trouble.reason, recheckAt: phase.until };
        case 'unauthorized':
          return { state: 'unauthorized', since: trouble.since, reason: trouble.reason };
        case 'not served':
          return { state: 'not served' };
        case 'polling':
          return { state: 'polling', every: settings.pollInterval, since: phase.until - settings.pollInterval };
      }
  }
}

function retrying(machine: Machine, maxRetries: number, next: 'list' | 'watch', at: number): ReflectorState {
  const { failures, since, reason } = machine.trouble;
  // A kind that expires as fast as it is listed is never up to date, though no list fails.
  const degraded = failures >= maxRetries || machine.place.expiredAtOnce >= 2;
  return { state: 'retrying', next, failures, degraded, since, reason, at };
}

/** Whether the world has to be told: versions move on all the time. */
export function sameView(a: ReflectorState, b: ReflectorState): boolean {
  // At each event of each watch.
  if (a.state === 'watching' && b.state === 'watching') return a.since === b.since;
  const withoutVersion = (view: ReflectorState) => JSON.stringify({ ...view, resourceVersion: '' });
  return a.state === b.state && withoutVersion(a) === withoutVersion(b);
}
