/** Jobs that go some time after their end. */
import { parseTime } from '../timestamps.ts';
import type { Controller } from '../types.ts';
import { finishedAs, JOBS, type Job } from './job/shapes.ts';
import { conditionOf } from './kit/conditions.ts';
import { managed, ownKey, splitKey } from './kit/keys.ts';

export function ttlAfterFinishedController(): Controller {
  return {
    ...managed('ttl-after-finished-controller'),
    watches: { [JOBS]: ownKey },
    reconcile(key, machine) {
      const { namespace, name } = splitKey(key);
      const job = machine.get<Job>(JOBS, namespace, name);
      const ttl = job?.spec.ttlSecondsAfterFinished;
      if (job === undefined || ttl === undefined || job.metadata.deletionTimestamp !== undefined) return undefined;
      const end = finishedAs(job);
      if (end === undefined) return undefined;
      const at = parseTime(conditionOf(job.status?.conditions, end)?.lastTransitionTime);
      const left = at + ttl * 1000 - machine.clock.now();
      if (left > 0) return left;
      const uid = job.metadata.uid;
      machine.delete(JOBS, namespace, name, { propagationPolicy: 'Foreground', ...(uid === undefined ? {} : { uid }) });
      return undefined;
    },
  };
}
