/** A Deployment gets a new release: its pods are replaced one by one. */
import type { LiveApp, Release } from '../plan/types.ts';
import { about, comeUp, pick, type Story, setPod, type Teller, tell } from './story.ts';

/** Larger Deployments would be rolled out for minutes. */
const MOST_PODS = 200;
/** Old ReplicaSets that are kept. */
const MOST_OLDER = 3;
/** The numbers of the workload are written after so many pods, and at the end. */
const COUNT_EVERY = 4;

export function rollout(teller: Teller): Story | undefined {
  const live = pick(
    teller,
    ({ app, pods, release }) =>
      app.kind === 'Deployment' && release.fault === 'none' && pods.length > 0 && pods.length <= MOST_PODS,
  );
  return live && about(teller, live, rollOut(teller, live));
}

function* rollOut(teller: Teller, live: LiveApp): Story {
  const { world, now } = teller;
  const { app } = live;
  if (!world.owns('deployments.apps', app.namespace, app.name)) return;
  const before = live.release;
  const release = world.release(app, before.number + 1, now());
  live.older.push(before);
  live.release = release;
  live.generation++;
  live.changed = now();
  world.putWorkload(live);
  yield;
  world.putReplicaSet(live, release, 1, now(), true);
  yield;
  const old = live.pods.filter((pod) => pod.release !== release);
  for (const [index, gone] of old.entries()) {
    const pod = world.addPod(live, release, { node: -1, created: now(), phase: 'unscheduled' });
    yield* comeUp(teller, pod);
    yield* slices(teller, live, pod.slice);
    setPod(teller, gone, 'terminating');
    yield;
    if (gone.place.serial % 2 === 0) yield* tell(teller, gone);
    yield* slices(teller, live, gone.slice);
    world.removePod(live, gone);
    yield;
    if (index % COUNT_EVERY === COUNT_EVERY - 1) yield* counts(teller, live, release, before);
  }
  yield* counts(teller, live, release, before);
  while (live.older.length > MOST_OLDER) {
    const oldest = live.older.shift();
    if (oldest === undefined) break;
    world.remove('replicasets.apps', app.namespace, oldest.name);
    yield;
  }
}

function* slices({ world, now }: Teller, live: LiveApp, index: number): Story {
  if (live.services.length === 0) return;
  world.putSlices(live, index, now());
  yield;
}

function* counts({ world, now }: Teller, live: LiveApp, release: Release, before: Release): Story {
  live.changed = now();
  for (const each of [release, before]) {
    const pods = live.pods.filter((pod) => pod.release === each).length;
    world.putReplicaSet(live, each, pods, now());
    yield;
  }
  world.putWorkload(live);
  yield;
}
