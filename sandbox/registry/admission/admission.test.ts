import { describe, expect, it } from 'vitest';
import { recordAt } from '../json.ts';
import { failureOf, POD_SPEC, testRegistry } from '../test-registry.ts';

describe('a new pod', () => {
  it('runs as the default service account with its token, tolerates sick nodes for five minutes and has a priority', () => {
    const { create } = testRegistry();
    const pod = create('pods', { metadata: { name: 'p' }, spec: POD_SPEC });
    const spec = recordAt(pod, 'spec');
    const name = expect.stringMatching(/^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(spec).toMatchObject({
      serviceAccountName: 'default',
      serviceAccount: 'default',
      priority: 0,
      preemptionPolicy: 'PreemptLowerPriority',
      containers: [
        {
          volumeMounts: [{ name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
        },
      ],
      tolerations: [
        { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
        { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      ],
    });
    expect(spec['volumes']).toEqual([
      {
        name,
        projected: {
          defaultMode: 420,
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
            {
              downwardAPI: {
                items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
              },
            },
          ],
        },
      },
    ]);
  });

  it('takes pull secrets and the wish for no token from its account', () => {
    const { create } = testRegistry();
    create('serviceaccounts', {
      metadata: { name: 'sa' },
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: 'reg' }],
    });
    const spec = recordAt(
      create('pods', { metadata: { name: 'p' }, spec: { ...POD_SPEC, serviceAccountName: 'sa' } }),
      'spec',
    );
    expect(spec['imagePullSecrets']).toEqual([{ name: 'reg' }]);
    expect(spec['volumes']).toBeUndefined();
  });

  it.each([
    [
      { serviceAccountName: 'nosa' },
      'pods "p" is forbidden: error looking up service account default/nosa: serviceaccount "nosa" not found',
    ],
    [{ priorityClassName: 'nopc' }, 'pods "p" is forbidden: no PriorityClass with name nopc was found'],
    [
      { priority: 5 },
      'pods "p" is forbidden: the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
    ],
    [{ runtimeClassName: 'nope' }, 'pods "p" is forbidden: pod rejected: RuntimeClass "nope" not found'],
  ])('is refused with %j', (more, message) => {
    const { create } = testRegistry();
    const failure = failureOf(() => create('pods', { metadata: { name: 'p' }, spec: { ...POD_SPEC, ...more } }));
    expect(failure).toMatchObject({ code: 403, reason: 'Forbidden', message });
  });

  it('has the number of its priority class', () => {
    const { create } = testRegistry();
    const spec = { ...POD_SPEC, priorityClassName: 'system-node-critical' };
    expect(create('pods', { metadata: { name: 'p' }, spec })).toMatchObject({ spec: { priority: 2_000_001_000 } });
  });
});

describe('limit ranges', () => {
  const limits = [
    { type: 'Container', default: { cpu: '500m', memory: '1Gi' }, defaultRequest: { cpu: '100m' }, max: { cpu: '1' } },
    { type: 'Pod', max: { memory: '2Gi' } },
    { type: 'PersistentVolumeClaim', max: { storage: '1Gi' } },
  ];
  const ranged = () => {
    const test = testRegistry();
    test.create('limitranges', { metadata: { name: 'l' }, spec: { limits } });
    return test;
  };

  it('give containers what they do not name, and say so', () => {
    const { create } = ranged();
    const pod = create('pods', { metadata: { name: 'p' }, spec: POD_SPEC });
    expect(pod.metadata.annotations).toEqual({
      'kubernetes.io/limit-ranger':
        'LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit for container c',
    });
    expect(pod).toMatchObject({
      spec: {
        containers: [
          { resources: { limits: { cpu: '500m', memory: '1Gi' }, requests: { cpu: '100m', memory: '1Gi' } } },
        ],
      },
      status: { qosClass: 'Burstable' },
    });
  });

  it('refuse what is out of bounds, all of it at once', () => {
    const { create } = ranged();
    const sized = (resources: object) => ({ containers: [{ name: 'c', image: 'i', resources }] });
    const pod = { metadata: { name: 'p' }, spec: sized({ limits: { cpu: '2', memory: '3Gi' } }) };
    expect(failureOf(() => create('pods', pod)).message).toBe(
      'pods "p" is forbidden: [maximum cpu usage per Container is 1, but limit is 2, maximum memory usage per Pod is 2Gi, but limit is 3Gi]',
    );
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } };
    expect(failureOf(() => create('persistentvolumeclaims', { metadata: { name: 'c' }, spec })).message).toBe(
      'persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 2Gi',
    );
  });
});

describe('resource quotas', () => {
  function counted(hard: Record<string, string>, used: Record<string, string>) {
    const test = testRegistry();
    test.create('resourcequotas', { metadata: { name: 'q' }, spec: { hard } });
    test.patch('resourcequotas', 'q', { status: { hard, used } }, 'status');
    return test;
  }
  const pod = (resources: object) => ({
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', image: 'i', resources }] },
  });

  it('count what they let through', () => {
    const { create, get } = counted({ 'count/configmaps': '2' }, { 'count/configmaps': '1' });
    create('configmaps', { metadata: { name: 'a' } }, { dryRun: true });
    create('configmaps', { metadata: { name: 'a' } });
    expect(get('resourcequotas', 'q')).toMatchObject({ status: { used: { 'count/configmaps': '2' } } });
    expect(failureOf(() => create('configmaps', { metadata: { name: 'b' } }))).toMatchObject({
      code: 403,
      message:
        'configmaps "b" is forbidden: exceeded quota: q, requested: count/configmaps=1, used: count/configmaps=2, limited: count/configmaps=2',
    });
  });

  it('demand that what they limit is named, and tell all that is too much', () => {
    const hard = { pods: '2', 'requests.cpu': '1', 'limits.memory': '1Gi' };
    const { create } = counted(hard, { pods: '1', 'requests.cpu': '100m', 'limits.memory': '1Gi' });
    expect(failureOf(() => create('pods', pod({}))).message).toBe(
      'pods "p" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: c',
    );
    expect(
      failureOf(() => create('pods', pod({ requests: { cpu: '1500m' }, limits: { memory: '2Gi' } }))).message,
    ).toBe(
      'pods "p" is forbidden: exceeded quota: q, requested: limits.memory=2Gi,requests.cpu=1500m, used: limits.memory=1Gi,requests.cpu=100m, limited: limits.memory=1Gi,requests.cpu=1',
    );
  });

  it('know node ports and storage, on updates too', () => {
    const hard = { 'services.nodeports': '0', 'requests.storage': '1Gi' };
    const { create, patch } = counted(hard, { 'services.nodeports': '0', 'requests.storage': '0' });
    create('services', { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } });
    expect(failureOf(() => patch('services', 's', { spec: { type: 'NodePort' } })).message).toBe(
      'services "s" is forbidden: exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=0, limited: services.nodeports=0',
    );
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } };
    expect(failureOf(() => create('persistentvolumeclaims', { metadata: { name: 'c' }, spec })).message).toBe(
      'persistentvolumeclaims "c" is forbidden: exceeded quota: q, requested: requests.storage=2Gi, used: requests.storage=0, limited: requests.storage=1Gi',
    );
  });

  it('that were never counted let nothing through', () => {
    const { create, patch } = testRegistry();
    create('resourcequotas', { metadata: { name: 'q' }, spec: { hard: { pods: '1' } } });
    patch('resourcequotas', 'q', { status: { hard: { pods: '1' } } }, 'status');
    expect(failureOf(() => create('pods', pod({}))).message).toBe(
      'pods "p" is forbidden: status unknown for quota: q, resources: pods',
    );
  });
});

describe('other admission', () => {
  it('protects volumes and claims in use, taints new nodes, and names default classes', () => {
    const { create } = testRegistry();
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    const mark = { 'storageclass.kubernetes.io/is-default-class': 'true' };
    create('storageclasses.storage.k8s.io', { metadata: { name: 'std', annotations: mark }, provisioner: 'x.y/z' });
    const claim = create('persistentvolumeclaims', { metadata: { name: 'c' }, spec });
    expect(claim.metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
    expect(claim).toMatchObject({ spec: { storageClassName: 'std' } });
    expect(create('nodes', { metadata: { name: 'n' } })).toMatchObject({
      spec: { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] },
    });
  });

  it('lets one priority class be the default', () => {
    const { create } = testRegistry();
    create('priorityclasses.scheduling.k8s.io', { metadata: { name: 'a' }, value: 5, globalDefault: true });
    expect(create('pods', { metadata: { name: 'p' }, spec: POD_SPEC })).toMatchObject({
      spec: { priority: 5, priorityClassName: 'a' },
    });
    const second = { metadata: { name: 'b' }, value: 6, globalDefault: true };
    expect(failureOf(() => create('priorityclasses.scheduling.k8s.io', second)).message).toBe(
      'priorityclasses.scheduling.k8s.io "b" is forbidden: PriorityClass a is already marked as default. Only one default can exist',
    );
  });
});
