/** A container ends and is started again. */
import type { LiveApp, LivePod } from '../plan/types.ts';
import { about, pick, type Story, setPod, type Teller, tell } from './story.ts';

export function restart(teller: Teller): Story | undefined {
  const live = pick(teller, ({ app, pods }) => app.kind !== 'CronJob' && pods.length > 0);
  const pod = live?.pods[Math.floor(teller.random() * live.pods.length)];
  if (live === undefined || pod === undefined || (pod.phase !== 'running' && pod.phase !== 'crashing'))
    return undefined;
  return about(teller, live, pod.phase === 'running' ? fail(teller, live, pod) : recover(teller, live, pod));
}

/** Most come back at once, some stay down until another story. */
function* fail(teller: Teller, live: LiveApp, pod: LivePod): Story {
  pod.restarts++;
  setPod(teller, pod, 'crashing');
  yield;
  yield* around(teller, live, pod);
  yield* tell(teller, pod);
  if (teller.random() < 0.95) yield* recover(teller, live, pod);
}

function* recover(teller: Teller, live: LiveApp, pod: LivePod): Story {
  setPod(teller, pod, 'running', { started: teller.now() });
  yield;
  yield* around(teller, live, pod);
}

/** Who counts the pod's readiness. */
function* around({ world, now }: Teller, live: LiveApp, pod: LivePod): Story {
  if (live.services.length > 0) {
    world.putSlices(live, pod.slice, now());
    yield;
  }
  live.changed = now();
  if (live.app.kind === 'Deployment') {
    const own = live.pods.filter((each) => each.release === pod.release).length;
    world.putReplicaSet(live, pod.release, own, now());
    yield;
  }
  world.putWorkload(live);
  yield;
}
