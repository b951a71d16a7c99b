import { describe, expect, it } from 'vitest';
import { createKubelet } from './create-kubelet.ts';
import type { ContainerStatus, KubeNode } from './pod-types.ts';
import { nodeNamed, podNamed, type WorldUnderTest, worldUnderTest } from './world-under-test.ts';

function world(): WorldUnderTest {
  const made = worldUnderTest(createKubelet().controllers);
  made.add('nodes', nodeNamed('node-1'));
  return made;
}

const on = (container: object, spec: object = {}) => ({
  nodeName: 'node-1',
  containers: [{ name: 'c', image: 'nginx:1.27', ...container }],
  ...spec,
});
const first = (of: WorldUnderTest, name: string): ContainerStatus => of.pod(name).status!.containerStatuses![0]!;
const conditionOf = (of: WorldUnderTest, name: string, type: string) =>
  of.pod(name).status!.conditions!.find((condition) => condition.type === type);

describe('a pod that is well', () => {
  it('pulls its image, is created, started and ready, and says so as a kubelet does', () => {
    const at = world();
    at.add('pods', podNamed('web', on({ ports: [{ containerPort: 80 }], resources: { requests: { cpu: '100m' } } })));
    at.pass(0.3);
    expect(at.pod('web').status).toMatchObject({
      phase: 'Pending',
      startTime: '2026-03-01T10:00:00Z',
      qosClass: 'Burstable',
      hostIP: '192.168.0.4',
    });
    expect(first(at, 'web')).toMatchObject({
      state: { waiting: { reason: 'ContainerCreating' } },
      ready: false,
      restartCount: 0,
    });
    expect(conditionOf(at, 'web', 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [c]',
      observedGeneration: 1,
    });
    at.pass(10);
    expect(at.pod('web').status).toMatchObject({ phase: 'Running', podIP: '10.0.1.2', podIPs: [{ ip: '10.0.1.2' }] });
    expect(first(at, 'web')).toMatchObject({
      ready: true,
      started: true,
      allocatedResources: { cpu: '100m' },
      resources: { requests: { cpu: '100m' } },
      image: 'docker.io/library/nginx:1.27',
    });
    expect(first(at, 'web').imageID).toMatch(/^docker\.io\/library\/nginx@sha256:[0-9a-f]{64}$/);
    expect(first(at, 'web').containerID).toMatch(/^containerd:\/\/[0-9a-f]{64}$/);
    expect(at.pod('web').status?.conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
      'PodReadyToStartContainers=True',
      'Initialized=True',
      'Ready=True',
      'ContainersReady=True',
      'PodScheduled=True',
    ]);
    expect(at.said('web').map((text) => text.replace(/[\d.]+m?s/g, 'T'))).toEqual([
      'Pulling: Pulling image "nginx:1.27"',
      'Pulled: Successfully pulled image "nginx:1.27" in T (T including waiting). Image size: 72000000 bytes.',
      'Created: Container created',
      'Started: Container started',
    ]);
    expect(at.failures).toEqual([]);
  });

  it('finds an image on its node that another pod has pulled', () => {
    const at = world();
    at.add('pods', podNamed('one', on({})));
    at.pass(10);
    at.add('pods', podNamed('two', on({})));
    at.pass(2);
    expect(at.said('two')[0]).toBe(
      'Pulled: Container image "nginx:1.27" already present on machine and can be accessed by the pod',
    );
    expect(at.pod('two').status?.podIP).toBe('10.0.1.3');
  });

  it('asks nothing of the clock while nothing can change', () => {
    const at = world();
    at.add(
      'pods',
      podNamed(
        'web',
        on({ readinessProbe: { httpGet: { path: '/', port: 80 } }, livenessProbe: { tcpSocket: { port: 80 } } }),
      ),
    );
    at.pass(30);
    expect(first(at, 'web').ready).toBe(true);
    const { revision } = at.store;
    at.pass(3);
    expect(at.store.revision).toBe(revision);
    // Its node's lease alone.
    expect(at.clock.pending()).toBeLessThan(5);
  });
});

describe('an image that cannot be had', () => {
  const pulled = (image: string, more: object = {}) => {
    const at = world();
    at.add('pods', podNamed('web', on({ image, ...more })));
    return at;
  };

  it('is ErrImagePull, then ImagePullBackOff with the error, and tried again after 10, 20, 40 s', () => {
    const at = pulled('nginx:1.27-typo');
    const error =
      'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:1.27-typo": ' +
      'failed to resolve reference "docker.io/library/nginx:1.27-typo": docker.io/library/nginx:1.27-typo: not found';
    at.pass(2.5);
    expect(first(at, 'web').state).toEqual({ waiting: { reason: 'ErrImagePull', message: error } });
    at.pass(3);
    expect(first(at, 'web').state).toEqual({
      waiting: {
        reason: 'ImagePullBackOff',
        message: `Back-off pulling image "nginx:1.27-typo": ErrImagePull: ${error}`,
      },
    });
    expect(at.said('web')).toEqual([
      'Pulling: Pulling image "nginx:1.27-typo"',
      `Failed: Failed to pull image "nginx:1.27-typo": ${error}`,
      'Failed: Error: ErrImagePull',
      'BackOff: Back-off pulling image "nginx:1.27-typo"',
      'Failed: Error: ImagePullBackOff',
    ]);
    const pulls = () => at.said('web').filter((text) => text.startsWith('Pulling')).length;
    at.pass(10);
    expect(pulls()).toBe(2);
    at.pass(22);
    expect(pulls()).toBe(3);
    at.pass(42);
    expect(pulls()).toBe(4);
    expect(at.pod('web').status?.phase).toBe('Pending');
  });

  it('is told apart by what is unknown: the host, the repository, the name itself', () => {
    const host = pulled('registry.nowhere.example/a/b:1');
    host.pass(2.5);
    expect(first(host, 'web').state.waiting?.message).toContain(
      'failed to do request: Head "https://registry.nowhere.example/v2/a/b/manifests/1": dial tcp: lookup registry.nowhere.example: no such host',
    );
    const repository = pulled('nginxx');
    repository.pass(2.5);
    expect(first(repository, 'web').state.waiting?.message).toContain(
      'pull access denied, repository does not exist or may require authorization',
    );
    const name = pulled('Nginx:1');
    name.pass(2);
    expect(first(name, 'web').state.waiting).toEqual({
      reason: 'InvalidImageName',
      message:
        'Failed to apply default image tag "Nginx:1": couldn\'t parse image name "Nginx:1": ' +
        'invalid reference format: repository name (library/Nginx) must be lowercase',
    });
    const never = pulled('nginx:1.27', { imagePullPolicy: 'Never' });
    never.pass(2);
    expect(first(never, 'web').state.waiting).toEqual({
      reason: 'ErrImageNeverPull',
      message: 'Container image "nginx:1.27" is not present with pull policy of Never',
    });
  });

  it('warns of pull secrets that are not there', () => {
    const at = world();
    at.add('pods', podNamed('web', on({}, { imagePullSecrets: [{ name: 'gone' }] })));
    at.pass(1);
    expect(at.said('web')[0]).toBe(
      'FailedToRetrieveImagePullSecret: Unable to retrieve some image pull secrets (gone); attempting to pull the image may not succeed.',
    );
  });
});

describe('what a pod lacks', () => {
  it('keeps a container from being created until the ConfigMap is there', () => {
    const at = world();
    at.add('pods', podNamed('web', on({ envFrom: [{ configMapRef: { name: 'settings' } }] })));
    at.pass(8);
    expect(first(at, 'web').state.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'configmap "settings" not found',
    });
    expect(at.said('web')).toContain('Failed: Error: configmap "settings" not found');
    at.add('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' } });
    at.pass(15);
    expect(first(at, 'web').ready).toBe(true);
  });

  it('names a key that a ConfigMap or Secret has not', () => {
    const at = world();
    at.add('secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace: 'shop' }, data: {} });
    const env = [{ name: 'P', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }];
    at.add('pods', podNamed('web', on({ env })));
    at.pass(8);
    expect(first(at, 'web').state.waiting?.message).toBe("couldn't find key password in Secret shop/db");
  });

  it('keeps volumes from being mounted, with an event for each try', () => {
    const at = world();
    at.add('pods', podNamed('web', on({}, { volumes: [{ name: 'conf', configMap: { name: 'files' } }] })));
    at.pass(5);
    expect(first(at, 'web').state.waiting).toEqual({ reason: 'ContainerCreating' });
    expect(conditionOf(at, 'web', 'PodReadyToStartContainers')?.status).toBe('False');
    expect(at.said('web')[0]).toBe(
      'FailedMount: MountVolume.SetUp failed for volume "conf" : configmap "files" not found',
    );
    at.add('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'files', namespace: 'shop' } });
    at.pass(10);
    expect(first(at, 'web').ready).toBe(true);
  });
});

describe('probes', () => {
  const probed = (probes: object, annotations: object = {}) => {
    const at = world();
    at.add('pods', podNamed('web', on({ ports: [{ containerPort: 80 }], ...probes }), { annotations }));
    return at;
  };

  it('keep a pod unready whose probe asks the wrong port', () => {
    const at = probed({ readinessProbe: { httpGet: { path: '/healthz', port: 8081 }, periodSeconds: 10 } });
    at.pass(30);
    expect(first(at, 'web')).toMatchObject({ ready: false, started: true });
    expect(at.said('web')).toContain(
      'Unhealthy: Readiness probe failed: Get "http://10.0.1.2:8081/healthz": dial tcp 10.0.1.2:8081: connect: connection refused',
    );
    expect(at.pod('web').status?.phase).toBe('Running');
  });

  it('restart a container that hangs', () => {
    const at = probed({ livenessProbe: { tcpSocket: { port: 81 }, periodSeconds: 5, failureThreshold: 2 } });
    at.pass(12);
    const said = at.said('web');
    expect(said).toContain('Unhealthy: Liveness probe failed: dial tcp 10.0.1.2:81: connect: connection refused');
    expect(said).toContain('Killing: Container c failed liveness probe, will be restarted');
    at.pass(3);
    expect(first(at, 'web')).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { reason: 'Completed', exitCode: 0 } },
    });
  });

  it('hear from an application that it is not ready, as an annotation wants it', () => {
    const at = probed(
      { readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 5 } },
      { 'sandbox.k8s-mcp.dev/not-ready-after': '60' },
    );
    at.pass(30);
    expect(first(at, 'web').ready).toBe(true);
    at.pass(60);
    expect(first(at, 'web').ready).toBe(false);
    expect(at.said('web')).toContain('Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503');
  });

  it('hold the others back until the startup probe succeeds', () => {
    const at = probed(
      {
        startupProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 5, failureThreshold: 30 },
        livenessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 5 },
      },
      { 'sandbox.k8s-mcp.dev/start-seconds': '40' },
    );
    at.pass(30);
    expect(first(at, 'web')).toMatchObject({ started: false, ready: false, restartCount: 0 });
    at.pass(20);
    expect(first(at, 'web')).toMatchObject({ started: true, ready: true, restartCount: 0 });
  });
});

describe('a container that ends', () => {
  it('crashes in a loop with a growing back-off', () => {
    const at = world();
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
    const at = world();
    const annotations = { 'sandbox.k8s-mcp.dev/memory': '200Mi' };
    at.add('pods', podNamed('web', on({ resources: { limits: { memory: '64Mi' } } }), { annotations }));
    at.pass(10);
    expect(first(at, 'web')).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
    });
  });

  it('succeeds or fails for good when it is not to be restarted', () => {
    const at = world();
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
    const at = world();
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
    const at = world();
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
    const at = world();
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
    const at = world();
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
    const at = world();
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
    const at = world();
    at.add('pods', podNamed('web', on({ image: 'busybox', command: ['sleep', 'infinity'] })));
    at.pass(10);
    at.machine.delete('pods', 'shop', 'web');
    at.pass(29);
    expect(at.store.get('pods', 'shop', 'web')).toBeDefined();
    at.pass(2);
    expect(at.store.get('pods', 'shop', 'web')).toBeUndefined();
  });

  it('does not come while its kubelet is stopped', () => {
    const at = world();
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
    const at = world();
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
