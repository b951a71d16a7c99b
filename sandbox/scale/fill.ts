/** Makes all objects of a generated world. */
import { seededRandom } from '../bootstrap/seeded-random.ts';
import { type LiveWorld, SLICE_PODS } from './live-world.ts';
import {
  CONFIG_MAP,
  DEFAULT_ACCOUNT,
  NAMESPACE,
  type OfNamespace,
  REGISTRY_SECRET,
  ROLE,
  ROLE_BINDING,
  ROOT_CERTIFICATE,
  SECRET,
  SERVICE_ACCOUNT,
  SHARED_SETTINGS,
} from './objects/configuration.ts';
import { CRON_JOB, JOB } from './objects/jobs.ts';
import { SERVICE } from './objects/network.ts';
import { doneAfter, startAfter } from './objects/pod-status.ts';
import { VOLUME, VOLUME_CLAIM } from './objects/storage.ts';
import { CONTROLLER_REVISION } from './objects/workloads.ts';
import { putOptional } from './optional.ts';
import type { ScaleOptions } from './options.ts';
import { type AppPlan, makePlan, type NamespacePlan } from './plan/plan.ts';
import type { App, Fault, LiveApp, LiveService, PodPhase, Release } from './plan/types.ts';
import { draw, lettersOf } from './stamp/texts.ts';

const DAY = 86_400;
/** For so long nodes are not ready that are not. */
const UNREADY_SECONDS = 7_200;

/** The share of pods that start again and again. */
const CRASHING = 0.005;
/** The shares of Deployments whose newest release cannot be pulled, or fits on no node: one pod of it waits, the rest stay. */
const BAD_IMAGE = 0.008;
const TOO_LARGE = 0.004;

export interface Filling {
  options: ScaleOptions;
  world: LiveWorld;
  /** Seconds since the epoch. */
  now: number;
  /** Called after each workload. */
  step(): void;
}

/** How many objects there will be, about. */
export function expectedObjects({ nodes, pods, services, others }: ScaleOptions): number {
  return nodes + pods + services * 2 + others;
}

export function fill({ options, world, now, step }: Filling): void {
  const plan = makePlan(options);
  const random = seededRandom(options.seed ^ 0x5ca1e);
  const before = world.made;
  for (let index = 0; index < options.nodes; index++) {
    const beat = Math.floor(random() * 300);
    world.putNode(index, now - (world.health(index) === 'ready' ? beat : UNREADY_SECONDS));
    world.putLease(index, now - Math.floor(random() * 10));
  }
  for (const namespace of plan.namespaces) putNamespace(world, namespace, now);
  for (const app of plan.apps) {
    world.apps.push(putApp(world, app, now, random));
    step();
  }
  const services = world.apps.reduce(
    (sum, { services }) => sum + services.reduce((all, { slices }) => all + 1 + slices.length, 0),
    0,
  );
  const others = world.made - before - options.nodes - options.pods - services;
  putOptional(world, options.others - others, now, step);
}

function putNamespace(world: LiveWorld, { name, product, environment, exists }: NamespacePlan, now: number): void {
  const created = now - 200 * DAY;
  const own = (): OfNamespace => ({ namespace: name, product, environment, created, uid: world.uid() });
  if (!exists) world.put(NAMESPACE, own());
  world.put(ROOT_CERTIFICATE, own());
  world.put(SHARED_SETTINGS, own());
  world.put(REGISTRY_SECRET, own());
  world.put(DEFAULT_ACCOUNT, own());
}

function putApp(world: LiveWorld, plan: AppPlan, now: number, random: () => number): LiveApp {
  const app = appOf(world, plan, now);
  const bits = draw(app.look, 1);
  // Younger than its workload, and at least as old as a task takes, or as the trouble of a node.
  const released = now - (plan.ofNodes ? DAY : 1_500) - Math.floor(random() ** 3 * 20 * DAY);
  const number = plan.kind === 'Deployment' ? 2 + (bits % 40) : 1 + (bits % 9);
  const release = world.release(app, number, released);
  const live: LiveApp = {
    app,
    release,
    older: [],
    pods: [],
    replicas: plan.pods,
    generation: number,
    changed: released + 60,
    services: [],
  };
  live.services = servicesOf(world, plan, app);
  putBelongings(world, app, plan);
  const bad = app.kind === 'Deployment' && plan.pods > 1 ? faultOf(random()) : 'none';
  const whole = bad === 'none' ? plan.pods : plan.pods - 1;
  for (let index = 0; index < whole; index++) putFirstPod(world, live, index, now, random);
  if (bad !== 'none') spoil(world, live, bad, now);
  putControllers(world, live);
  for (let index = 0; index < (live.services[0]?.slices.length ?? 0); index++)
    world.putSlices(live, index, released + 30);
  return live;
}

function appOf(world: LiveWorld, plan: AppPlan, now: number): App {
  const { look, kind, name, ofNodes } = plan;
  const bits = draw(look, 2);
  const chance = (shift: number, percent: number) => (bits >>> shift) % 100 < percent;
  return {
    kind,
    namespace: plan.namespace.name,
    name,
    product: plan.namespace.product,
    environment: plan.namespace.environment,
    look,
    uid: world.uid(),
    created: now - (30 + (bits % 170)) * DAY,
    account: chance(3, 55) ? name : 'default',
    hasConfig: ofNodes || chance(5, 65),
    hasSecret: !ofNodes && chance(7, 40),
    hasClaims: kind === 'StatefulSet' && chance(9, 60),
    hasSidecar: !ofNodes && kind !== 'CronJob' && chance(11, 15),
    hasService: plan.services > 0,
    ofNodes,
  };
}

function servicesOf(world: LiveWorld, plan: AppPlan, app: App): LiveService[] {
  const slices = Math.max(1, Math.ceil(plan.pods / SLICE_PODS));
  return Array.from({ length: plan.services }, (_, index) => {
    const name = index === 0 ? app.name : `${app.name}-${index + 1}`;
    const headless = app.kind === 'StatefulSet' && index === 0;
    const service: LiveService = {
      app,
      name,
      uid: world.uid(),
      created: app.created,
      headless,
      clusterIP: headless ? '' : world.clusterIP(),
      slices: Array.from({ length: slices }, () => {
        const serial = world.serial();
        return { name: `${name}-${lettersOf(serial * 7, 5)}`, uid: world.uid(), generation: 0 };
      }),
    };
    world.put(SERVICE, service);
    return service;
  });
}

function putBelongings(world: LiveWorld, app: App, plan: AppPlan): void {
  const own = () => ({ app, uid: world.uid() });
  if (app.account === app.name) world.put(SERVICE_ACCOUNT, own());
  if (app.hasConfig) world.put(CONFIG_MAP, own());
  if (app.hasSecret) world.put(SECRET, own());
  if (app.account === app.name && app.look % 5 === 0) {
    world.put(ROLE, own());
    world.put(ROLE_BINDING, own());
  }
  if (!app.hasClaims) return;
  for (let ordinal = 0; ordinal < plan.pods; ordinal++) {
    const claim = { app, ordinal, uid: world.uid(), volumeUid: world.uid() };
    world.put(VOLUME, claim);
    world.put(VOLUME_CLAIM, claim);
  }
}

function putFirstPod(world: LiveWorld, live: LiveApp, index: number, now: number, random: () => number): void {
  const { app, release } = live;
  const node = app.ofNodes ? index : world.nextNode();
  const phase = firstPhase(world, live, node, random());
  const created = app.kind === 'CronJob' ? release.created : later(release.created, now, random());
  const restarts = phase === 'crashing' ? 5 + (draw(app.look, index) % 8) : 0;
  const started = phase === 'crashing' ? now - 330 : created + startAfter(release);
  const changed = changedAt(phase, release, started, now);
  const pod = world.addPod(live, release, { node, created, phase, restarts, ordinal: index, started, changed });
  world.putPod(pod);
}

/** When a task that began as it should was done. */
const endOf = (release: Release) => release.created + startAfter(release) + doneAfter(release);

function changedAt(phase: PodPhase, release: Release, started: number, now: number): number {
  switch (phase) {
    case 'crashing':
      return now - 300 + (release.app.look % 290);
    case 'lost':
      return now - UNREADY_SECONDS + 40;
    case 'succeeded':
      return endOf(release);
    default:
      return started;
  }
}

/** Most pods are as old as their release. */
function later(released: number, now: number, chance: number): number {
  const most = now - 900 - released;
  return released + 5 + Math.floor(Math.max(0, chance - 0.7) * 2 * Math.max(0, most));
}

function firstPhase(world: LiveWorld, { app }: LiveApp, node: number, chance: number): PodPhase {
  if (node < 0) return 'unscheduled';
  const health = world.health(node);
  if (health === 'silent' || health === 'broken') return 'lost';
  if (app.kind === 'CronJob') return 'succeeded';
  return !app.ofNodes && chance < CRASHING ? 'crashing' : 'running';
}

function faultOf(chance: number): Fault {
  return chance < BAD_IMAGE ? 'image' : chance < BAD_IMAGE + TOO_LARGE ? 'unschedulable' : 'none';
}

/** A release that does not come up: one pod of it waits, the others are still of the release before. */
function spoil(world: LiveWorld, live: LiveApp, fault: Fault, now: number): void {
  const { app, release } = live;
  const created = now - 1_200;
  const next = world.release(app, release.number + 1, created, fault);
  live.older.push(release);
  live.release = next;
  live.generation++;
  live.changed = created + 620;
  const phase = fault === 'image' ? 'image' : 'unscheduled';
  const node = fault === 'image' ? world.nextNode() : -1;
  world.putPod(
    world.addPod(live, next, {
      node,
      created: created + 2,
      phase: node < 0 ? 'unscheduled' : phase,
      changed: created + 20,
    }),
  );
}

function putControllers(world: LiveWorld, live: LiveApp): void {
  const { app, release } = live;
  switch (app.kind) {
    case 'Deployment':
      for (const each of [...live.older, release])
        world.putReplicaSet(live, each, replicasOf(live, each), live.changed);
      break;
    case 'CronJob': {
      const done = live.pods.every(({ phase }) => phase === 'succeeded');
      world.put(CRON_JOB, { app, release, succeeded: endOf(release) });
      world.put(JOB, { release, pods: live.replicas, ended: done ? endOf(release) : undefined });
      live.changed = endOf(release);
      return;
    }
    case 'StatefulSet':
    case 'DaemonSet':
      world.put(CONTROLLER_REVISION, release);
  }
  world.putWorkload(live);
}

function replicasOf({ pods }: LiveApp, release: Release): number {
  return pods.filter((pod) => pod.release === release).length;
}
