/** Objects that stand around workloads, as many as are asked for: one of each kind in turn, then Events. */
import type { LiveWorld } from './live-world.ts';
import { countsOf } from './live-world.ts';
import { INGRESS, INGRESS_SECRET } from './objects/network.ts';
import { unschedulableText } from './objects/pod-status.ts';
import { type AroundSource, AUTOSCALER, DISRUPTION_BUDGET, NETWORK_POLICY, OWNERSHIP } from './objects/policies.ts';
import type { LiveApp, LivePod } from './plan/types.ts';
import type { Recipe } from './stamp/bodies.ts';
import { draw, nodeName } from './stamp/texts.ts';

/** Old ReplicaSets of a Deployment at most. */
const MOST_OLDER = 3;

/** Of workloads that have it by the bits of their look, up to a share of all that there is room for; the rest are Events. */
interface Around {
  /** Percent of the workloads. */
  workloads: number;
  /** Percent of the room. */
  room: number;
  /** Answers how many objects it put. */
  put: (world: LiveWorld, live: LiveApp) => number;
}

const AROUND: readonly Around[] = [
  { workloads: 70, room: 30, put: putOlder },
  {
    workloads: 30,
    room: 12,
    put: (world, live) => (live.app.kind === 'Deployment' ? putOne(world, live, AUTOSCALER) : 0),
  },
  {
    workloads: 30,
    room: 12,
    put: (world, live) => (live.app.kind === 'CronJob' ? 0 : putOne(world, live, DISRUPTION_BUDGET)),
  },
  { workloads: 25, room: 10, put: (world, live) => putOne(world, live, NETWORK_POLICY) },
  { workloads: 25, room: 14, put: putIngress },
  { workloads: 20, room: 8, put: (world, live) => putOne(world, live, OWNERSHIP) },
];

function putOne(world: LiveWorld, live: LiveApp, recipe: Recipe<AroundSource>): number {
  world.put(recipe, { app: live.app, uid: world.uid(), replicas: live.replicas, ready: countsOf(live).ready });
  return 1;
}

function putOlder(world: LiveWorld, live: LiveApp): number {
  if (live.app.kind !== 'Deployment') return 0;
  const first = (live.older[0] ?? live.release).number;
  const count = Math.min(first - 1, 1 + (live.app.look % MOST_OLDER));
  const older = Array.from({ length: count }, (_, index) => {
    const number = first - count + index;
    return world.release(live.app, number, live.app.created + number * 60);
  });
  live.older.unshift(...older);
  for (const old of older) world.putReplicaSet(live, old, 0, old.created + 50);
  return count;
}

function putIngress(world: LiveWorld, live: LiveApp): number {
  const [service] = live.services;
  if (service === undefined || service.headless) return 0;
  const ingress = { service, uid: world.uid(), secretUid: world.uid() };
  world.put(INGRESS, ingress);
  world.put(INGRESS_SECRET, ingress);
  return 2;
}

/** Puts `budget` objects, if there are workloads to put them around. */
export function putOptional(world: LiveWorld, budget: number, now: number, step: () => void): void {
  let left = budget;
  for (const [index, { workloads, room, put }] of AROUND.entries()) {
    let share = Math.floor((budget * room) / 100);
    // Spread over all workloads where there is not room for those that would have it.
    const expected = (world.apps.length * workloads) / 100;
    const percent = workloads * Math.min(1, share / Math.max(1, expected));
    for (const live of world.apps) {
      if (share < MOST_OLDER) break;
      if (live.app.ofNodes || (draw(live.app.look, 10 + index) % 10_000) / 100 >= percent) continue;
      const count = put(world, live);
      share -= count;
      left -= count;
      step();
    }
  }
  putEvents(world, left, now, step);
}

/** Of the pods of all workloads in turn, until there are enough. */
function putEvents(world: LiveWorld, count: number, now: number, step: () => void): void {
  const all = world.apps.filter(({ pods }) => pods.length > 0);
  for (let put = 0; put < count && all.length > 0; put++) {
    const live = all[draw(world.seed, 20, put) % all.length];
    const pod = live?.pods[draw(world.seed, 21, put) % live.pods.length];
    if (pod !== undefined) putPodEvent(world, pod, now - (draw(world.seed, 22, put) % 3_500));
    step();
  }
}

export interface Told {
  reason: string;
  message: string;
  type: 'Normal' | 'Warning';
  component: string;
}

export function putPodEvent(world: LiveWorld, pod: LivePod, at: number, told: Told = toldOf(world, pod)): void {
  const { app } = pod.release;
  const scheduler = told.component === 'default-scheduler';
  world.putEvent({
    about: {
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: app.namespace,
      name: pod.name,
      uid: pod.uid,
      ...(scheduler ? {} : { fieldPath: `spec.containers{${app.name}}` }),
    },
    ...told,
    host: scheduler || pod.place.node < 0 ? '' : nodeName(pod.place.node),
    at,
    count: 1,
  });
}

/** What is said of a pod in its state. */
function toldOf(world: LiveWorld, pod: LivePod): Told {
  const { app } = pod.release;
  const full = `${pod.name}_${app.namespace}(${pod.uid})`;
  switch (pod.phase) {
    case 'crashing':
      return {
        reason: 'BackOff',
        message: `Back-off restarting failed container ${app.name} in pod ${full}`,
        type: 'Warning',
        component: 'kubelet',
      };
    case 'image':
      return { reason: 'Failed', message: 'Error: ImagePullBackOff', type: 'Warning', component: 'kubelet' };
    case 'unscheduled':
      return {
        reason: 'FailedScheduling',
        message: unschedulableText(world.nodes),
        type: 'Warning',
        component: 'default-scheduler',
      };
    case 'terminating':
      return { reason: 'Killing', message: `Stopping container ${app.name}`, type: 'Normal', component: 'kubelet' };
    default:
      return { reason: 'Started', message: 'Container started', type: 'Normal', component: 'kubelet' };
  }
}
