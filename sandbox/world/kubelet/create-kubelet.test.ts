import { describe, expect, it } from 'vitest';
import { conditionOf, first, kubeletWorld, on } from './kubelet-under-test.ts';
import { podNamed } from './world-under-test.ts';

describe('a pod that is well', () => {
  it('pulls its image, is created, started and ready, and says so as a kubelet does', () => {
    const at = kubeletWorld();
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
    const at = kubeletWorld();
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
    const at = kubeletWorld();
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
    const at = kubeletWorld();
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
    const at = kubeletWorld();
    at.add('pods', podNamed('web', on({}, { imagePullSecrets: [{ name: 'gone' }] })));
    at.pass(1);
    expect(at.said('web')[0]).toBe(
      'FailedToRetrieveImagePullSecret: Unable to retrieve some image pull secrets (gone); attempting to pull the image may not succeed.',
    );
  });
});

describe('what a pod lacks', () => {
  it('keeps a container from being created until the ConfigMap is there', () => {
    const at = kubeletWorld();
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
    const at = kubeletWorld();
    at.add('secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace: 'shop' }, data: {} });
    const env = [{ name: 'P', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }];
    at.add('pods', podNamed('web', on({ env })));
    at.pass(8);
    expect(first(at, 'web').state.waiting?.message).toBe("couldn't find key password in Secret shop/db");
  });

  it('keeps volumes from being mounted, with an event for each try', () => {
    const at = kubeletWorld();
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
    const at = kubeletWorld();
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
