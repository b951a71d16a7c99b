/** Events go after an hour, as the apiserver's --event-ttl has it. */
import type { KubeObject } from '../../types.ts';
import { parseTime } from '../timestamps.ts';
import type { Controller } from '../types.ts';

const TTL_MS = 3_600_000;
const PERIOD_MS = 60_000;

interface CoreEvent extends KubeObject {
  lastTimestamp?: string | null;
  eventTime?: string | null;
  series?: { lastObservedTime?: string };
}

export function eventTtl(): Controller {
  return {
    name: 'event-ttl',
    // It is the store's own doing in a real cluster, so nobody's name is on it.
    user: 'system:apiserver',
    fieldManager: 'kube-apiserver',
    watches: {},
    start: (queue) => queue('sweep'),
    reconcile(_key, machine) {
      const oldest = machine.clock.now() - TTL_MS;
      for (const { metadata, lastTimestamp, eventTime, series } of machine.list<CoreEvent>('events')) {
        const times = [metadata.creationTimestamp, lastTimestamp, eventTime, series?.lastObservedTime].map(parseTime);
        if (Math.max(...times) < oldest) machine.delete('events', metadata.namespace ?? '', metadata.name);
      }
      return PERIOD_MS;
    },
  };
}
