import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createProtobuf } from '../../../sandbox/protobuf/create-protobuf.ts';
import type { KubeObject as SandboxObject } from '../../../sandbox/types.ts';
import { stillOf } from '../../kernel/still.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { createDecoder } from './decode.ts';
import { messageOfKind } from './messages.ts';
import { planOf } from './plan.ts';

const encoder = createProtobuf();
const message = messageOfKind({ group: '', version: 'v1', kind: 'Pod' }) ?? 0;
const plan = planOf(message, ['spec.nodeName', 'spec.containers.name', 'spec.containers.image', 'status.phase']);

interface Telling {
  uid: string;
  version: string;
  label: string;
  image: string;
  phase: string;
}

function pod({ uid, version, label, image, phase }: Telling): Buffer {
  const at = '2026-01-02T03:04:05Z';
  const managed = {
    manager: phase,
    operation: 'Update',
    apiVersion: 'v1',
    time: at,
    fieldsType: 'FieldsV1',
    fieldsV1: {},
  };
  return encoder.encode({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...{
        name: `pod-${uid}`,
        namespace: 'a',
        uid,
        resourceVersion: version,
        creationTimestamp: at,
        labels: { label },
      },
      managedFields: [managed],
    },
    spec: { nodeName: 'n', containers: [{ name: 'main', image }] },
    status: { phase },
  } as unknown as SandboxObject)!;
}

const read = (into: ReturnType<typeof createDecoder>['into'], bytes: Buffer): KubeObject =>
  into({}, plan, { bytes, at: 0 }, bytes.length);
/** Without what it carries beside its fields. */
const fields = (object: KubeObject) => structuredClone(object);

const telling = fc.record({
  uid: fc.constantFrom('u1', 'u2', 'u3'),
  version: fc.constantFrom('1', '22', '333'),
  label: fc.constantFrom('', 'p', 'q'),
  image: fc.constantFrom('i:1', 'i:2', 'longer:1'),
  phase: fc.constantFrom('Pending', 'Running'),
});

describe('objects that are told of again', () => {
  test('are what they are when they are told of once', () => {
    fc.assert(
      fc.property(fc.array(telling, { maxLength: 40 }), (tellings) => {
        const decoder = createDecoder();
        for (const one of tellings)
          expect(fields(read(decoder.again, pod(one)))).toEqual(read(createDecoder().into, pod(one)));
      }),
      { seed: 909 },
    );
  });

  test('have one spec and one metadata while only their status and version change', () => {
    const { again } = createDecoder();
    const first: Telling = { uid: 'u', version: '1', label: 'p', image: 'i:1', phase: 'Pending' };
    const pending = read(again, pod(first));
    const running = read(again, pod({ ...first, version: '2', phase: 'Running' }));
    expect(running).toMatchObject({ metadata: { resourceVersion: '2' }, status: { phase: 'Running' } });
    expect(pending).toMatchObject({ metadata: { resourceVersion: '1' }, status: { phase: 'Pending' } });
    expect(stillOf(running)).toBeDefined();
    expect(stillOf(running)).toBe(stillOf(pending));
    expect(running['spec']).toBe(pending['spec']);
    const relabelled = read(again, pod({ ...first, version: '3', label: 'q' }));
    expect(stillOf(relabelled)).not.toBe(stillOf(pending));
    const upgraded = read(again, pod({ ...first, version: '4', label: 'q', image: 'i:2' }));
    expect(stillOf(upgraded)).not.toBe(stillOf(relabelled));
    // Another object, whatever it has in common with the first.
    expect(stillOf(read(again, pod({ ...first, uid: 'v', image: 'i:2' })))).not.toBe(stillOf(upgraded));
  });

  test('are forgotten when there is no room for them, and right again when they come back', () => {
    const { again } = createDecoder();
    const image = 'x'.repeat(20_000);
    const tell = (index: number, phase: string) =>
      read(again, pod({ uid: `u${index}`, version: `${index}`, label: 'p', image: `${image}${index}`, phase }));
    // Each at once again, so that they are worth keeping: more of them than 2 MB hold.
    for (let index = 0; index < 300; index++) {
      const first = tell(index, 'Pending');
      expect(stillOf(tell(index, 'Running'))).toBe(stillOf(first));
    }
    for (let index = 0; index < 300; index++)
      expect(tell(index, 'Failed')).toMatchObject({
        metadata: { uid: `u${index}` },
        spec: { containers: [{ image: `${image}${index}` }] },
        status: { phase: 'Failed' },
      });
  });

  test('are not kept where none of them comes again, but for some, by which it is known when they do', () => {
    const { again } = createDecoder();
    const tell = (uid: string, phase: string) =>
      read(again, pod({ uid, version: '1', label: 'p', image: 'i:1', phase }));
    for (let index = 0; index < 1000; index++) tell(`u${index}`, 'Pending');
    const kept = Array.from({ length: 800 }, (_, index) => stillOf(tell(`v${index}`, 'Pending')));
    expect(kept.filter((still) => still !== undefined)).toHaveLength(100);
    for (let round = 0; round < 3; round++) for (let index = 0; index < 800; index++) tell(`v${index}`, 'Running');
    for (let index = 0; index < 100; index++) expect(stillOf(tell(`w${index}`, 'Pending'))).toBeDefined();
  });
});
