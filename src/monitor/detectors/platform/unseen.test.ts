/** What may not be listed is not missing. */
import { describe, expect, it } from 'vitest';
import { graphOf } from '../../../graph/testing.ts';
import type { KindKey } from '../../../graph/types.ts';
import type { KubeObject } from '../../../kernel/vocabulary.ts';
import { look } from '../harness.ts';
import { PLATFORM_DETECTORS } from './index.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const meta = (name: string, namespace?: string) => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
  creationTimestamp: '2026-11-22T10:00:00Z',
});

const OBJECTS: KubeObject[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta('cart', 'shop'),
    spec: { selector: { app: 'cart' }, ports: [{ port: 80 }] },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: meta('shop', 'shop'),
    spec: {
      ingressClassName: 'nginx',
      tls: [{ secretName: 'shop-tls' }],
      defaultBackend: { service: { name: 'cart', port: { number: 80 } } },
      rules: [{ http: { paths: [{ path: '/', backend: { service: { name: 'gone', port: { number: 80 } } } }] } }],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: meta('policy'),
    webhooks: [{ name: 'a.example.com', clientConfig: { service: { namespace: 'security', name: 'policy' } } }],
  },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta('operator', 'shop') },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: meta('operator', 'shop'), rules: [] },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: meta('data', 'shop'),
    spec: { storageClassName: 'fast', volumeName: 'pv-1' },
    status: { phase: 'Bound' },
  },
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: meta('cart', 'shop'),
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' } },
  },
];

const HIDDEN: readonly KindKey[] = [
  'Pod',
  'Deployment.apps',
  'Secret',
  'IngressClass.networking.k8s.io',
  'StorageClass.storage.k8s.io',
  'PersistentVolume',
  'RoleBinding.rbac.authorization.k8s.io',
  'ClusterRoleBinding.rbac.authorization.k8s.io',
];

describe('kinds that may not be listed', () => {
  it('are not taken for missing', () => {
    const objects = OBJECTS.map((object) =>
      object.kind === 'Ingress' ? { ...object, spec: { ...(object['spec'] as object), rules: [] } } : object,
    );
    const services = { Service: { state: 'forbidden', reason: 'may not list' } } as const;
    const states = Object.fromEntries(HIDDEN.map((kind) => [kind, services.Service]));
    expect(
      look(PLATFORM_DETECTORS, graphOf(objects, { states: { ...states, ...services } }).view, NOW, 0).map(
        ({ detector }) => detector,
      ),
    ).toEqual([]);
  });

  it('are missing where they may be listed', () => {
    const found = look(PLATFORM_DETECTORS, graphOf(OBJECTS).view, NOW, 0).map(({ detector }) => detector);
    expect(new Set(found)).toEqual(
      new Set([
        'hpa-broken',
        'ingress-backend-missing',
        'ingress-class-missing',
        'ingress-tls-secret-missing',
        'service-no-endpoints',
        'webhook-unavailable',
      ]),
    );
  });
});
