import { describe, expect, it } from 'vitest';
import type { Pod } from '../kubelet/pod-types.ts';
import { nodeNamed, podNamed, type WorldUnderTest, worldUnderTest } from '../kubelet/world-under-test.ts';
import { createScheduler } from './create-scheduler.ts';

function world(...nodes: object[]): WorldUnderTest {
  const made = worldUnderTest([createScheduler()]);
  for (const node of nodes) made.add('nodes', node);
  return made;
}

const asking = (cpu: string, spec: object = {}) => ({
  containers: [{ name: 'c', image: 'nginx', resources: { requests: { cpu } } }],
  ...spec,
});
const three = () => [nodeNamed('a'), nodeNamed('b'), nodeNamed('c')];
const nodeOf = (of: WorldUnderTest, name: string) => of.pod(name).spec.nodeName;
function refusal(of: WorldUnderTest, name: string): string | undefined {
  of.pass(0.1);
  return of.pod(name).status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message;
}
const LAST = 'no new claims to deallocate, preemption: 0/3 nodes are available:';

describe('a pod that fits', () => {
  it('is bound, with the event of the scheduler', () => {
    const at = world(...three());
    at.add('pods', podNamed('web', asking('1')));
    at.pass(0.1);
    expect(nodeOf(at, 'web')).toBe('a');
    expect(at.said('web')).toEqual(['Scheduled: Successfully assigned shop/web to a']);
  });

  it('goes where most is left', () => {
    const at = world(nodeNamed('small', { cpu: '2' }), nodeNamed('large', { cpu: '32' }));
    at.add('pods', podNamed('web', asking('1500m')));
    at.pass(0.1);
    expect(nodeOf(at, 'web')).toBe('large');
  });

  it('is spread with the others of its owner', () => {
    const at = world(...three());
    const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid: 'u', controller: true }];
    for (const name of ['p1', 'p2', 'p3']) at.add('pods', podNamed(name, asking('10m'), { ownerReferences }));
    at.pass(0.1);
    expect(new Set(['p1', 'p2', 'p3'].map((name) => nodeOf(at, name)))).toEqual(new Set(['a', 'b', 'c']));
  });

  it('may not be of another scheduler', () => {
    const at = world(...three());
    at.add('pods', podNamed('web', asking('1', { schedulerName: 'mine' })));
    at.pass(1);
    expect(nodeOf(at, 'web')).toBeUndefined();
    expect(at.events).toEqual([]);
  });
});

describe('a pod that fits nowhere is told why', () => {
  const cases: [string, object, object[], string][] = [
    [
      'for want of resources',
      asking('40'),
      three(),
      `0/3 nodes are available: 3 Insufficient cpu. ${LAST} 3 Preemption is not helpful for scheduling.`,
    ],
    [
      'for labels that no node has',
      asking('1', { nodeSelector: { disk: 'ssd' } }),
      three(),
      `0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. ${LAST} 3 Preemption is not helpful for scheduling.`,
    ],
    [
      'for several reasons, counted',
      asking('3'),
      [
        nodeNamed('a', { cpu: '2' }),
        nodeNamed('b', { spec: { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] } }),
        nodeNamed('c', { spec: { unschedulable: true } }),
      ],
      `0/3 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable. ${LAST} 3 Preemption is not helpful for scheduling.`,
    ],
    [
      'for one node by name, as a DaemonSet wants it',
      asking('40', {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] }],
            },
          },
        },
      }),
      three(),
      `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. ${LAST} 3 Preemption is not helpful for scheduling.`,
    ],
    [
      'for company that is not there',
      asking('1', {
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { q: 'r' } } },
            ],
          },
        },
      }),
      three(),
      `0/3 nodes are available: 3 node(s) didn't match pod affinity rules. ${LAST} 3 Preemption is not helpful for scheduling.`,
    ],
    [
      'for a topology that no node is in',
      asking('1', {
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'nokey', whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} },
        ],
      }),
      three(),
      `0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints (missing required label). ${LAST} 3 Preemption is not helpful for scheduling.`,
    ],
    [
      'for a claim that is not there',
      asking('1', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'nope' } }] }),
      three(),
      '0/3 nodes are available: persistentvolumeclaim "nope" not found. not found',
    ],
    ['for want of any node', asking('1'), [], 'no nodes available to schedule pods'],
  ];
  it.each(cases)('%s', (_title, spec, nodes, message) => {
    const at = world(...nodes);
    at.add('pods', podNamed('web', spec));
    expect(refusal(at, 'web')).toBe(message);
    expect(at.said('web')).toEqual([`FailedScheduling: ${message}`]);
    expect(at.failures).toEqual([]);
  });

  it('for host ports that are taken, and preemption finds nobody', () => {
    const at = world(...three());
    const spec = { containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80, hostPort: 8091 }] }] };
    for (const name of ['p1', 'p2', 'p3', 'p4']) at.add('pods', podNamed(name, spec));
    expect(refusal(at, 'p4')).toBe(
      `0/3 nodes are available: 3 node(s) didn't have free ports for the requested pod ports. ${LAST} 3 No preemption victims found for incoming pod.`,
    );
  });

  it('for its gates', () => {
    const at = world(...three());
    at.add('pods', podNamed('web', asking('1', { schedulingGates: [{ name: 'a.io/b' }] })));
    expect(refusal(at, 'web')).toBe('Scheduling is blocked due to non-empty scheduling gates');
    at.machine.modify<Pod>('pods', 'shop', 'web', (pod) => {
      delete pod.spec.schedulingGates;
    });
    at.pass(0.1);
    expect(nodeOf(at, 'web')).toBeDefined();
  });
});

describe('a pod that waits is tried again', () => {
  it('when a node comes that can take it', () => {
    const at = world(nodeNamed('a', { cpu: '1' }));
    at.add('pods', podNamed('web', asking('2')));
    at.pass(1);
    expect(nodeOf(at, 'web')).toBeUndefined();
    at.add('nodes', nodeNamed('b'));
    at.pass(1);
    expect(nodeOf(at, 'web')).toBe('b');
  });

  it('when another one goes, and not for a heartbeat', () => {
    const at = world(nodeNamed('a', { cpu: '2' }));
    at.add('pods', podNamed('first', asking('2')));
    at.add('pods', podNamed('second', asking('2')));
    at.pass(1);
    at.machine.modify('nodes', '', 'a', (node) => {
      node['status'] = { ...(node['status'] as object), conditions: [{ type: 'Ready', status: 'True' }] };
    });
    at.pass(1);
    expect(at.said('second')).toHaveLength(1);
    at.machine.delete('pods', 'shop', 'first', { gracePeriodSeconds: 0 });
    at.pass(1);
    expect(nodeOf(at, 'second')).toBe('a');
  });
});

describe('pods among each other', () => {
  const apart = {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'x' } } },
      ],
    },
  };

  it('keep apart, in both directions', () => {
    const at = world(nodeNamed('a'), nodeNamed('b'));
    at.add('pods', podNamed('p1', asking('1m', { affinity: apart }), { labels: { app: 'x' } }));
    at.pass(0.1);
    at.add('pods', podNamed('p2', asking('1m'), { labels: { app: 'x' } }));
    at.pass(0.1);
    expect(new Set([nodeOf(at, 'p1'), nodeOf(at, 'p2')])).toEqual(new Set(['a', 'b']));
    at.add('pods', podNamed('p3', asking('1m', { affinity: apart }), { labels: { app: 'x' } }));
    expect(refusal(at, 'p3')).toContain("2 node(s) didn't match pod anti-affinity rules.");
  });

  it('spread evenly over zones when they must', () => {
    const at = world(nodeNamed('a', { labels: { zone: '1' } }), nodeNamed('b', { labels: { zone: '2' }, pods: '1' }));
    const topologySpreadConstraints = [
      {
        maxSkew: 1,
        topologyKey: 'zone',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'x' } },
      },
    ];
    for (const name of ['p1', 'p2', 'p3', 'p4'])
      at.add('pods', podNamed(name, asking('1m', { topologySpreadConstraints }), { labels: { app: 'x' } }));
    expect(refusal(at, 'p4')).toContain(
      "0/2 nodes are available: 1 Too many pods, 1 node(s) didn't match pod topology spread constraints.",
    );
  });
});

describe('a more important pod', () => {
  it('makes room, waits for it, and gets it', () => {
    const at = world(nodeNamed('a', { cpu: '2' }));
    at.add('pods', podNamed('low', asking('2', { priority: 0 })));
    at.pass(0.1);
    at.add('pods', podNamed('high', asking('2', { priority: 1000 })));
    at.pass(0.1);
    expect(at.pod('high').status?.nominatedNodeName).toBe('a');
    expect(at.said('high')).toEqual(['FailedScheduling: 0/1 nodes are available: 1 Insufficient cpu.']);
    expect(at.said('low')).toContain(`Preempted: Preempted by pod ${at.pod('high').metadata.uid} on node a`);
    expect(at.pod('low').metadata.deletionTimestamp).toBeDefined();
    expect(at.pod('low').status?.conditions).toContainEqual(
      expect.objectContaining({
        type: 'DisruptionTarget',
        reason: 'PreemptionByScheduler',
        message: 'default-scheduler: preempting to accommodate a higher priority pod',
      }),
    );
    at.machine.delete('pods', 'shop', 'low', { gracePeriodSeconds: 0 });
    at.pass(0.1);
    expect(nodeOf(at, 'high')).toBe('a');
    expect(at.failures).toEqual([]);
  });
});

describe('volumes', () => {
  const claim = (storageClassName: string) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'shop' },
    spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    status: { phase: 'Pending' },
  });
  const mounting = asking('1', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] });

  it('that wait for their pod are asked for at its node, and the pod for them', () => {
    const at = world(...three());
    at.add('storageclasses.storage.k8s.io', {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'late' },
      provisioner: 'disk.example.com',
      volumeBindingMode: 'WaitForFirstConsumer',
    });
    at.add('persistentvolumeclaims', claim('late'));
    at.add('pods', podNamed('db', mounting));
    at.pass(0.1);
    const asked = at.machine.get('persistentvolumeclaims', 'shop', 'data')?.metadata.annotations;
    expect(asked).toEqual({ 'volume.kubernetes.io/selected-node': 'a' });
    expect(nodeOf(at, 'db')).toBeUndefined();
    at.add('persistentvolumes', {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pv' },
      spec: {
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['a'] }] },
            ],
          },
        },
      },
    });
    at.machine.modify('persistentvolumeclaims', 'shop', 'data', (draft) => {
      Object.assign(draft['spec'] as object, { volumeName: 'pv' });
      draft['status'] = { phase: 'Bound' };
    });
    at.pass(0.1);
    expect(nodeOf(at, 'db')).toBe('a');
  });

  it('that should be bound at once and are not block their pod', () => {
    const at = world(...three());
    at.add('persistentvolumeclaims', claim('manual'));
    at.add('pods', podNamed('db', mounting));
    expect(refusal(at, 'db')).toBe(
      '0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
    );
  });
});
