/** A CronJob runs once more; the run before it is cleaned up. */
import { CRON_JOB, JOB } from '../objects/jobs.ts';
import type { LiveApp } from '../plan/types.ts';
import { about, comeUp, pick, type Story, setPod, type Teller } from './story.ts';

export function jobRun(teller: Teller): Story | undefined {
  // Runs are named by their minute.
  const minute = Math.floor(teller.now() / 60);
  const live = pick(teller, ({ app, release }) => app.kind === 'CronJob' && Math.floor(release.created / 60) < minute);
  return live && about(teller, live, run(teller, live));
}

function* run(teller: Teller, live: LiveApp): Story {
  const { world, now } = teller;
  const { app } = live;
  if (!world.owns('cronjobs.batch', app.namespace, app.name)) return;
  const before = live.release;
  const old = [...live.pods];
  const release = world.release(app, before.number + 1, now());
  live.release = release;
  world.put(JOB, { release, pods: live.replicas, ended: undefined }, true);
  yield;
  world.put(CRON_JOB, { app, release, succeeded: live.changed });
  yield;
  for (let index = 0; index < live.replicas; index++) {
    const pod = world.addPod(live, release, { node: -1, created: now(), phase: 'unscheduled' });
    yield* comeUp(teller, pod);
  }
  for (const pod of live.pods) {
    if (pod.release !== release) continue;
    setPod(teller, pod, 'succeeded');
    yield;
  }
  world.put(JOB, { release, pods: live.replicas, ended: now() });
  yield;
  live.changed = now();
  world.put(CRON_JOB, { app, release, succeeded: live.changed });
  yield;
  for (const pod of old) {
    world.removePod(live, pod);
    yield;
  }
  world.remove('jobs.batch', app.namespace, before.name);
  yield;
}
