import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../../sandbox/create-sandbox.ts';
import { createProtobuf } from '../../../sandbox/protobuf/create-protobuf.ts';
import { SHOP } from '../../../sandbox/shop/shop.ts';
import type { KubeObject as SandboxObject } from '../../../sandbox/types.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { masked } from '../testing/masked.ts';
import { Malformed } from '../watch/malformed.ts';
import type { WatchTarget } from '../watch/types.ts';
import { createDecoder } from './decode.ts';
import { type Field, fieldsOf, messageOfKind } from './messages.ts';
import { createObjectDecoder } from './object-decoder.ts';

const decoder = createDecoder();
const encoder = createProtobuf();
const encoded = (object: KubeObject) => encoder.encode(object as SandboxObject)!;

function target(apiVersion: string, kind: string, fields: readonly string[]): WatchTarget {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const names = { resource: 'things', singular: 'thing', shortNames: [], categories: [], verbs: [], subresources: [] };
  return { resource: { ...names, group, version, kind, namespaced: true, preferred: true }, depth: 'object', fields };
}

function decoded(apiVersion: string, kind: string, bytes: Buffer, fields: readonly string[]) {
  const objects = createObjectDecoder(decoder, target(apiVersion, kind, fields));
  const object = objects.object('', { bytes, at: 0 }, bytes.length);
  return { ...object, apiVersion, kind };
}

/** Every path of a document, without indexes, down to maps: a mask that names one of their keys gets all of them. */
function pathsOf(value: unknown, message: number | undefined, prefix = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, message, prefix));
  if (typeof value !== 'object' || value === null || message === undefined) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    if (prefix === '' && ['apiVersion', 'kind', 'metadata'].includes(key)) return [];
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const field = members(message).find(({ json }) => json === key);
    const inner = field?.shape !== 'map' && field?.type.is === 'message' ? field.type.message : undefined;
    return [path, ...pathsOf(member, inner, path)];
  });
}

function members(message: number): readonly Field[] {
  return fieldsOf(message).flatMap((field) =>
    field.shape === 'inline' && field.type.is === 'message' ? members(field.type.message) : [field],
  );
}

const topLevel = (object: KubeObject) =>
  Object.keys(object).filter((key) => !['apiVersion', 'kind', 'metadata'].includes(key));

describe('objects of a living cluster', () => {
  let sandbox: Sandbox;
  const found: { object: KubeObject; bytes: Buffer }[] = [];
  beforeAll(() => {
    sandbox = createSandbox({ world: SHOP, time: 'still' });
    for (const resource of sandbox.kinds.all()) {
      const snapshot = sandbox.store.at(resource.id, undefined, sandbox.store.revision);
      if (snapshot.kind !== 'ok') continue;
      for (const { body } of snapshot.versions) {
        const bytes = body.protobuf();
        if (bytes !== undefined) found.push({ object: body.object() as KubeObject, bytes });
      }
    }
  });
  afterAll(() => sandbox.stop());

  test('are in protobuf what they are in JSON', () => {
    const kinds = new Set<string>();
    for (const { object, bytes } of found) {
      const { apiVersion = '', kind = '' } = object;
      kinds.add(kind);
      const fields = topLevel(object);
      expect(decoded(apiVersion, kind, bytes, fields)).toEqual(masked(toldInProtobuf(object), fields));
    }
    expect(kinds.size).toBeGreaterThan(30);
  });

  test('have the fields of any mask, and no others', () => {
    fc.assert(
      fc.property(fc.nat(found.length - 1), fc.infiniteStream(fc.nat(5)), (index, dice) => {
        const { object, bytes } = found[index]!;
        const { apiVersion = '', kind = '' } = object;
        const { group, version } = target(apiVersion, kind, []).resource;
        const paths = [...new Set(pathsOf(object, messageOfKind({ group, version, kind })))];
        const some = paths.filter(() => dice.next().value === 0);
        const told = decoded(apiVersion, kind, bytes, some);
        expect(told).toEqual(masked(toldInProtobuf(object), some));
      }),
      { numRuns: 500 },
    );
  });
});

/** The two things that JSON of the sandbox says and protobuf cannot: types within claim templates, and a zero that JSON leaves out. */
function toldInProtobuf(object: KubeObject): KubeObject {
  const copy = structuredClone(object);
  const spec = copy['spec'] as Record<string, unknown> | undefined;
  if (copy.kind === 'StatefulSet') {
    for (const claim of (spec?.['volumeClaimTemplates'] ?? []) as KubeObject[]) {
      delete claim.apiVersion;
      delete claim.kind;
    }
  }
  if (copy.kind === 'APIService' && spec?.['group'] === '') delete spec['group'];
  return copy;
}

const POD: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'p',
    labels: JSON.parse('{"__proto__":"a","constructor":"b","ä":"🦆"}'),
    annotations: { keep: 'x'.repeat(300), 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    creationTimestamp: '2026-01-01T00:00:00Z',
    managedFields: [{ manager: 'm' }],
  },
  spec: { containers: [{ name: 'c', image: 'i' }], terminationGracePeriodSeconds: -3, priority: -2147483648 },
  status: { containerStatuses: [{ name: 'c', restartCount: 0, ready: false, image: '', imageID: '' }] },
};

test('keys that mean something to JavaScript are keys, managers and what was applied last are left out', () => {
  const pod = decoded('v1', 'Pod', encoded(POD), []);
  expect(Object.entries(pod.metadata?.labels ?? {})).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
    ['ä', '🦆'],
  ]);
  expect(Object.keys(pod.metadata?.annotations ?? {})).toEqual(['keep']);
  expect(pod.metadata).not.toHaveProperty('managedFields');
});

test('numbers below zero, and zeros that JSON writes', () => {
  const fields = ['spec.priority', 'spec.terminationGracePeriodSeconds', 'status.containerStatuses.restartCount'];
  expect(decoded('v1', 'Pod', encoded(POD), fields)).toMatchObject({
    spec: { priority: -2147483648, terminationGracePeriodSeconds: -3 },
    status: { containerStatuses: [{ restartCount: 0 }] },
  });
});

test('times to the microsecond, free JSON, and fields of either type', () => {
  const objects: KubeObject[] = [
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'l' },
      spec: { renewTime: '2026-01-01T00:00:00.000042Z', leaseDurationSeconds: 40 },
    },
    { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: { name: 'r' }, data: { a: [1, null] }, revision: 9 },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'b' },
      spec: { minAvailable: '50%', maxUnavailable: 1 },
    },
  ];
  for (const object of objects) {
    const { apiVersion = '', kind = '' } = object;
    expect(decoded(apiVersion, kind, encoded(object), topLevel(object))).toMatchObject(object);
  }
});

function readsOrRefuses(bytes: Buffer): void {
  try {
    decoded('v1', 'Pod', bytes, ['spec', 'status']);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(Malformed);
  }
}

test('of any bytes comes an object or a refusal', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => readsOrRefuses(Buffer.from(bytes))),
    {
      numRuns: 2000,
    },
  );
  const whole = encoded(POD);
  const place = fc.nat(whole.length - 1);
  fc.assert(
    fc.property(place, place, fc.nat(255), (cut, at, byte) => {
      const bytes = Buffer.concat([whole.subarray(0, cut), whole.subarray(at)]);
      if (bytes.length > 0) bytes[at % bytes.length] = byte;
      readsOrRefuses(bytes);
    }),
    { numRuns: 2000 },
  );
});
