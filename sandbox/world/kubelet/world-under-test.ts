/** For tests: a store, a still clock and components that write straight to it, with no registry between. */
import { isDeepStrictEqual } from 'node:util';
import { createClock, type SandboxClock } from '../../clock.ts';
import { createStore } from '../../store/create-store.ts';
import type { Store } from '../../store/types.ts';
import type { KubeObject, ResourceId } from '../../types.ts';
import { runControllers } from '../run-controllers.ts';
import type { Controller, Machine } from '../types.ts';
import type { Pod } from './pod-types.ts';

export interface SeenEvent {
  about: string;
  type: string;
  reason: string;
  message: string;
}

export interface WorldUnderTest {
  clock: SandboxClock;
  store: Store;
  machine: Machine;
  events: SeenEvent[];
  /** `reason: message` of the events about an object of that name. */
  said(name: string): string[];
  add(resource: ResourceId, object: object): void;
  pod(name: string, namespace?: string): Pod;
  /** Moves on by so many seconds. */
  pass(seconds: number): void;
  failures: unknown[];
}

export const START = Date.parse('2026-03-01T10:00:00Z');

export function worldUnderTest(controllers: readonly Controller[]): WorldUnderTest {
  const clock = createClock('still', START);
  const store = createStore({ freezes: true });
  const events: SeenEvent[] = [];
  const failures: unknown[] = [];
  let uids = 0;

  const put = (resource: ResourceId, object: KubeObject) => store.put({ resource, object }).body.object();
  const machine: Machine = {
    clock,
    random: () => 0.25,
    get: <T extends KubeObject>(resource: ResourceId, namespace: string, name: string) =>
      store.get(resource, namespace, name)?.body.object() as T | undefined,
    list: <T extends KubeObject>(resource: ResourceId, namespace?: string) =>
      store.list(resource, namespace).map(({ body }) => body.object() as T),
    create: (resource, object) => put(resource, structuredClone(object)),
    modify<T extends KubeObject>(
      resource: ResourceId,
      namespace: string,
      name: string,
      change: (draft: T) => unknown,
    ): T | undefined {
      const current = store.get(resource, namespace, name)?.body.object() as T | undefined;
      if (current === undefined) return undefined;
      const draft = structuredClone(current);
      if (change(draft) === false || isDeepStrictEqual(draft, current)) return current;
      return put(resource, draft) as T;
    },
    delete(resource, namespace, name, options = {}) {
      const current = store.get(resource, namespace, name)?.body.object() as Pod | undefined;
      if (current === undefined) return;
      const scheduled = resource === 'pods' && (current.spec.nodeName ?? '') !== '';
      const grace = options.gracePeriodSeconds ?? (scheduled ? (current.spec.terminationGracePeriodSeconds ?? 30) : 0);
      if (grace === 0) {
        store.remove(resource, namespace, name);
        return;
      }
      const draft = structuredClone(current);
      draft.metadata.deletionTimestamp = new Date(clock.now() + grace * 1000).toISOString();
      draft.metadata.deletionGracePeriodSeconds = grace;
      put(resource, draft);
    },
    bind(namespace, name, node) {
      machine.modify<Pod>('pods', namespace, name, (draft) => {
        draft.spec.nodeName = node;
      });
    },
    event(about, type, reason, message) {
      events.push({ about: about.metadata.name, type, reason, message });
    },
    subscribe(resource, onEvent) {
      store.subscribe({ resource }, store.revision, onEvent);
    },
  };
  runControllers(controllers, {
    store,
    clock,
    machineOf: () => machine,
    onFailure: (_controller, _key, error) => failures.push(error),
  });
  return {
    clock,
    store,
    machine,
    events,
    failures,
    said: (name) => events.filter(({ about }) => about === name).map(({ reason, message }) => `${reason}: ${message}`),
    add(resource, object) {
      const draft = structuredClone(object) as KubeObject;
      draft.metadata.uid ??= `uid-${uids++}`;
      draft.metadata.generation ??= 1;
      put(resource, draft);
    },
    pod: (name, namespace = 'shop') => machine.get<Pod>('pods', namespace, name) ?? missing(name),
    pass: (seconds) => clock.advance(seconds * 1000),
  };
}

function missing(name: string): never {
  throw new Error(`there is no pod ${name}`);
}

export function nodeNamed(
  name: string,
  more: { cpu?: string; labels?: object; spec?: object; pods?: string } = {},
): object {
  const resources = { cpu: more.cpu ?? '4', memory: '8Gi', pods: more.pods ?? '110', 'ephemeral-storage': '50Gi' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...more.labels } },
    spec: { podCIDR: '10.0.1.0/24', ...more.spec },
    status: {
      allocatable: resources,
      capacity: resources,
      addresses: [{ type: 'InternalIP', address: '192.168.0.4' }],
    },
  };
}

export function podNamed(name: string, spec: object, metadata: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', ...metadata },
    spec: { restartPolicy: 'Always', terminationGracePeriodSeconds: 30, ...spec },
    status: { phase: 'Pending' },
  };
}
