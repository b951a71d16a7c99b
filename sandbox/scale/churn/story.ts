/** What a story of the churn is told with. */
import type { LiveWorld } from '../live-world.ts';
import { imageOf } from '../objects/pod-spec.ts';
import { putPodEvent, type Told } from '../optional.ts';
import type { LiveApp, LivePod, PodPhase } from '../plan/types.ts';
import { nodeName } from '../stamp/texts.ts';
import type { Place } from '../stamp/values.ts';

/** A step is a write. */
export type Story = Generator<void, void, void>;

export interface Teller {
  world: LiveWorld;
  /** Seeded: [0, 1). */
  random: () => number;
  /** Seconds since the epoch. */
  now: () => number;
  /** Workloads that a story is about. */
  busy: Set<LiveApp>;
  /** The oldest Events go when there are more, as after their time to live. */
  mostEvents: number;
}

/** Takes a workload for as long as a story is about it. */
export function about({ busy }: Teller, live: LiveApp, story: Story): Story {
  busy.add(live);
  return (function* () {
    try {
      yield* story;
    } finally {
      busy.delete(live);
    }
  })();
}

const TRIES = 20;

/** A workload that nothing is told about, by chance; undefined when none is found. */
export function pick({ world, random, busy }: Teller, fits: (live: LiveApp) => boolean): LiveApp | undefined {
  for (let tried = 0; tried < TRIES; tried++) {
    const live = world.apps[Math.floor(random() * world.apps.length)];
    if (live !== undefined && !busy.has(live) && fits(live)) return live;
  }
  return undefined;
}

/** Writes a pod in another phase. */
export function setPod({ world, now }: Teller, pod: LivePod, phase: PodPhase, place: Partial<Place> = {}): void {
  pod.phase = phase;
  pod.changed = now();
  if (Object.keys(place).length > 0) pod.place = { ...pod.place, ...place };
  world.putPod(pod);
}

/** Records an Event; the oldest goes. */
export function* tell({ world, now, mostEvents }: Teller, pod: LivePod, told?: Told): Story {
  putPodEvent(world, pod, now(), told);
  yield;
  if (world.events.size <= mostEvents) return;
  for (const oldest of world.events) {
    world.events.delete(oldest);
    world.remove('events', oldest.namespace, oldest.name);
    break;
  }
  yield;
}

/** A new pod comes up: it is there, it has a node, it runs. */
export function* comeUp(teller: Teller, pod: LivePod): Story {
  const { world, now } = teller;
  const { app } = pod.release;
  world.putPod(pod, true);
  yield;
  const node = world.nextNode();
  if (node < 0) return;
  setPod(teller, pod, 'creating', { node });
  yield;
  const assigned = `Successfully assigned ${app.namespace}/${pod.name} to ${nodeName(node)}`;
  yield* tell(teller, pod, { reason: 'Scheduled', message: assigned, type: 'Normal', component: 'default-scheduler' });
  setPod(teller, pod, 'running', { started: now() });
  yield;
  const pulled = `Container image "${imageOf(pod.release)}" already present on machine and can be accessed by the pod`;
  if (pod.place.serial % 4 === 0)
    yield* tell(teller, pod, { reason: 'Pulled', message: pulled, type: 'Normal', component: 'kubelet' });
}
