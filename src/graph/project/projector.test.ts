import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Still, setStill } from '../../kernel/still.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { createIntern } from '../intern.ts';
import { RELATIONS } from '../relations/index.ts';
import { resourceOf } from '../testing.ts';
import { OWN_KINDS } from './index.ts';
import { masked } from './mask-under-test.ts';
import { createProjector } from './projector.ts';

const RUNS = 60;

const projector = createProjector(createIntern(), RELATIONS);
const kinds = [...OWN_KINDS.keys(), 'Widget.example.com', 'HTTPRoute.gateway.networking.k8s.io'];

function resource(kind: string) {
  const [name = '', ...group] = kind.split('.');
  return resourceOf({ apiVersion: group.length === 0 ? 'v1' : `${group.join('.')}/v1`, kind: name });
}

/** Words that objects hold, so that random objects come far into what reads them. */
const WORDS = [
  ...new Set(kinds.flatMap((kind) => projector.targetOf(resource(kind)).fields.flatMap((field) => field.split('.')))),
  '__proto__',
  'constructor',
];

const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom<unknown>(
      '',
      'x',
      'True',
      '5Gi',
      'x'.repeat(2_000),
      -1,
      3,
      1e308,
      Number.NaN,
      true,
      null,
      undefined,
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...WORDS), tie('value'), { maxKeys: 8 }),
  ),
})).value;

describe('projector', () => {
  it.each(kinds)('takes whatever comes as %s and says something of it', (kind) => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('metadata', 'spec', 'status', ...WORDS), anything), (object) => {
        // Deliberately no KubeObject: what a hostile server sends.
        const projected = projector.project(object as KubeObject, resource(kind));
        expect(projected.kind).toBe(kind);
        expect(typeof projected.health).toBe('string');
        for (const { reference } of projected.references) {
          if (reference.by !== 'selector') expect(reference.name.length).toBeLessThanOrEqual(512);
        }
        projector.event(object as KubeObject);
      }),
      { numRuns: RUNS },
    );
  });

  it.each(kinds)('says of %s, when only its status is new, what it says of what it never saw', (kind) => {
    const parts = fc.dictionary(fc.constantFrom('metadata', 'spec', ...WORDS), anything);
    fc.assert(
      fc.property(parts, anything, anything, (rest, before, after) => {
        const still = new Still();
        const told = (status: unknown): KubeObject => {
          // Deliberately no KubeObject, as above.
          const object = { ...rest, status } as KubeObject;
          setStill(object, still);
          return object;
        };
        const first = projector.project(told(before), resource(kind));
        const second = projector.project(told(after), resource(kind));
        const fresh = projector.project({ ...rest, status: after } as KubeObject, resource(kind));
        expect(second).toEqual({ ...fresh, again: true });
        if (kind === 'Pod') expect(second.references).toBe(first.references);
      }),
      { numRuns: RUNS },
    );
  });

  it.each(kinds)('reads of %s no field that it did not ask for', (kind) => {
    const { fields } = projector.targetOf(resource(kind));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('spec', 'status', ...WORDS), anything), (object) => {
        const whole = object as KubeObject;
        expect(projector.project(masked(whole, fields), resource(kind))).toEqual(
          projector.project(whole, resource(kind)),
        );
      }),
      { numRuns: RUNS / 10 },
    );
  });

  it('keeps no more than 2,000 references of one object', () => {
    const endpoints = Array.from({ length: 5_000 }, (_, index) => ({
      targetRef: { kind: 'Pod', name: `pod-${index}`, uid: `u${index}` },
      nodeName: `node-${index}`,
    }));
    const slice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { namespace: 'a', name: 'b' },
      endpoints,
    };
    expect(projector.project(slice, resourceOf(slice)).references).toHaveLength(2_000);
  });

  it('asks for metadata alone of Secrets and ConfigMaps, and keeps nothing of their data', () => {
    for (const kind of ['Secret', 'ConfigMap']) {
      expect(projector.targetOf(resource(kind))).toEqual({ depth: 'metadata', fields: [] });
      const object = {
        kind,
        metadata: { name: 'a', namespace: 'b' },
        data: { password: 'c2VjcmV0' },
        stringData: { a: 'c2VjcmV0' },
      };
      expect(JSON.stringify(projector.project(object, resource(kind)))).not.toContain('c2VjcmV0');
    }
  });

  it('puts an owner that is in no namespace into none', () => {
    const machines = createProjector(createIntern(), RELATIONS, {
      namespaced: (kind) => (kind === 'Machine.example.com' ? false : undefined),
    });
    const ownerReferences = [
      { apiVersion: 'v1', kind: 'Node', name: 'n1', uid: 'u1' },
      { apiVersion: 'example.com/v1', kind: 'Machine', name: 'm1', uid: 'u2' },
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r1', uid: 'u3' },
    ];
    const pod = { kind: 'Pod', metadata: { name: 'a', namespace: 'shop', ownerReferences } };
    const places = machines
      .project(pod, resource('Pod'))
      .references.map(({ reference }) => `${reference.kind} ${reference.namespace}`);
    expect(places).toEqual(['Node ', 'Machine.example.com ', 'ReplicaSet.apps shop']);
  });

  it('tells an Event of either group as the same story', () => {
    const story = {
      type: 'Warning',
      reason: 'BackOff',
      message: 'Back-off restarting',
      count: 7,
      first: Date.parse('2026-11-22T10:00:00Z'),
      last: Date.parse('2026-11-22T10:05:00Z'),
      source: 'kubelet',
      uid: 'e1',
      involved: { kind: 'Pod', namespace: 'shop', name: 'cart-1', uid: 'p1' },
    };
    const about = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'cart-1', uid: 'p1' };
    const common = { metadata: { name: 'a', uid: 'e1' }, type: 'Warning', reason: 'BackOff' };
    expect(
      projector.event({
        ...common,
        involvedObject: about,
        message: 'Back-off restarting',
        count: 7,
        firstTimestamp: '2026-11-22T10:00:00Z',
        lastTimestamp: '2026-11-22T10:05:00Z',
        source: { component: 'kubelet' },
      }),
    ).toEqual(story);
    expect(
      projector.event({
        ...common,
        regarding: about,
        note: 'Back-off restarting',
        eventTime: '2026-11-22T10:00:00Z',
        series: { count: 7, lastObservedTime: '2026-11-22T10:05:00Z' },
        reportingController: 'kubelet',
      }),
    ).toEqual(story);
    expect(projector.event({ ...common })).toBeUndefined();
  });
});
