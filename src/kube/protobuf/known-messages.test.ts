import { describe, expect, test } from 'vitest';
import { createProtobuf } from '../../../sandbox/protobuf/create-protobuf.ts';
import type { WatchTarget } from '../watch/types.ts';
import { createDecoder } from './decode.ts';
import { createObjectDecoder } from './object-decoder.ts';

const encoder = createProtobuf();
const names = { resource: 'pods', singular: 'pod', shortNames: [], categories: [], verbs: [], subresources: [] };
const TARGET: WatchTarget = {
  resource: { ...names, group: '', version: 'v1', kind: 'Pod', namespaced: true, preferred: true },
  depth: 'object',
  fields: ['spec.containers.name', 'spec.containers.image', 'spec.containers.env'],
};
const ENV = Array.from({ length: 20 }, (_, index) => ({ name: `SETTING_NUMBER_${index}`, value: `value-${index}` }));

function reader() {
  const decoder = createDecoder();
  return (name: string, image: string, mount: string) => {
    const spec = {
      containers: [{ name: 'web', image, env: ENV, volumeMounts: [{ name: mount, mountPath: '/var/run' }] }],
    };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec };
    const bytes = encoder.encode(pod as Parameters<typeof encoder.encode>[0])!;
    // A decoder for each, as each page of a list has one.
    const object = createObjectDecoder(decoder, TARGET).object('', { bytes, at: 0 }, bytes.length);
    return (object['spec'] as { containers: unknown[] }).containers[0];
  };
}

describe('containers of pods of one template', () => {
  test('are one object, whatever differs beside what is read', () => {
    const read = reader();
    const [first, second, third] = ['a', 'b', 'c'].map((name) => read(name, 'shop/web:1', `token-${name}`));
    expect([second === first, third === first]).toEqual([true, true]);
    expect(third).toEqual({ name: 'web', image: 'shop/web:1', env: ENV });
  });

  test('are told apart by one character of what is read', () => {
    const read = reader();
    const images = ['shop/web:1', 'shop/web:1', 'shop/web:2', 'shop/wab:1', 'shop/web:2', 'shop/web:1', 'shop/wab:1'];
    const seen = images.map((image, index) => read(`pod-${index}`, image, 'token'));
    expect(seen).toEqual(images.map((image) => ({ name: 'web', image, env: ENV })));
  });
});

describe('labels that are the same bytes', () => {
  const labels = {
    app: 'shop',
    tier: 'web',
    'pod-template-hash': 'fpljcvb4bd',
    region: 'eu-central-1',
    zone: 'eu-central-1b',
  };
  const entryOf = (key: string, value: string) => {
    const text = (number: number, of: string) =>
      Buffer.concat([Buffer.from([number * 8 + 2, of.length]), Buffer.from(of)]);
    const both = Buffer.concat([text(1, key), text(2, value)]);
    return Buffer.concat([Buffer.from([11 * 8 + 2, both.length]), both]);
  };
  /** Pods with these fields of their metadata. */
  const reader = () => {
    const decoder = createDecoder();
    return (...fields: readonly Buffer[]) => {
      const metadata = Buffer.concat(fields);
      const length = [(metadata.length & 127) | 128, metadata.length >> 7];
      const bytes = Buffer.concat([Buffer.from([1 * 8 + 2, ...length]), metadata]);
      return createObjectDecoder(decoder, TARGET).object('', { bytes, at: 0 }, bytes.length).metadata;
    };
  };
  const all = Object.entries(labels).map(([key, value]) => entryOf(key, value));
  const name = Buffer.concat([Buffer.from([1 * 8 + 2, 1]), Buffer.from('a')]);

  test('are one object, whatever stands beside them', () => {
    const read = reader();
    const [, second, third] = [read(...all), read(...all, name), read(name, ...all)];
    expect(third?.labels).toBe(second?.labels);
    expect(third).toEqual({ name: 'a', labels });
  });

  test('are told apart by one character', () => {
    const read = reader();
    const other = all.with(2, entryOf('pod-template-hash', 'fpljcvb4be'));
    const seen = [all, all, other, other, all, other].map((fields) => read(...fields)?.labels);
    const changed = { ...labels, 'pod-template-hash': 'fpljcvb4be' };
    expect(seen).toEqual([labels, labels, changed, changed, labels, changed]);
  });

  test('are all read where they do not follow each other, and stay what they are for other objects', () => {
    const read = reader();
    for (let time = 0; time < 2; time++) read(...all);
    expect(read(...all, name, entryOf('more', 'yes'), name, entryOf('and', 'more'))?.labels).toEqual({
      ...labels,
      more: 'yes',
      and: 'more',
    });
    expect(read(...all)?.labels).toEqual(labels);
  });
});

test('a message that is cut off is not taken for one that was read', () => {
  const decoder = createDecoder();
  const container = (env: Buffer) =>
    Buffer.concat([Buffer.from([1 * 8 + 2, 3]), Buffer.from('web'), ...Array.from({ length: 40 }, () => env)]);
  const read = (env: Buffer) => {
    const one = container(env);
    const spec = Buffer.concat([Buffer.from([2 * 8 + 2, (one.length & 127) | 128, one.length >> 7]), one]);
    const pod = Buffer.concat([Buffer.from([2 * 8 + 2, (spec.length & 127) | 128, spec.length >> 7]), spec]);
    return createObjectDecoder(decoder, TARGET).object('', { bytes: pod, at: 0 }, pod.length)['spec'];
  };
  // An entry whose name is longer than the entry.
  const broken = Buffer.from([7 * 8 + 2, 10, 1 * 8 + 2, 20, 1, 1, 1, 1, 1, 1, 1, 1]);
  for (let time = 0; time < 3; time++) expect(() => read(broken)).toThrow('ends beyond what surrounds it');
});
