import { describe, expect, it } from 'vitest';
import { created, createFindings, updateFindings } from './test-objects.ts';

const object = (apiVersion: string, kind: string, rest: object) => ({
  apiVersion,
  kind,
  metadata: { name: 'thing', namespace: 'shop' },
  ...rest,
});
const RBAC = 'rbac.authorization.k8s.io';

describe('defaults', () => {
  it('a Service of type ClusterIP routes inside the cluster', () => {
    const made = created('services', object('v1', 'Service', { spec: { ports: [{ port: 80 }] } }));
    expect(made).toMatchObject({
      spec: {
        type: 'ClusterIP',
        sessionAffinity: 'None',
        internalTrafficPolicy: 'Cluster',
        ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      },
      status: { loadBalancer: {} },
    });
  });

  it('a Secret folds its texts into its data', () => {
    const made = created('secrets', object('v1', 'Secret', { data: { a: 'YQ==' }, stringData: { a: 'b', c: 'd' } }));
    expect(made).toMatchObject({ type: 'Opaque', data: { a: 'Yg==', c: 'ZA==' } });
    expect(made).not.toHaveProperty('stringData');
  });

  it('a Namespace is active, finalized by the cluster, and labelled by its name', () => {
    expect(created('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'shop' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  });

  it('a Role without rules has null for them', () => {
    expect(created(`roles.${RBAC}`, object(`${RBAC}/v1`, 'Role', { rules: [] }))['rules']).toBeNull();
  });

  it('an autoscaler without metrics looks at CPU', () => {
    const spec = { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' } };
    const made = created(
      'horizontalpodautoscalers.autoscaling',
      object('autoscaling/v2', 'HorizontalPodAutoscaler', { spec }),
    );
    const target = { type: 'Utilization', averageUtilization: 80 };
    expect(made).toMatchObject({
      spec: { minReplicas: 1, metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] },
    });
    expect(made['status']).toEqual({ desiredReplicas: 0, currentMetrics: null });
  });

  it('an Event has null for the times that it has not', () => {
    const event = object('v1', 'Event', { involvedObject: { kind: 'Pod', name: 'web', namespace: 'shop' } });
    expect(created('events', event)).toMatchObject({ eventTime: null, firstTimestamp: null, lastTimestamp: null });
  });

  it('a CustomResourceDefinition derives its names and keeps its stored version', () => {
    const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }];
    const spec = { group: 'shop.example.com', scope: 'Namespaced', names: { plural: 'carts', kind: 'Cart' }, versions };
    const definition = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { spec });
    expect(created('customresourcedefinitions.apiextensions.k8s.io', definition)).toMatchObject({
      spec: { conversion: { strategy: 'None' }, names: { singular: 'cart', listKind: 'CartList' } },
      status: { acceptedNames: { plural: '', kind: '' }, conditions: null, storedVersions: ['v1'] },
    });
  });
});

describe('findings', () => {
  it.each<[string, string, string, object, string[]]>([
    ['services', 'v1', 'Service', { spec: {} }, ['spec.ports: Required value']],
    [
      'services',
      'v1',
      'Service',
      { spec: { type: 'Magic', ports: [{ port: 80 }] } },
      [
        'spec.type: Unsupported value: "Magic": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
      ],
    ],
    [
      'configmaps',
      'v1',
      'ConfigMap',
      { data: { 'a b': 'x' } },
      [
        `data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
      ],
    ],
    [
      'configmaps',
      'v1',
      'ConfigMap',
      { data: { big: 'x'.repeat(1_048_577) } },
      ['[]: Too long: may not be more than 1048576 bytes'],
    ],
    [
      'secrets',
      'v1',
      'Secret',
      { type: 'kubernetes.io/tls' },
      ['data[tls.crt]: Required value', 'data[tls.key]: Required value'],
    ],
    [
      'persistentvolumeclaims',
      'v1',
      'PersistentVolumeClaim',
      { spec: {} },
      [
        'spec.accessModes: Required value: at least 1 access mode is required',
        'spec.resources[storage]: Required value',
      ],
    ],
    [
      'poddisruptionbudgets.policy',
      'policy/v1',
      'PodDisruptionBudget',
      { spec: { minAvailable: 1, maxUnavailable: 1 } },
      [
        'spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
      ],
    ],
    [
      `roles.${RBAC}`,
      `${RBAC}/v1`,
      'Role',
      { rules: [{}] },
      [
        'rules[0].verbs: Required value: verbs must contain at least one value',
        'rules[0].apiGroups: Required value: resource rules must supply at least one api group',
        'rules[0].resources: Required value: resource rules must supply at least one resource',
      ],
    ],
    [
      'ingresses.networking.k8s.io',
      'networking.k8s.io/v1',
      'Ingress',
      { spec: { rules: [{ http: { paths: [{ path: 'x', pathType: 'Prefix', backend: {} }] } }] } },
      [
        'spec.rules[0].http.paths[0].path: Invalid value: "x": must be an absolute path',
        'spec.rules[0].http.paths[0].backend: Invalid value: "": resource or service backend is required',
      ],
    ],
    [
      'resourcequotas',
      'v1',
      'ResourceQuota',
      { spec: { hard: { pods: '1500m' } } },
      ['spec.hard[pods]: Invalid value: "1500m": must be an integer'],
    ],
  ])('%s: %s %s %j', (resource, apiVersion, kind, rest, expected) => {
    expect(createFindings(resource, object(apiVersion, kind, rest))).toEqual(expected);
  });

  it('the role of a binding stays', () => {
    const binding = object(`${RBAC}/v1`, 'RoleBinding', { roleRef: { kind: 'Role', name: 'reader' } });
    const change = (now: { roleRef?: { name: string } }) => {
      now.roleRef!.name = 'writer';
    };
    expect(updateFindings(`rolebindings.${RBAC}`, binding, change)).toEqual([
      `roleRef: Invalid value: {"APIGroup":"${RBAC}","Kind":"Role","Name":"writer"}: cannot change roleRef`,
    ]);
  });

  it('an immutable ConfigMap stays as it is', () => {
    const change = (now: { data?: { a: string } }) => {
      now.data!.a = 'c';
    };
    expect(
      updateFindings('configmaps', object('v1', 'ConfigMap', { immutable: true, data: { a: 'b' } }), change),
    ).toEqual(['data: Forbidden: field is immutable when `immutable` is set']);
  });

  it('a claim that is not bound keeps its size, shown as a diff', () => {
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    const change = (now: { spec?: { resources: { requests: { storage: string } } } }) => {
      now.spec!.resources.requests.storage = '2Gi';
    };
    expect(updateFindings('persistentvolumeclaims', object('v1', 'PersistentVolumeClaim', { spec }), change)).toEqual([
      'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n' +
        '@@ -6,7 +6,7 @@\n  "Resources": {\n   "Limits": null,\n   "Requests": {\n-   "storage": "1Gi"\n+   "storage": "2Gi"\n   }\n  },\n  "VolumeName": "",\n',
    ]);
  });
});
