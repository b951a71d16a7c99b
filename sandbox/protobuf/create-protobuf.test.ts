import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiFailure } from '../api/failure.ts';
import { createProtobuf } from './create-protobuf.ts';

const protobuf = createProtobuf();
const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'p',
    namespace: 'a',
    labels: { __proto__x: 'y', app: 'p' },
    creationTimestamp: '2026-01-01T00:00:00Z',
    ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'u', controller: true }],
  },
  spec: {
    containers: [
      {
        name: 'c',
        image: 'i',
        ports: [{ containerPort: 80, protocol: 'TCP' }],
        resources: { limits: { cpu: '1', memory: '1Gi' } },
        livenessProbe: { httpGet: { path: '/', port: 'http', scheme: 'HTTP' }, periodSeconds: 10 },
      },
    ],
    tolerations: [{ key: 'k', operator: 'Exists', tolerationSeconds: 300 }],
  },
  status: { phase: 'Running', podIPs: [{ ip: '10.0.0.1' }] },
};

test('an object comes back as it went', () => {
  expect(protobuf.decode('v1', 'Pod', protobuf.encode(POD)!)).toMatchObject(POD);
});

test('keys that mean something to JavaScript are keys', () => {
  const data = JSON.parse('{"__proto__":"a","constructor":"b"}');
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data };
  const back = protobuf.decode('v1', 'ConfigMap', protobuf.encode(map)!);
  expect(Object.entries(back['data'] as object)).toEqual(Object.entries(data));
});

function readsOrRefuses(kind: string, bytes: Buffer): void {
  try {
    protobuf.decode('v1', kind, bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(ApiFailure);
  }
}

test('of any bytes comes an object or a failure of the API', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => readsOrRefuses('Pod', Buffer.from(bytes))),
    {
      numRuns: 2000,
    },
  );
});

test('and of a message that was cut, changed and doubled', () => {
  const whole = protobuf.encode(POD)!;
  const place = fc.nat(whole.length - 1);
  fc.assert(
    fc.property(place, place, fc.nat(255), (cut, at, byte) => {
      const bytes = Buffer.concat([whole.subarray(0, cut), whole.subarray(at)]);
      if (bytes.length > 0) bytes[at % bytes.length] = byte;
      readsOrRefuses('Pod', bytes);
    }),
    { numRuns: 2000 },
  );
});
