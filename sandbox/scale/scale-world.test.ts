import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createReader } from '../api/create-reader.ts';
import { createClock } from '../clock.ts';
import { createSandbox, type Sandbox } from '../create-sandbox.ts';
import { createKinds } from '../kinds/create-kinds.ts';
import { createProtobuf } from '../protobuf/create-protobuf.ts';
import { createStore } from '../store/create-store.ts';
import type { Store, Version } from '../store/types.ts';
import type { KubeObject } from '../types.ts';
import type { ScaleOptions } from './options.ts';
import { scaleWorld } from './scale-world.ts';
import { danglingReferences } from './test-references.ts';

const SMALL: ScaleOptions = { nodes: 24, pods: 500, services: 40, others: 900, churnPerSecond: 0, seed: 7 };
const NOW = Date.UTC(2026, 10, 21, 12);

/** Only what the generator makes, at a fixed time. */
function generated(options: ScaleOptions): { store: Store; advance(ms: number): void } {
  const store = createStore({ startRevision: 1_000_000_000 });
  const clock = createClock('still', NOW);
  scaleWorld(options).fill?.({ store, clock, kinds: createKinds(), random: Math.random });
  return { store, advance: (ms) => clock.advance(ms) };
}

const resources = createKinds()
  .all()
  .map(({ id }) => id)
  .concat('ownerships.platform.example.com');
const everything = (store: Store): Version[] => resources.flatMap((id) => store.list(id));
const text = ({ resource, body }: Version) => `${resource} ${body.json()}`;

function withoutKind({ apiVersion: _, kind: __, ...rest }: KubeObject) {
  return rest;
}

/** In protobuf a time that is not known is nothing, and what stands in another object has no kind of its own. */
function asProtobufHas(object: KubeObject): KubeObject {
  return JSON.parse(JSON.stringify(object), (key, value) => {
    if (key !== 'volumeClaimTemplates') return value ?? undefined;
    return (value as KubeObject[]).map(withoutKind);
  });
}

describe('a generated world', () => {
  test('is the same for the same seed, before and after it has changed for a while', () => {
    const options = { ...SMALL, churnPerSecond: 200 };
    const [one, two, other] = [generated(options), generated(options), generated({ ...options, seed: 8 })];
    expect(everything(one.store).map(text)).toEqual(everything(two.store).map(text));
    one.advance(20_000);
    two.advance(20_000);
    expect(one.store.revision).toBeGreaterThan(1_000_005_000);
    expect(everything(one.store).map(text)).toEqual(everything(two.store).map(text));
    expect(everything(other.store).map(text)).not.toEqual(everything(two.store).map(text));
  });

  test('has the numbers that were asked for', () => {
    const { store } = generated(SMALL);
    const slices = store.count('endpointslices.discovery.k8s.io');
    expect(store.count('nodes')).toBe(24);
    expect(store.count('pods')).toBe(500);
    expect(store.count('services')).toBe(40);
    expect(everything(store).length - 24 - 500 - 40 - slices).toBe(900);
  });

  test('gives bytes that say what its objects say, in JSON and in protobuf', () => {
    const { store, advance } = generated({ ...SMALL, churnPerSecond: 300 });
    const protobuf = createProtobuf();
    const seen = new Map<string, Version>();
    for (const id of resources)
      store.subscribe({ resource: id }, store.revision, ({ version }) => seen.set(String(version.revision), version));
    for (const version of everything(store)) seen.set(String(version.revision), version);
    advance(10_000);
    expect(seen.size).toBeGreaterThan(4_000);
    // A sample of what there is and of what happened; all of it takes too long.
    for (const [index, version] of [...seen.values()].entries()) {
      if (index % 5 !== 0) continue;
      const object = version.body.object();
      expect(version.body.json().toString()).toBe(JSON.stringify(withoutKind(object)));
      expect(object.metadata).toMatchObject({
        name: version.name,
        uid: version.uid,
        resourceVersion: String(version.revision),
      });
      expect(object.metadata.namespace ?? '').toBe(version.namespace);
      expect(object.metadata.labels ?? {}).toEqual(version.labels);
      const bytes = version.body.protobuf();
      if (object.kind === 'Ownership') expect(bytes).toBeUndefined();
      else {
        const encoded = protobuf.encode(object);
        expect(bytes !== undefined && encoded?.equals(bytes)).toBe(true);
        expect(protobuf.decode(object.apiVersion, object.kind, bytes ?? Buffer.alloc(0))).toEqual(
          asProtobufHas(object),
        );
      }
    }
  }, 60_000);

  test('answers selectors from what its objects hold', () => {
    const { store } = generated(SMALL);
    for (const { body } of store.list('pods')) {
      const pod = body.object() as KubeObject & { spec: Record<string, unknown>; status: Record<string, unknown> };
      expect(body.field?.('spec.nodeName')).toBe(pod.spec['nodeName'] ?? '');
      expect(body.field?.('status.phase')).toBe(pod.status['phase']);
      expect(body.field?.('status.podIP')).toBe(pod.status['podIP'] ?? '');
      expect(body.field?.('spec.restartPolicy')).toBe(pod.spec['restartPolicy']);
      expect(body.field?.('spec.serviceAccountName')).toBe(pod.spec['serviceAccountName']);
      expect(body.field?.('spec.hostNetwork')).toBe(String(pod.spec['hostNetwork'] ?? false));
    }
  });

  test('has pods that do not run, of every kind, but few', () => {
    const { store } = generated({ ...SMALL, nodes: 300, pods: 6_000 });
    const reasons = store.list('pods').map(({ body }) => JSON.stringify(body.object()['status']));
    const share = (word: string) => reasons.filter((reason) => reason.includes(word)).length / reasons.length;
    for (const word of ['CrashLoopBackOff', 'ImagePullBackOff', 'Unschedulable']) {
      expect(share(word)).toBeGreaterThan(0);
      expect(share(word)).toBeLessThan(0.02);
    }
  });
});

describe('in a sandbox', () => {
  let sandbox: Sandbox;
  beforeAll(() => {
    sandbox = createSandbox({ world: scaleWorld({ ...SMALL, churnPerSecond: 200 }), time: 'still' });
  });
  afterAll(() => sandbox.stop());

  test('every reference leads somewhere, at the start and after a thousand changes', () => {
    const ids = sandbox.kinds.all().map(({ id }) => id);
    expect(danglingReferences(sandbox.store, ids, true)).toEqual([]);
    sandbox.clock.advance(30_000);
    expect(danglingReferences(sandbox.store, ids, false).filter((problem) => !isUnderway(problem))).toEqual([]);
  });

  test('a paged list shows each pod once, whatever happens between its pages', () => {
    const { store, clock, kinds } = sandbox;
    const reader = createReader({ store, clock, kinds });
    const resource = kinds.byId('pods');
    if (resource === undefined) throw new Error('there are pods');
    const before = store.list('pods').map(text);
    const pages: string[] = [];
    let token: string | undefined;
    do {
      const answer = reader.list(
        { resource, version: 'v1' },
        { limit: '100', ...(token === undefined ? {} : { continue: token }) },
      );
      pages.push(...answer.versions.map(text));
      token = answer.continue;
      clock.advance(500);
    } while (token !== undefined);
    expect(pages).toEqual(before);
    expect(store.list('pods').map(text)).not.toEqual(before);
  });
});

/** Numbers of ReplicaSets follow a write or two later, as those of real controllers do. */
function isUnderway(problem: string): boolean {
  return /^(ReplicaSet|Service) /.test(problem);
}
