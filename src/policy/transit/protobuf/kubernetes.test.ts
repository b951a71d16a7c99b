import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode, envelope, type Message } from '../../../../test/support/protobuf.ts';
import { decodeKubernetes, nameInProtobuf } from './kubernetes.ts';
import { MalformedProtobuf } from './wire.ts';

const META: Message = [
  [1, 'db'],
  [3, 'team-a'],
  [8, [[1, 1_767_225_600]]],
  [
    11,
    [
      [1, 'owner'],
      [2, 'helm'],
    ],
  ],
  [
    11,
    [
      [1, 'name'],
      [2, 'db'],
    ],
  ],
  [14, 'keep'],
];
const SECRET: Message = [
  [1, META],
  [
    2,
    [
      [1, 'release'],
      [2, 'H4sI'],
    ],
  ],
  [3, 'helm.sh/release.v1'],
  [5, true],
];

describe('protobuf bodies', () => {
  it('of Secrets become the JSON that the server would make of them', () => {
    expect(decodeKubernetes(envelope('v1', 'Secret', SECRET), 'Secret')).toEqual({
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: {
        name: 'db',
        namespace: 'team-a',
        creationTimestamp: '2026-01-01T00:00:00Z',
        labels: { owner: 'helm', name: 'db' },
        finalizers: ['keep'],
      },
      data: { release: 'SDRzSQ==' },
      type: 'helm.sh/release.v1',
      immutable: true,
    });
  });

  it('of DeleteOptions keep what decides: the dry run', () => {
    const options: Message = [
      [1, 0],
      [2, [[1, 'uid-1']]],
      [4, 'Background'],
      [5, 'All'],
    ];
    expect(decodeKubernetes(envelope('v1', 'DeleteOptions', options), 'DeleteOptions')).toEqual({
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      gracePeriodSeconds: 0,
      preconditions: { uid: 'uid-1' },
      propagationPolicy: 'Background',
      dryRun: ['All'],
    });
  });

  it('of Evictions say whether they are rehearsed', () => {
    const eviction: Message = [
      [1, [[1, 'web']]],
      [2, [[5, 'All']]],
    ];
    expect(decodeKubernetes(envelope('policy/v1', 'Eviction', eviction), 'Eviction')).toEqual({
      kind: 'Eviction',
      apiVersion: 'policy/v1',
      metadata: { name: 'web' },
      deleteOptions: { dryRun: ['All'] },
    });
  });

  it('leave the zero time out, and field sets as they are', () => {
    const metadata: Message = [
      [8, ''],
      [
        17,
        [
          [1, 'helm'],
          [7, [[1, '{"f:data":{}}']]],
        ],
      ],
    ];
    expect(decodeKubernetes(envelope('v1', 'Secret', [[1, metadata]]), 'Secret')).toEqual({
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { managedFields: [{ manager: 'helm', fieldsV1: { 'f:data': {} } }] },
    });
  });

  it.each<[string, Uint8Array]>([
    ['without their beginning', Buffer.from('{}')],
    ['of another kind', envelope('v1', 'Pod', SECRET)],
    ['with a field that is not known', envelope('v1', 'Secret', [...SECRET, [9, 'x']])],
    ['with a field twice', envelope('v1', 'Secret', [...SECRET, [3, 'Opaque']])],
    ['with metadata twice', envelope('v1', 'Secret', [...SECRET, [1, META]])],
    [
      'with a key twice',
      envelope('v1', 'Secret', [
        ...SECRET,
        [
          2,
          [
            [1, 'release'],
            [2, 'x'],
          ],
        ],
      ]),
    ],
    ['with text where a message should be', envelope('v1', 'Secret', [[1, 'x']])],
    ['with a number where text should be', envelope('v1', 'Secret', [[3, 7]])],
    ['cut off', envelope('v1', 'Secret', SECRET).subarray(0, 60)],
    ['with two objects in one envelope', Buffer.concat([envelope('v1', 'Secret', SECRET), encode([[2, '']])])],
    [
      'with a content encoding',
      Buffer.concat([
        Buffer.from('k8s\0'),
        encode([
          [1, [[2, 'Secret']]],
          [3, 'gzip'],
        ]),
      ]),
    ],
    ['with a fixed-width number', Buffer.concat([Buffer.from('k8s\0'), Uint8Array.of(0x0d, 1, 2, 3, 4)])],
  ])('%s are not read', (_, bytes) => {
    expect(() => decodeKubernetes(bytes, 'Secret')).toThrow(MalformedProtobuf);
  });

  it('say their name, of any kind, unless it could be read in two ways', () => {
    expect(
      nameInProtobuf(
        envelope('v1', 'Namespace', [
          [1, META],
          [2, 'spec'],
        ]),
      ),
    ).toEqual({ name: 'db' });
    expect(nameInProtobuf(envelope('v1', 'Pod', [[1, [[2, 'web-']]]]))).toEqual({ generateName: 'web-' });
    const twice = envelope('v1', 'Namespace', [
      [1, [[1, 'fine']]],
      [1, [[1, 'kube-system']]],
    ]);
    expect(() => nameInProtobuf(twice)).toThrow(MalformedProtobuf);
  });

  it('that are any bytes end in an error or an object, never in anything else', () => {
    const start = Buffer.from(envelope('v1', 'Secret', SECRET));
    fc.assert(
      fc.property(fc.nat(start.length - 1), fc.uint8Array({ maxLength: 20 }), (at, noise) => {
        const bytes = Buffer.concat([start.subarray(0, at), noise, start.subarray(at + noise.length)]);
        try {
          expect(decodeKubernetes(bytes, 'Secret').kind).toBe('Secret');
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(MalformedProtobuf);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
