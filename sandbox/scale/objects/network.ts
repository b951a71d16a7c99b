/** Services with their EndpointSlices, Ingresses and NetworkPolicies. */
import type { App, LivePod, LiveService, LiveSlice } from '../plan/types.ts';
import type { Identity, Recipe } from '../stamp/bodies.ts';
import { hostAddress, nodeName, podAddress, timeText, zoneOf } from '../stamp/texts.ts';
import type { Place } from '../stamp/values.ts';
import { managed } from './managed-fields.ts';
import { controlledBy, metadata } from './meta.ts';
import { commonLabels, portOf, selectorLabels } from './pod-spec.ts';

export const SERVICE: Recipe<LiveService> = {
  resource: 'services',
  identity: ({ app, name, uid }) => ({ namespace: app.namespace, name, uid, labels: commonLabels(app) }),
  field: ({ clusterIP, headless }, path) =>
    path === 'spec.clusterIP' ? (headless ? 'None' : clusterIP) : path === 'spec.type' ? 'ClusterIP' : undefined,
  make({ app, name, uid, created, headless, clusterIP }, revision) {
    const address = headless ? 'None' : clusterIP;
    const labels = commonLabels(app);
    const set = {
      ports: [
        { name: 'http', protocol: 'TCP', port: 80, targetPort: 'http' },
        { name: 'metrics', protocol: 'TCP', port: 9090, targetPort: 'metrics' },
      ],
      selector: selectorLabels(app),
      type: 'ClusterIP',
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
    };
    const { ports, selector, type, ...rest } = set;
    return {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata({
        name,
        namespace: app.namespace,
        uid,
        revision,
        created: timeText(created),
        labels,
        managedFields: [managed('helm', 'v1', timeText(created), { metadata: { labels }, spec: set })],
      }),
      spec: {
        ports,
        selector,
        clusterIP: address,
        clusterIPs: [address],
        type,
        ...rest,
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
      },
      status: { loadBalancer: {} },
    };
  },
};

/** A pod as a slice shows it. */
export interface Endpoint {
  pod: Pick<LivePod, 'name' | 'uid'>;
  place: Place;
  ready: boolean;
  terminating: boolean;
}

export interface SliceSource {
  service: LiveService;
  slice: Pick<LiveSlice, 'name' | 'uid'>;
  generation: number;
  changed: number;
  endpoints: readonly Endpoint[];
}

function sliceIdentity({ service, slice }: SliceSource): Identity {
  return { namespace: service.app.namespace, name: slice.name, uid: slice.uid, labels: sliceLabels(service) };
}

function sliceLabels({ app, name, headless }: LiveService): Record<string, string> {
  return {
    ...commonLabels(app),
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    'kubernetes.io/service-name': name,
    ...(headless ? { 'service.kubernetes.io/headless': '' } : {}),
  };
}

export const ENDPOINT_SLICE: Recipe<SliceSource> = {
  resource: 'endpointslices.discovery.k8s.io',
  identity: sliceIdentity,
  make(source, revision) {
    const { service, slice, generation, changed, endpoints } = source;
    const { app } = service;
    const labels = sliceLabels(service);
    const annotations = { 'endpoints.kubernetes.io/last-change-trigger-time': timeText(changed) };
    const owners = [controlledBy('v1', 'Service', service.name, service.uid)];
    const generateName = `${service.name}-`;
    const members = {
      addressType: 'IPv4',
      endpoints: endpoints.map((endpoint) => endpointOf(app, endpoint)),
      ports: [
        { name: 'http', protocol: 'TCP', port: portOf(app) },
        { name: 'metrics', protocol: 'TCP', port: 9090 },
      ],
    };
    return {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: metadata({
        name: slice.name,
        generateName,
        namespace: app.namespace,
        uid: slice.uid,
        revision,
        generation,
        created: timeText(service.created),
        labels,
        annotations,
        owners,
        managedFields: [
          managed('kube-controller-manager', 'discovery.k8s.io/v1', timeText(changed), {
            metadata: { annotations, generateName, labels, ownerReferences: owners },
            ...members,
          }),
        ],
      }),
      ...members,
    };
  },
};

function endpointOf(app: App, { pod, place, ready, terminating }: Endpoint) {
  return {
    addresses: [app.ofNodes ? hostAddress(place.node) : podAddress(place.slot)],
    conditions: { ready, serving: ready || terminating, terminating },
    targetRef: { kind: 'Pod', namespace: app.namespace, name: pod.name, uid: pod.uid },
    nodeName: nodeName(place.node),
    zone: zoneOf(place.node),
  };
}

export interface IngressSource {
  service: LiveService;
  uid: string;
  secretUid: string;
}

const hostOf = ({ app }: LiveService) => `${app.name}.${app.namespace}.example.com`;
const tlsName = ({ app }: LiveService) => `${app.name}-tls`;

export const INGRESS: Recipe<IngressSource> = {
  resource: 'ingresses.networking.k8s.io',
  identity: ({ service: { app }, uid }) => ({
    namespace: app.namespace,
    name: app.name,
    uid,
    labels: commonLabels(app),
  }),
  make({ service, uid }, revision) {
    const { app } = service;
    const labels = commonLabels(app);
    const created = timeText(service.created);
    const host = hostOf(service);
    const backend = { service: { name: service.name, port: { name: 'http' } } };
    const spec = {
      ingressClassName: 'nginx',
      tls: [{ hosts: [host], secretName: tlsName(service) }],
      rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
    };
    const status = { loadBalancer: { ingress: [{ ip: '172.21.0.10' }] } };
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: metadata({
        name: app.name,
        namespace: app.namespace,
        uid,
        revision,
        generation: 1,
        created,
        labels,
        annotations: { 'cert-manager.io/cluster-issuer': 'public' },
        managedFields: [
          managed('helm', 'networking.k8s.io/v1', created, { metadata: { labels }, spec }),
          managed('nginx-ingress-controller', 'networking.k8s.io/v1', created, { status }, 'status'),
        ],
      }),
      spec,
      status,
    };
  },
};

const CERTIFICATE = Buffer.from('-----BEGIN CERTIFICATE-----\ngenerated\n-----END CERTIFICATE-----\n').toString(
  'base64',
);
const KEY = Buffer.from('generated, and no key').toString('base64');

export const INGRESS_SECRET: Recipe<IngressSource> = {
  resource: 'secrets',
  identity: ({ service, secretUid }) => ({
    namespace: service.app.namespace,
    name: tlsName(service),
    uid: secretUid,
    labels: commonLabels(service.app),
  }),
  field: (_, path) => (path === 'type' ? 'kubernetes.io/tls' : undefined),
  make({ service, secretUid }, revision) {
    const { app } = service;
    const labels = commonLabels(app);
    const created = timeText(service.created);
    const members = { data: { 'tls.crt': CERTIFICATE, 'tls.key': KEY }, type: 'kubernetes.io/tls' };
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: metadata({
        name: tlsName(service),
        namespace: app.namespace,
        uid: secretUid,
        revision,
        created,
        labels,
        managedFields: [managed('cert-manager', 'v1', created, { metadata: { labels }, ...members })],
      }),
      ...members,
    };
  },
};
