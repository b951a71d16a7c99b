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
    const [, second, third] = ['a', 'b', 'c'].map((name) => read(name, 'shop/web:1', `token-${name}`));
    expect(third).toBe(second);
    expect(third).toEqual({ name: 'web', image: 'shop/web:1', env: ENV });
  });

  test('are told apart by one character of what is read', () => {
    const read = reader();
    const images = ['shop/web:1', 'shop/web:1', 'shop/web:2', 'shop/wab:1', 'shop/web:2', 'shop/web:1', 'shop/wab:1'];
    const seen = images.map((image, index) => read(`pod-${index}`, image, 'token'));
    expect(seen).toEqual(images.map((image) => ({ name: 'web', image, env: ENV })));
  });
});
