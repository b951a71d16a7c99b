import { beforeEach, describe, expect, it } from 'vitest';
import { createFirstObjects } from '../../bootstrap/first-objects.ts';
import { createClock, type SandboxClock } from '../../clock.ts';
import { createKinds } from '../../kinds/create-kinds.ts';
import { createRegistry } from '../../registry/create-registry.ts';
import { STRATEGIES } from '../../registry/strategies/index.ts';
import { createStore } from '../../store/create-store.ts';
import type { KubeObject } from '../../types.ts';
import { controllers } from '../controllers/index.ts';
import { createMachine } from '../create-machine.ts';
import { runControllers } from '../run-controllers.ts';
import { createScheduler } from '../scheduler/create-scheduler.ts';
import type { Machine } from '../types.ts';
import { createKubelet } from './create-kubelet.ts';
import type { KubeNode, Pod } from './pod-types.ts';
import { nodeNamed, START } from './world-under-test.ts';

let clock: SandboxClock;
let admin: Machine;
let failures: string[];

beforeEach(() => {
  clock = createClock('still', START);
  const store = createStore({ freezes: true });
  const kinds = createKinds();
  let turn = 1;
  const random = () => {
    turn = (turn * 48271) % 2147483647;
    return turn / 2147483647;
  };
  const registry = createRegistry({ store, kinds, clock, random, strategies: STRATEGIES });
  createFirstObjects({ registry, kinds, store, now: START, random, ca: 'pem' });
  const kubelet = createKubelet();
  failures = [];
  const machineOf = (controller: { name: string; user: string; fieldManager: string }) =>
    createMachine({ store, registry, kinds, clock, random, controller });
  admin = machineOf({ name: 'kubectl', user: 'admin', fieldManager: 'kubectl' });
  runControllers(
    [
      ...controllers({ kinds, rootCertificate: 'pem', usage: () => undefined, provisioners: ['disk.example.com'] }),
      createScheduler(),
      ...kubelet.controllers,
    ],
    {
      store,
      clock,
      machineOf,
      onFailure: (controller, key, error) => failures.push(`${controller.name} ${key}: ${String(error)}`),
    },
  );
  admin.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  for (const name of ['node-1', 'node-2', 'node-3']) admin.create('nodes', nodeNamed(name) as KubeObject);
  clock.advance(5000);
});

const pods = () => admin.list<Pod>('pods', 'shop');

function deployment(name: string, replicas: number, container: object): KubeObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop', labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx:1.27', ...container }] } },
    },
  };
}

describe('the whole world', () => {
  it('brings a Deployment to ready pods and ready endpoints, and takes it away again', () => {
    admin.create('deployments.apps', deployment('web', 3, { ports: [{ containerPort: 80 }] }));
    admin.create('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    });
    clock.advance(20_000);
    expect(failures).toEqual([]);
    expect(new Set(pods().map(({ spec }) => spec.nodeName)).size).toBe(3);
    expect(pods().map(({ status }) => status?.phase)).toEqual(['Running', 'Running', 'Running']);
    expect(admin.get('deployments.apps', 'shop', 'web')?.['status']).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      updatedReplicas: 3,
    });
    const slices = admin.list<KubeObject & { endpoints: object[] }>('endpointslices.discovery.k8s.io', 'shop');
    expect(slices.flatMap(({ endpoints }) => endpoints)).toHaveLength(3);
    admin.delete('deployments.apps', 'shop', 'web');
    clock.advance(40_000);
    expect(pods()).toEqual([]);
    expect(failures).toEqual([]);
  });

  it('holds a rollout to an image that does not exist, the old pods serving', () => {
    admin.create('deployments.apps', deployment('web', 2, {}));
    clock.advance(20_000);
    admin.modify('deployments.apps', 'shop', 'web', (draft) => {
      const { containers } = (draft['spec'] as { template: { spec: { containers: { image: string }[] } } }).template
        .spec;
      for (const container of containers) container.image = 'nginx:1.27-typo';
    });
    clock.advance(60_000);
    const reasons = pods().map(({ status }) => status?.containerStatuses?.[0]?.state.waiting?.reason ?? 'running');
    expect(reasons.sort()).toEqual(['ImagePullBackOff', 'running', 'running']);
    expect(failures).toEqual([]);
  });

  it('moves pods from a node whose kubelet stops', () => {
    admin.create('deployments.apps', deployment('web', 3, {}));
    clock.advance(20_000);
    const lost = pods()[0]?.spec.nodeName ?? '';
    admin.modify('nodes', '', lost, (node) => {
      node.metadata.annotations = { ...node.metadata.annotations, 'sandbox.k8s-mcp.dev/kubelet': 'stopped' };
    });
    clock.advance(480_000);
    const running = pods().filter(
      ({ metadata, spec }) => metadata.deletionTimestamp === undefined && spec.nodeName !== lost,
    );
    expect(running.length).toBe(3);
    const node = admin.get<KubeNode>('nodes', '', lost);
    expect(node?.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'Unknown', message: 'Kubelet stopped posting node status.' }),
    );
    expect(failures).toEqual([]);
  });

  it('completes a Job', () => {
    admin.create('jobs.batch', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'once', namespace: 'shop' },
      spec: {
        template: {
          spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox', command: ['sleep', '5'] }] },
        },
      },
    });
    clock.advance(30_000);
    expect(admin.get('jobs.batch', 'shop', 'once')?.['status']).toMatchObject({ succeeded: 1 });
    expect(failures).toEqual([]);
  });
});
