/** How traffic comes in, with which certificates, and who deploys: the rest of the platform. */
import type { KubeObject } from '../../types.ts';
import { budget, clusterRole, configMap, may, mayRead, role, secret, service, tlsSecret } from '../build/around.ts';
import { object } from '../build/meta.ts';
import { http, tcp } from '../build/pods.ts';
import { component, PLATFORM, platformMeta } from './components.ts';

const INGRESS_IMAGE = 'registry.k8s.io/ingress-nginx/controller:v1.14.0';
const WRITE = ['create', 'update', 'patch', 'delete'];

const INGRESS: readonly KubeObject[] = [
  ...clusterRole(platformMeta('ingress-controller', 'edge'), [
    mayRead('', 'services', 'endpoints', 'secrets', 'nodes'),
    mayRead('networking.k8s.io', 'ingresses', 'ingressclasses'),
    may(['update'], 'networking.k8s.io', 'ingresses/status'),
  ]),
  configMap(platformMeta('ingress-controller', 'edge'), { 'use-forwarded-headers': 'true', 'proxy-body-size': '8m' }),
  ...component({
    name: 'ingress-controller',
    component: 'edge',
    version: '1.14.0',
    replicas: 2,
    image: INGRESS_IMAGE,
    args: ['/nginx-ingress-controller', '--ingress-class=public'],
    ports: { http: 80, https: 443, metrics: 10254 },
    cpu: '200m',
    memory: '192Mi',
    memoryLimit: '384Mi',
    ready: http('/healthz', {}, 'metrics'),
    live: http('/healthz', { initialDelaySeconds: 10 }, 'metrics'),
    serves: { http: 80, https: 443 },
    serviceSpec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local' },
    podSpec: { priorityClassName: 'system-cluster-critical' },
  }),
  budget(platformMeta('ingress-controller', 'edge'), { minAvailable: 1 }),
];

const CERTIFICATES: readonly KubeObject[] = [
  ...clusterRole(platformMeta('cert-manager', 'certificates'), [
    mayRead('certs.k8s-mcp.dev', 'certificates'),
    may([...WRITE, 'get', 'list', 'watch'], '', 'secrets'),
  ]),
  ...component({
    name: 'cert-manager',
    component: 'certificates',
    version: '1.19.1',
    image: 'quay.io/jetstack/cert-manager-controller:v1.19.1',
    ports: { metrics: 9402 },
    cpu: '50m',
    memory: '64Mi',
    memoryLimit: '192Mi',
    live: tcp('metrics', { initialDelaySeconds: 10 }),
  }),
  ...component({
    name: 'cert-manager-webhook',
    component: 'certificates',
    version: '1.19.1',
    image: 'quay.io/jetstack/cert-manager-webhook:v1.19.1',
    ports: { https: 10250 },
    cpu: '50m',
    memory: '48Mi',
    memoryLimit: '128Mi',
    ready: tcp('https'),
    serves: { https: 443 },
  }),
  object(
    'admissionregistration.k8s.io/v1',
    'ValidatingWebhookConfiguration',
    { name: 'certificates.platform.example', namespace: '' },
    {
      webhooks: [
        {
          name: 'check.certificates.platform.example',
          clientConfig: {
            service: { name: 'cert-manager-webhook', namespace: PLATFORM, path: '/validate', port: 443 },
          },
          rules: [
            {
              apiGroups: ['certs.k8s-mcp.dev'],
              apiVersions: ['v1'],
              operations: ['CREATE', 'UPDATE'],
              resources: ['certificates'],
            },
          ],
          failurePolicy: 'Ignore',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          timeoutSeconds: 5,
        },
      ],
    },
  ),
  certificate('grafana', PLATFORM, 'grafana.shop.example'),
  certificate('storefront', 'shop', 'www.shop.example'),
  certificate('api', 'shop', 'api.shop.example'),
];

/** One that was issued: its Secret is there, and its status says so. */
function certificate(name: string, namespace: string, host: string): KubeObject {
  return object(
    'certs.k8s-mcp.dev/v1',
    'Certificate',
    { name, namespace },
    {
      spec: { secretName: `${name}-tls`, dnsNames: [host], issuer: 'shop-ca', renewBeforeDays: 30 },
      status: {
        notAfter: '2027-02-01T00:00:00Z',
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: 'Ready',
            message: 'Certificate is up to date and has not expired',
            lastTransitionTime: '2026-11-03T09:00:00Z',
          },
        ],
      },
    },
  );
}

const DELIVERY: readonly KubeObject[] = [
  ...clusterRole(platformMeta('external-secrets', 'secrets'), [may([...WRITE, 'get', 'list', 'watch'], '', 'secrets')]),
  ...component({
    name: 'external-secrets',
    component: 'secrets',
    version: '0.20.4',
    image: 'ghcr.io/external-secrets/external-secrets:v0.20.4',
    ports: { metrics: 8080 },
    cpu: '50m',
    memory: '64Mi',
    memoryLimit: '192Mi',
    ready: tcp('metrics'),
  }),
  secret(platformMeta('deployer-repository', 'delivery'), {
    url: 'https://git.shop.example/platform/cluster',
    token: 'made-up-for-the-sandbox',
  }),
  ...clusterRole(platformMeta('deployer', 'delivery'), [
    may(['*'], 'apps', '*'),
    may(['*'], '', 'services', 'configmaps', 'secrets'),
  ]),
  ...role(platformMeta('deployer-leader', 'delivery'), [
    may(['get', 'create', 'update'], 'coordination.k8s.io', 'leases'),
  ]),
  ...component({
    name: 'deployer',
    component: 'delivery',
    version: '3.2.1',
    image: 'quay.io/argoproj/argocd:v3.2.1',
    args: ['argocd-application-controller'],
    ports: { metrics: 8082 },
    env: {
      REPOSITORY: { secret: ['deployer-repository', 'url'] },
      REPOSITORY_TOKEN: { secret: ['deployer-repository', 'token'] },
    },
    cpu: '150m',
    memory: '192Mi',
    memoryLimit: '512Mi',
    ready: tcp('metrics'),
  }),
];

export const EDGE: readonly KubeObject[] = [
  tlsSecret(platformMeta('grafana-tls', 'certificates'), 'grafana.shop.example'),
  service({ name: 'ingress-metrics', namespace: PLATFORM, of: 'ingress-controller', ports: { metrics: 10254 } }),
  ...INGRESS,
  ...CERTIFICATES,
  ...DELIVERY,
];
