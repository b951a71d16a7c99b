import { describe, expect, it } from 'vitest';
import { createTestWorld, type TestWorld } from './test-world.ts';

const pod = (name: string) => ({
  metadata: { name, labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'web', ports: [{ name: 'http', containerPort: 8080 }] }] },
});
const service = (more: object = {}) => ({
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }], ...more },
});
const slices = (world: TestWorld) => world.user.list('endpointslices.discovery.k8s.io', 'shop');

describe('the endpoints of a Service', () => {
  it('are its pods, ready or not', () => {
    const world = createTestWorld();
    world.apply('services', service());
    expect(slices(world)).toMatchObject([{ endpoints: null, ports: null, addressType: 'IPv4' }]);
    world.apply('pods', pod('a'));
    expect(slices(world)).toMatchObject([
      {
        metadata: {
          labels: {
            'kubernetes.io/service-name': 'web',
            'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
          },
        },
        ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
        endpoints: [
          { conditions: { ready: true, serving: true, terminating: false }, targetRef: { kind: 'Pod', name: 'a' } },
        ],
      },
    ]);
    expect(world.user.get('endpoints', 'shop', 'web')?.['subsets']).toMatchObject([
      { addresses: [{ targetRef: { name: 'a' } }], ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] },
    ]);
    world.user.delete('services', 'shop', 'web');
    world.clock.advance(0);
    expect(slices(world)).toEqual([]);
    expect(world.user.get('endpoints', 'shop', 'web')).toBeUndefined();
    expect(world.failures).toEqual([]);
  });

  it('come in slices of a hundred', () => {
    const world = createTestWorld();
    for (let i = 0; i < 150; i++) world.apply('pods', pod(`p-${i}`));
    world.apply('services', service());
    expect(
      slices(world)
        .map((slice) => (slice['endpoints'] as unknown[]).length)
        .toSorted(),
    ).toEqual([100, 50]);
  });
});

it('gives a Service of type LoadBalancer an address, and takes it away', () => {
  const world = createTestWorld();
  world.apply('services', service({ type: 'LoadBalancer' }));
  world.pass(5_000);
  expect(world.user.get('services', 'shop', 'web')?.['status']).toEqual({
    loadBalancer: { ingress: [{ ip: '203.0.113.10', ipMode: 'VIP' }] },
  });
  expect(world.events('web')).toEqual([
    'Normal EnsuringLoadBalancer Ensuring load balancer',
    'Normal EnsuredLoadBalancer Ensured load balancer',
  ]);
  world.user.delete('services', 'shop', 'web');
  world.clock.advance(0);
  expect(world.user.get('services', 'shop', 'web')).toBeUndefined();
});

it('gives Ingresses the address of the Service that their class publishes, and only those', () => {
  const world = createTestWorld();
  world.apply('services', service({ type: 'LoadBalancer' }));
  const ingressClass = (name: string, annotations: Record<string, string>) =>
    world.apply('ingressclasses.networking.k8s.io', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name, annotations },
      spec: { controller: 'example.test/ingress' },
    });
  ingressClass('answered', { 'sandbox.k8s-mcp.dev/publish-service': 'shop/web' });
  ingressClass('unanswered', {});
  for (const name of ['answered', 'unanswered']) {
    world.apply('ingresses.networking.k8s.io', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, namespace: 'shop' },
      spec: { ingressClassName: name, defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
    });
  }
  const status = (name: string) => world.user.get('ingresses.networking.k8s.io', 'shop', name)?.['status'];
  world.pass(5_000);
  expect(status('answered')).toEqual({ loadBalancer: { ingress: [{ ip: '203.0.113.10' }] } });
  expect(status('unanswered')).toEqual({ loadBalancer: {} });
  world.user.delete('services', 'shop', 'web');
  world.pass(1_000);
  expect(status('answered')).toEqual({ loadBalancer: {} });
});
