import { describe, expect, it } from 'vitest';
import { conditionOf, first, kubeletWorld, on } from './kubelet-under-test.ts';
import type { KubeNode, Pod } from './pod-types.ts';
import { nodeNamed, podNamed } from './world-under-test.ts';

describe('a container that ends', () => {
  it('crashes in a loop with a growing back-off', () => {
    const at = kubeletWorld();
    at.add('pods', podNamed('web', on({ image: 'busybox', command: ['sh', '-c', 'echo no; exit 3'] })));
    at.pass(8);
    const { uid } = at.pod('web').metadata;
    expect(first(at, 'web')).toMatchObject({
      restartCount: 1,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: `back-off 10s restarting failed container=c pod=web_shop(${uid})`,
        },
      },
      lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    });
    expect(at.said('web')).toContain(`BackOff: Back-off restarting failed container c in pod web_shop(${uid})`);
    expect(at.pod('web').status?.phase).toBe('Running');
    at.pass(20);
    expect(first(at, 'web').state.waiting?.message).toContain('back-off 20s');
    at.pass(600);
    expect(first(at, 'web').state.waiting?.message).toContain('back-off 5m0s');
    expect(first(at, 'web').restartCount).toBe(7);
  });

  it('is killed for want of memory', () => {
    const at = kubeletWorld();
    const annotations = { 'sandbox.k8s-mcp.dev/memory': '200Mi' };
    at.add('pods', podNamed('web', on({ resources: { limits: { memory: '64Mi' } } }), { annotations }));
    at.pass(10);
    expect(first(at, 'web')).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
    });
  });

  it('succeeds or fails for good when it is not to be restarted', () => {
    const at = kubeletWorld();
    const once = (code: string) =>
      on({ image: 'busybox', command: ['sh', '-c', `exit ${code}`] }, { restartPolicy: 'Never' });
    at.add('pods', podNamed('good', once('0')));
    at.add('pods', podNamed('bad', once('2')));
    at.pass(10);
    expect(at.pod('good').status?.phase).toBe('Succeeded');
    expect(conditionOf(at, 'good', 'Ready')).toMatchObject({ status: 'False', reason: 'PodCompleted' });
    expect(first(at, 'good').state.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
    expect(at.pod('bad').status?.phase).toBe('Failed');
    expect(conditionOf(at, 'bad', 'Ready')).toMatchObject({ status: 'False', reason: 'PodFailed' });
  });

  it('fails with its pod when that has been active too long', () => {
    const at = kubeletWorld();
    at.add(
      'pods',
      podNamed(
        'job',
        on({ image: 'busybox', command: ['sleep', '600'] }, { restartPolicy: 'Never', activeDeadlineSeconds: 60 }),
      ),
    );
    at.pass(120);
    expect(at.pod('job').status).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    });
    expect(first(at, 'job').state.terminated?.exitCode).toBe(137);
  });
});

describe('init containers', () => {
  it('run in order before the others, sidecars beside them', () => {
    const at = kubeletWorld();
    const initContainers = [
      { name: 'proxy', image: 'nginx:1.27', restartPolicy: 'Always' },
      { name: 'migrate', image: 'busybox', command: ['sleep', '5'] },
    ];
    at.add('pods', podNamed('web', on({}, { initContainers })));
    at.pass(6);
    expect(at.pod('web').status?.phase).toBe('Pending');
    expect(conditionOf(at, 'web', 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [migrate]',
    });
    expect(first(at, 'web').state.waiting?.reason).toBe('PodInitializing');
    at.pass(10);
    expect(at.pod('web').status?.phase).toBe('Running');
    expect(at.pod('web').status?.initContainerStatuses).toMatchObject([
      { name: 'proxy', ready: true, started: true, state: { running: {} } },
      { name: 'migrate', ready: true, state: { terminated: { exitCode: 0, reason: 'Completed' } } },
    ]);
  });

  it('that fail keep the pod waiting', () => {
    const at = kubeletWorld();
    at.add('pods', podNamed('web', on({}, { initContainers: [{ name: 'i', image: 'busybox', command: ['false'] }] })));
    at.pass(12);
    expect(at.pod('web').status).toMatchObject({ phase: 'Pending' });
    expect(at.pod('web').status?.initContainerStatuses?.[0]?.state.waiting?.reason).toBe('CrashLoopBackOff');
  });
});

describe('services that an application needs', () => {
  const slice = (ready: boolean) => ({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'cart-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'cart' } },
    endpoints: [{ addresses: ['10.0.1.9'], conditions: { ready } }],
    ports: [{ name: '', port: 8080 }],
  });

  it('make it unready while they have no ready endpoint', () => {
    const at = kubeletWorld();
    at.add('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'cart', namespace: 'shop' },
      spec: { clusterIP: '10.96.0.7', ports: [{ port: 80 }] },
    });
    at.add('endpointslices.discovery.k8s.io', slice(true));
    const container = {
      image: 'ghcr.io/acme/front:v1',
      ports: [{ containerPort: 8080 }],
      env: [{ name: 'CART_ADDR', value: 'cart:80' }],
      readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 5 },
    };
    at.add('pods', podNamed('web', on(container)));
    at.pass(20);
    expect(first(at, 'web').ready).toBe(true);
    at.machine.modify('endpointslices.discovery.k8s.io', 'shop', 'cart-1', (draft) =>
      Object.assign(draft, slice(false)),
    );
    at.pass(20);
    expect(first(at, 'web').ready).toBe(false);
    expect(at.said('web')).toContain('Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503');
    at.machine.modify('endpointslices.discovery.k8s.io', 'shop', 'cart-1', (draft) =>
      Object.assign(draft, slice(true)),
    );
    at.pass(10);
    expect(first(at, 'web').ready).toBe(true);
  });
});

describe('the end of a pod', () => {
  it('stops its containers, then it is gone', () => {
    const at = kubeletWorld();
    at.add('pods', podNamed('web', on({})));
    at.pass(10);
    at.machine.delete('pods', 'shop', 'web');
    at.pass(0.1);
    expect(at.said('web')).toContain('Killing: Stopping container c');
    expect(at.store.get('pods', 'shop', 'web')).toBeDefined();
    at.pass(1);
    expect(at.store.get('pods', 'shop', 'web')).toBeUndefined();
    expect(at.failures).toEqual([]);
  });

  it('comes with SIGKILL for a program that ignores SIGTERM', () => {
    const at = kubeletWorld();
    at.add('pods', podNamed('web', on({ image: 'busybox', command: ['sleep', 'infinity'] })));
    at.pass(10);
    at.machine.delete('pods', 'shop', 'web');
    at.pass(29);
    expect(at.store.get('pods', 'shop', 'web')).toBeDefined();
    at.pass(2);
    expect(at.store.get('pods', 'shop', 'web')).toBeUndefined();
  });

  it('has a beginning only when its node is there', () => {
    const at = kubeletWorld();
    at.add('pods', podNamed('early', { ...on({}), nodeName: 'node-2' }));
    at.pass(5);
    expect(at.pod('early').status).toEqual({ phase: 'Pending' });
    at.add('nodes', nodeNamed('node-2'));
    at.pass(10);
    expect(first(at, 'early').ready).toBe(true);
  });

  it('does not come while its kubelet is stopped', () => {
    const at = kubeletWorld();
    at.add('pods', podNamed('web', on({})));
    at.pass(10);
    const stopped = { 'sandbox.k8s-mcp.dev/kubelet': 'stopped' };
    at.machine.modify('nodes', '', 'node-1', (node) => {
      node.metadata.annotations = stopped;
    });
    at.machine.delete('pods', 'shop', 'web');
    at.pass(120);
    expect(at.store.get('pods', 'shop', 'web')).toBeDefined();
    at.machine.modify('nodes', '', 'node-1', (node) => {
      node.metadata.annotations = {};
    });
    at.pass(2);
    expect(at.store.get('pods', 'shop', 'web')).toBeUndefined();
  });
});

describe('a node', () => {
  it('renews its lease, tells its conditions, and evicts under memory pressure', () => {
    const at = kubeletWorld();
    at.add('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-node-lease' } });
    at.add('pods', podNamed('greedy', on({})));
    at.pass(25);
    const lease = at.machine.get('leases.coordination.k8s.io', 'kube-node-lease', 'node-1');
    expect(lease?.['spec']).toEqual({
      holderIdentity: 'node-1',
      leaseDurationSeconds: 40,
      renewTime: '2026-03-01T10:00:20.000000Z',
    });
    const ready = () => at.machine.get<KubeNode>('nodes', '', 'node-1')?.status?.conditions;
    expect(ready()).toContainEqual(
      expect.objectContaining({
        type: 'Ready',
        status: 'True',
        reason: 'KubeletReady',
        message: 'kubelet is posting ready status',
      }),
    );
    at.machine.modify('nodes', '', 'node-1', (node) => {
      node.metadata.annotations = { 'sandbox.k8s-mcp.dev/pressure': 'memory' };
    });
    at.pass(15);
    expect(ready()).toContainEqual(
      expect.objectContaining({
        type: 'MemoryPressure',
        status: 'True',
        reason: 'KubeletHasInsufficientMemory',
        message: 'kubelet has insufficient memory available',
      }),
    );
    expect(at.pod('greedy').status).toMatchObject({ phase: 'Failed', reason: 'Evicted' });
    expect(at.pod('greedy').status?.message).toMatch(
      /^The node was low on resource: memory\. Threshold quantity: 100Mi, available: 87236Ki\. Container c was using \d+Ki, request is 0, has larger consumption of memory\. $/,
    );
    expect(conditionOf(at, 'greedy', 'DisruptionTarget')).toMatchObject({
      status: 'True',
      reason: 'TerminationByKubelet',
    });
    at.add('pods', podNamed('late', on({})));
    at.pass(2);
    expect(at.pod('late').status).toMatchObject({
      phase: 'Failed',
      reason: 'Evicted',
      message: 'Pod was rejected: The node had condition: [MemoryPressure]. ',
    });
  });
});

describe('an ephemeral container', () => {
  it('starts in the pod that runs, ends once, and the pod neither waits for it nor fails with it', () => {
    const at = kubeletWorld();
    at.add('pods', podNamed('web', on({})));
    at.pass(10);
    at.machine.modify<Pod>('pods', 'shop', 'web', (draft) => {
      draft.spec.ephemeralContainers = [{ name: 'look', image: 'busybox', command: ['sh', '-c', 'sleep 20; exit 3'] }];
    });
    at.pass(10);
    const look = () => at.pod('web').status?.ephemeralContainerStatuses?.[0];
    expect(look()).toMatchObject({ name: 'look', ready: false, state: { running: {} } });
    expect(look()).not.toHaveProperty('started');
    at.pass(60);
    expect(look()).toMatchObject({ restartCount: 0, state: { terminated: { exitCode: 3, reason: 'Error' } } });
    expect(at.pod('web').status?.phase).toBe('Running');
    expect(conditionOf(at, 'web', 'Ready')).toMatchObject({ status: 'True' });
  });
});
