/** A generated world as it is now, and how a change of it reaches the store. */
import type { Store } from '../store/types.ts';
import { EVENT, type EventSource } from './objects/event.ts';
import { ENDPOINT_SLICE, type Endpoint } from './objects/network.ts';
import { type NodeHealth, NodeTemplates, nodeLabels } from './objects/node.ts';
import { PodTemplates, podName } from './objects/pod.ts';
import { hasAddress, isReady } from './objects/pod-status.ts';
import { type Counts, DAEMON_SET, DEPLOYMENT, REPLICA_SET, STATEFUL_SET } from './objects/workloads.ts';
import type { App, LiveApp, LivePod, LiveService, PodPhase, Release } from './plan/types.ts';
import { MadeBody, type Recipe, StampedBody } from './stamp/bodies.ts';
import { Press } from './stamp/template.ts';
import { draw, lettersOf, nodeName, uidText, zoneOf } from './stamp/texts.ts';
import { nodeSerial, nodeUid, type Place, RealValues } from './stamp/values.ts';

/** Bytes of templates that are kept: those of 150,000 pods in 17,000 templates, as JSON. */
const KEEP_BYTES = 192 * 1024 * 1024;

/** Endpoints to a slice; the controller's limit is 100, and pods come while others go. */
export const SLICE_PODS = 70;

/** So many addresses rest before the first of them is given out again. */
const RESTING_SLOTS = 10_000;

const LEASES = 'leases.coordination.k8s.io';
const LEASE_NAMESPACE = 'kube-node-lease';
const FIRST_CLUSTER_IP = 16 * 256;

const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({});

/** Shares of nodes by their state. */
const SILENT = 0.002;
const BROKEN = 0.002;
const CORDONED = 0.002;

export interface NewPod {
  node: number;
  created: number;
  phase: PodPhase;
  restarts?: number;
  ordinal?: number;
  /** When its containers ran. */
  started?: number;
  changed?: number;
}

export class LiveWorld {
  readonly seed: number;
  readonly store: Store;
  readonly nodes: number;
  readonly apps: LiveApp[] = [];
  /** Events that there are, oldest first. */
  readonly events = new Set<{ namespace: string; name: string }>();
  /** Writes so far. */
  made = 0;
  readonly #press: Press;
  readonly #nodeTemplates: NodeTemplates;
  readonly #nodeCreated: number;
  readonly #health: readonly NodeHealth[];
  /** Nodes that take pods. */
  readonly #open: readonly number[];
  #serial: number;
  #nextOpen = 0;
  #slots = 0;
  #addresses = 0;
  #settled = false;
  readonly #freeSlots = new Set<number>();

  constructor(store: Store, seed: number, nodes: number, now: number) {
    this.store = store;
    this.seed = seed;
    this.nodes = nodes;
    this.#press = new Press(seed, KEEP_BYTES);
    this.#nodeTemplates = new NodeTemplates(this.#press);
    this.#nodeCreated = now - 40 * 86_400;
    this.#health = Array.from({ length: nodes }, (_, index) => healthOf(seed, index, nodes));
    this.#open = [...this.#health.keys()].filter((index) => this.#health[index] === 'ready');
    this.#serial = nodeSerial(nodes);
  }

  serial(): number {
    return ++this.#serial;
  }

  uid(): string {
    return uidText(this.seed, this.serial());
  }

  templates(): PodTemplates {
    return new PodTemplates(this.#press, this.nodes);
  }

  health(node: number): NodeHealth {
    return this.#health[node] ?? 'ready';
  }

  /** The next node that takes pods; -1 when there is none. */
  nextNode(): number {
    this.#nextOpen = (this.#nextOpen + 1) % Math.max(1, this.#open.length);
    return this.#open[this.#nextOpen] ?? -1;
  }

  /** Of a Service; those that the API server gives out begin below. */
  clusterIP(): string {
    const number = FIRST_CLUSTER_IP + this.#addresses++;
    return `10.96.${number >>> 8}.${number & 255}`;
  }

  putEvent(source: Omit<EventSource, 'uid' | 'serial'>): void {
    const event = { ...source, serial: this.serial(), uid: this.uid() };
    const { namespace, name } = EVENT.identity(event);
    this.events.add({ namespace, name });
    this.put(EVENT, event, true);
  }

  /** Removes what is still its own. */
  remove(resource: string, namespace: string, name: string): void {
    if (!this.owns(resource, namespace, name)) return;
    this.made++;
    this.store.remove(resource, namespace, name);
  }

  #store(...write: Parameters<Store['putBody']>): void {
    this.made++;
    this.store.putBody(...write);
  }

  /** From now on what is written changes what is there, unless it is said to be new. */
  settle(): void {
    this.#settled = true;
  }

  /** Whether an object is still as this world made it: others may change or delete it. */
  owns(resource: string, namespace: string, name: string): boolean {
    const body = this.store.get(resource, namespace, name)?.body;
    return body instanceof StampedBody || body instanceof MadeBody;
  }

  put<Source>(recipe: Recipe<Source>, source: Source, isNew = !this.#settled): void {
    const { resource } = recipe;
    const { namespace, name, uid, labels } = recipe.identity(source);
    if (!isNew && !this.owns(resource, namespace, name)) return;
    this.#store({ resource, namespace, name, uid, labels }, (revision) => new MadeBody(recipe, source, revision));
  }

  putNode(index: number, changed: number): void {
    if (this.#settled && !this.owns('nodes', '', nodeName(index))) return;
    const place = {
      serial: nodeSerial(index),
      slot: 0,
      node: index,
      ordinal: 0,
      created: this.#nodeCreated,
      started: 0,
    };
    const template = this.#nodeTemplates.of(index, this.health(index));
    const name = nodeName(index);
    this.#store(
      {
        resource: 'nodes',
        namespace: '',
        name,
        uid: nodeUid(this.seed, index),
        labels: nodeLabels(index, name, zoneOf(index)),
      },
      (revision) => new StampedBody(template, place, changed, revision),
    );
  }

  putLease(index: number, renewed: number): void {
    if (this.#settled && !this.owns(LEASES, LEASE_NAMESPACE, nodeName(index))) return;
    // Derived, so that a renewal has the same uid.
    const place = { serial: -1 - index, slot: 0, node: index, ordinal: 0, created: this.#nodeCreated, started: 0 };
    this.#store(
      {
        resource: LEASES,
        namespace: LEASE_NAMESPACE,
        name: nodeName(index),
        uid: uidText(this.seed, place.serial),
        labels: NO_LABELS,
      },
      (revision) => new StampedBody(this.#nodeTemplates.lease, place, renewed, revision),
    );
  }

  release(app: App, number: number, created: number, fault: Release['fault'] = 'none'): Release {
    const random = draw(this.seed, app.look, number);
    const hash = lettersOf(random * 4096 + (number % 4096), 10);
    const suffix = app.kind === 'CronJob' ? String(Math.floor(created / 60)) : hash;
    return {
      app,
      number,
      hash,
      name: `${app.name}-${suffix}`,
      uid: this.uid(),
      tag: `v1.${app.look % 90}.${number}`,
      created,
      fault,
      templates: this.templates(),
    };
  }

  /** A new pod of a workload; not in the store yet. */
  addPod(live: LiveApp, release: Release, pod: NewPod): LivePod {
    const { node, created, phase, restarts = 0, ordinal = 0, started = created, changed = started } = pod;
    const serial = this.serial();
    const slot = this.#takeSlot();
    const place: Place = { serial, slot, node, ordinal, created, started };
    const values = new RealValues(this.seed, place, changed, 0);
    const added: LivePod = {
      release,
      name: flat(podName(release, values)),
      uid: values.uid,
      slice: slot % (live.services[0]?.slices.length ?? 1),
      place,
      phase,
      restarts,
      changed,
    };
    live.pods.push(added);
    return added;
  }

  putPod({ release, name, uid, place, phase, restarts, changed }: LivePod, isNew = !this.#settled): void {
    if (!isNew && !this.owns('pods', release.app.namespace, name)) return;
    const template = release.templates.of(release, { phase, restarts }, place.ordinal);
    const values = new RealValues(this.seed, place, changed, 0);
    const labels = release.templates.labels(release, phase, values);
    this.#store(
      { resource: 'pods', namespace: release.app.namespace, name, uid, labels },
      (revision) => new StampedBody(template, place, changed, revision),
    );
  }

  removePod(live: LiveApp, pod: LivePod): void {
    const at = live.pods.indexOf(pod);
    if (at >= 0) live.pods.splice(at, 1);
    this.remove('pods', live.app.namespace, pod.name);
    this.#freeSlots.add(pod.place.slot);
  }

  /** An address that was given up a while ago, or a new one. */
  #takeSlot(): number {
    if (this.#freeSlots.size <= RESTING_SLOTS) return this.#slots++;
    const [oldest = 0] = this.#freeSlots;
    this.#freeSlots.delete(oldest);
    return oldest;
  }

  /** The workload itself, with the numbers of its pods as they are. */
  putWorkload(live: LiveApp): void {
    const { app, release, replicas, generation, changed } = live;
    const source = { app, release, replicas, generation, changed, counts: countsOf(live) };
    switch (app.kind) {
      case 'Deployment':
        this.put(DEPLOYMENT, source);
        break;
      case 'StatefulSet':
        this.put(STATEFUL_SET, source);
        break;
      case 'DaemonSet':
        this.put(DAEMON_SET, source);
        break;
      case 'CronJob':
        break;
    }
  }

  putReplicaSet(live: LiveApp, release: Release, replicas: number, changed: number, isNew = !this.#settled): void {
    const own = live.pods.filter((pod) => pod.release === release && pod.phase !== 'terminating');
    const source = {
      release,
      replicas,
      desired: live.replicas,
      generation: release === live.release ? 1 : 2,
      changed,
      total: own.length,
      ready: own.filter(isReady).length,
    };
    this.put(REPLICA_SET, source, isNew);
  }

  /** One slice of each Service of a workload. */
  putSlices(live: LiveApp, index: number, changed: number): void {
    if (live.services.length === 0) return;
    const endpoints = endpointsOf(live, index);
    for (const service of live.services) this.#putSlice(service, index, changed, endpoints);
  }

  #putSlice(service: LiveService, index: number, changed: number, endpoints: readonly Endpoint[]): void {
    const slice = service.slices[index];
    if (slice === undefined) return;
    slice.generation++;
    this.put(ENDPOINT_SLICE, { service, slice, generation: slice.generation, changed, endpoints });
  }
}

function endpointsOf(live: LiveApp, index: number): Endpoint[] {
  const endpoints: Endpoint[] = [];
  for (const pod of live.pods) {
    if (pod.slice !== index || !hasAddress(pod)) continue;
    endpoints.push({ pod, place: pod.place, ready: isReady(pod), terminating: pod.phase === 'terminating' });
  }
  return endpoints;
}

export function countsOf({ pods, release }: LiveApp): Counts {
  const counts = { total: 0, ready: 0, updated: 0, terminating: 0 };
  for (const pod of pods) {
    if (pod.phase === 'terminating') {
      counts.terminating++;
      continue;
    }
    counts.total++;
    if (isReady(pod)) counts.ready++;
    if (pod.release === release) counts.updated++;
  }
  return counts;
}

function healthOf(seed: number, index: number, nodes: number): NodeHealth {
  // Few nodes: all are well, or the share would be large.
  if (nodes < 10) return 'ready';
  const chance = draw(seed, 77, index) / 2 ** 32;
  if (chance < SILENT) return 'silent';
  if (chance < SILENT + BROKEN) return 'broken';
  return chance < SILENT + BROKEN + CORDONED ? 'cordoned' : 'ready';
}

/** One piece of memory, where a joined string would keep its parts. */
const flat = (text: string) => Buffer.from(text, 'latin1').toString('latin1');
