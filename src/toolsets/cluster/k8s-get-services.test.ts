import { expect, test } from 'vitest';
import { memoryCluster } from '../../../test/support/memory-view.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { operation } from './k8s-get-services.ts';

function service(name: string, spec: object, status: object = {}): KubeObject {
  const metadata = { name, namespace: 'default', creationTimestamp: '2026-01-09T00:00:00Z' };
  return { apiVersion: 'v1', kind: 'Service', metadata, spec, status };
}

const SERVICES = [
  service('web', {
    type: 'ClusterIP',
    clusterIP: '10.0.0.1',
    selector: { app: 'web' },
    ports: [{ port: 80 }, { port: 53, protocol: 'UDP' }],
  }),
  service(
    'edge',
    { type: 'LoadBalancer', clusterIP: '10.0.0.2', ports: [{ port: 443, nodePort: 30443 }] },
    { loadBalancer: { ingress: [{ hostname: 'lb.example.com' }] } },
  ),
  service('waiting', { type: 'LoadBalancer', clusterIP: '10.0.0.3' }),
  service('out', { type: 'ExternalName', externalName: 'db.example.com' }),
];

test('services with their addresses, ports and selectors', async () => {
  const { text } = await memoryCluster({ objects: SERVICES }).call(operation, {});
  expect(text).toBe(
    [
      '4 services in namespace default',
      'NAME TYPE CLUSTER-IP EXTERNAL-IP PORTS AGE SELECTOR',
      'web ClusterIP 10.0.0.1 - 80/TCP,53/UDP 24h app=web',
      'edge LoadBalancer 10.0.0.2 lb.example.com 443:30443/TCP 24h -',
      'waiting LoadBalancer 10.0.0.3 <pending> - 24h -',
      'out ExternalName - db.example.com - 24h -',
    ].join('\n'),
  );
});

test('one service by name is a field selector', async () => {
  const { text, requests } = await memoryCluster({ objects: SERVICES }).call(operation, { name: 'web' });
  expect(requests).toEqual(['list services default fieldSelector=metadata.name=web limit=1000']);
  expect(text.split('\n')[0]).toBe('1 service in namespace default');
});
