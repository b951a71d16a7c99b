/** For tests: discovery documents in the shapes that API servers send. */
import type { ApiResource } from '../types.ts';

const ALL = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

interface Given {
  short?: string[];
  singular?: string;
  cluster?: boolean;
  subs?: string[];
  categories?: string[];
  verbs?: string[];
}

export function aggregatedResource(resource: string, kind: string, given: Given = {}) {
  return {
    resource,
    responseKind: { group: '', version: '', kind },
    scope: given.cluster ? 'Cluster' : 'Namespaced',
    singularResource: given.singular ?? kind.toLowerCase(),
    verbs: given.verbs ?? ALL,
    ...(given.short ? { shortNames: given.short } : {}),
    ...(given.categories ? { categories: given.categories } : {}),
    ...(given.subs
      ? {
          subresources: given.subs.map((subresource) => ({
            subresource,
            responseKind: { group: '', version: '', kind },
            verbs: ['get'],
          })),
        }
      : {}),
  };
}

type Version = { version: string; freshness?: string; resources: unknown[] };

export function aggregated(groups: Record<string, Version[]>) {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: Object.entries(groups).map(([name, versions]) => ({
      metadata: name === '' ? { creationTimestamp: null } : { name, creationTimestamp: null },
      versions: versions.map((version) => ({ freshness: 'Current', ...version })),
    })),
  };
}

export const CORE = aggregated({
  '': [
    {
      version: 'v1',
      resources: [
        aggregatedResource('pods', 'Pod', { short: ['po'], subs: ['log', 'status', 'exec'], categories: ['all'] }),
        aggregatedResource('services', 'Service', { short: ['svc'], subs: ['status'], categories: ['all'] }),
        aggregatedResource('events', 'Event', { short: ['ev'] }),
        aggregatedResource('nodes', 'Node', { short: ['no'], cluster: true }),
        aggregatedResource('namespaces', 'Namespace', { short: ['ns'], cluster: true }),
        aggregatedResource('secrets', 'Secret'),
      ],
    },
  ],
});

export const NAMED_GROUPS: Record<string, Version[]> = {
  apps: [
    {
      version: 'v1',
      resources: [
        aggregatedResource('deployments', 'Deployment', {
          short: ['deploy'],
          subs: ['scale', 'status'],
          categories: ['all'],
        }),
      ],
    },
  ],
  'events.k8s.io': [{ version: 'v1', resources: [aggregatedResource('events', 'Event', { short: ['ev'] })] }],
  'networking.k8s.io': [{ version: 'v1', resources: [aggregatedResource('ingresses', 'Ingress', { short: ['ing'] })] }],
  extensions: [{ version: 'v1beta1', resources: [aggregatedResource('ingresses', 'Ingress', { short: ['ing'] })] }],
  autoscaling: [
    {
      version: 'v2',
      resources: [aggregatedResource('horizontalpodautoscalers', 'HorizontalPodAutoscaler', { short: ['hpa'] })],
    },
    {
      version: 'v1',
      resources: [
        aggregatedResource('horizontalpodautoscalers', 'HorizontalPodAutoscaler', { short: ['hpa'] }),
        aggregatedResource('oldscalers', 'OldScaler'),
      ],
    },
  ],
  'metrics.k8s.io': [
    {
      version: 'v1beta1',
      resources: [
        aggregatedResource('pods', 'PodMetrics', { singular: '', verbs: ['get', 'list'] }),
        aggregatedResource('nodes', 'NodeMetrics', { singular: '', cluster: true, verbs: ['get', 'list'] }),
      ],
    },
  ],
  'cert-manager.io': [
    { version: 'v1', resources: [aggregatedResource('certificates', 'Certificate', { short: ['cert'] })] },
  ],
  'networking.internal.knative.dev': [
    { version: 'v1alpha1', resources: [aggregatedResource('certificates', 'Certificate')] },
  ],
  'serving.knative.dev': [
    { version: 'v1', resources: [aggregatedResource('services', 'Service', { short: ['kservice'] })] },
  ],
};

export const NAMED = aggregated(NAMED_GROUPS);

export function resource(given: Partial<ApiResource> & { kind: string; resource: string }): ApiResource {
  return {
    group: '',
    version: 'v1',
    singular: given.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: ALL,
    subresources: [],
    preferred: true,
    ...given,
  };
}

export const PODS = resource({ kind: 'Pod', resource: 'pods', subresources: ['log'] });
export const SECRETS = resource({ kind: 'Secret', resource: 'secrets' });
export const NAMESPACES = resource({ kind: 'Namespace', resource: 'namespaces', namespaced: false });
export const NODES = resource({ kind: 'Node', resource: 'nodes', namespaced: false });
export const DEPLOYMENTS = resource({
  group: 'apps',
  kind: 'Deployment',
  resource: 'deployments',
  subresources: ['scale', 'status'],
});
