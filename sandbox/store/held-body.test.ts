import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../types.ts';
import { heldBody, restamped } from './held-body.ts';

const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  spec: { nodeName: 'n' },
  metadata: { labels: { a: 'é' }, uid: 'u', resourceVersion: '7', namespace: 'ns', name: 'p' },
  status: {},
};

describe('a held body', () => {
  it('prints metadata first, in the order of the real server, and neither apiVersion nor kind', () => {
    expect(heldBody(pod).json().toString()).toBe(
      '{"metadata":{"name":"p","namespace":"ns","uid":"u","resourceVersion":"7","labels":{"a":"é"}},' +
        '"spec":{"nodeName":"n"},"status":{}}',
    );
  });

  it('is encoded once, whoever asks', () => {
    let encoded = 0;
    const body = heldBody(pod, () => {
      encoded++;
      return undefined;
    });
    expect(body.json()).toBe(body.json());
    expect([body.protobuf(), body.protobuf(), encoded]).toEqual([undefined, undefined, 1]);
  });

  it('can have another resourceVersion, and keeps its own', () => {
    const body = heldBody(pod, (object) => Buffer.from(object.metadata.resourceVersion ?? ''));
    const later = restamped(body, 9);
    expect(later.object()).toEqual({ ...pod, metadata: { ...pod.metadata, resourceVersion: '9' } });
    expect(later.json().toString()).toContain('"resourceVersion":"9"');
    expect(later.protobuf()?.toString()).toBe('9');
    expect(body.object().metadata.resourceVersion).toBe('7');
  });
});
