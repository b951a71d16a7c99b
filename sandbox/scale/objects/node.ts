/** Nodes and their leases: few templates, thousands of each. */
import type { KubeObject } from '../../types.ts';
import { type Press, Template } from '../stamp/template.ts';
import { draw, hexWord, longHex, REGION } from '../stamp/texts.ts';
import type { Values } from '../stamp/values.ts';
import { managed } from './managed-fields.ts';
import { metadata } from './meta.ts';
import { REGISTRY } from './pod-spec.ts';

const LEASE_API = 'coordination.k8s.io/v1';

type Json = Record<string, unknown>;

/** `silent`: its kubelet stopped to answer. `broken`: its kubelet says that it is not ready. */
export type NodeHealth = 'ready' | 'silent' | 'broken' | 'cordoned';

const MACHINES = [
  { type: 'm7i.8xlarge', cpu: '32', memory: '128Gi', free: { cpu: '31850m', memory: '124Gi' } },
  { type: 'c7i.12xlarge', cpu: '48', memory: '96Gi', free: { cpu: '47810m', memory: '92Gi' } },
  { type: 'r7i.8xlarge', cpu: '32', memory: '256Gi', free: { cpu: '31850m', memory: '250Gi' } },
] as const;

/** Of all machines and states. */
export class NodeTemplates {
  readonly #nodes = new Map<string, Template>();
  readonly #press: Press;
  readonly lease: Template;

  constructor(press: Press) {
    this.#press = press;
    this.lease = new Template({ apiVersion: LEASE_API, kind: 'Lease', make: nodeLease }, press);
  }

  of(index: number, health: NodeHealth): Template {
    const machine = machineOf(index);
    const key = `${machine} ${health}`;
    let template = this.#nodes.get(key);
    if (template === undefined) {
      template = new Template(
        {
          apiVersion: 'v1',
          kind: 'Node',
          make: (values) => node(machine, health, values),
          readField: (path) => (path === 'spec.unschedulable' ? String(health === 'cordoned') : undefined),
        },
        this.#press,
      );
      this.#nodes.set(key, template);
    }
    return template;
  }
}

const machineOf = (index: number) => Math.floor(index / 3) % MACHINES.length;

export function nodeLabels(index: number, name: string, zone: string): Record<string, string> {
  return labelsOf(MACHINES[machineOf(index)] ?? MACHINES[0], name, zone);
}

function labelsOf({ type }: (typeof MACHINES)[number], name: string, zone: string): Record<string, string> {
  return {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'node.kubernetes.io/instance-type': type,
    'topology.kubernetes.io/region': REGION,
    'topology.kubernetes.io/zone': zone,
  };
}

function node(machine: number, health: NodeHealth, values: Values): KubeObject {
  const size = MACHINES[machine] ?? MACHINES[0];
  const labels = labelsOf(size, values.node, values.zone);
  const annotations = {
    'node.alpha.kubernetes.io/ttl': '0',
    'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
  };
  const spec = specOf(health, values);
  const status = statusOf(size, health, values);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: metadata({
      name: values.node,
      uid: values.uid,
      revision: values.revision,
      created: values.created(0),
      labels,
      annotations,
      managedFields: [
        managed('kubelet', 'v1', values.created(0), {
          metadata: { annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' }, labels },
          spec: { providerID: {} },
        }),
        managed(
          'kubelet',
          'v1',
          values.changed(0),
          { status: { conditions: status['conditions'], images: [] } },
          'status',
        ),
      ],
    }),
    spec,
    status,
  };
}

function specOf(health: NodeHealth, values: Values): Json {
  const taint = (key: string, effect: string) => ({
    key,
    effect,
    ...(effect === 'NoExecute' || health === 'cordoned' ? { timeAdded: values.changed(45) } : {}),
  });
  const taints = {
    ready: [],
    cordoned: [taint('node.kubernetes.io/unschedulable', 'NoSchedule')],
    silent: ['NoSchedule', 'NoExecute'].map((effect) => taint('node.kubernetes.io/unreachable', effect)),
    broken: ['NoSchedule', 'NoExecute'].map((effect) => taint('node.kubernetes.io/not-ready', effect)),
  }[health];
  return {
    providerID: `aws:///${values.zone}/${values.node}`,
    ...(taints.length === 0 ? {} : { taints }),
    ...(health === 'cordoned' ? { unschedulable: true } : {}),
  };
}

const PRESSURES = [
  ['MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
] as const;

function conditionsOf(health: NodeHealth, values: Values): Json[] {
  const silent = health === 'silent';
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status: silent ? 'Unknown' : status,
    lastHeartbeatTime: values.changed(0),
    lastTransitionTime: silent || (health === 'broken' && type === 'Ready') ? values.changed(40) : values.created(30),
    reason: silent ? 'NodeStatusUnknown' : reason,
    message: silent ? 'Kubelet stopped posting node status.' : message,
  });
  const network =
    'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady ' +
    'message:Network plugin returns error: cni plugin not initialized';
  return [
    ...PRESSURES.map(([type, reason, message]) => condition(type, 'False', reason, message)),
    health === 'broken'
      ? condition('Ready', 'False', 'KubeletNotReady', network)
      : condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
  ];
}

function statusOf({ cpu, memory, free }: (typeof MACHINES)[number], health: NodeHealth, values: Values): Json {
  const common = { 'hugepages-1Gi': '0', 'hugepages-2Mi': '0' };
  return {
    capacity: { cpu, 'ephemeral-storage': '209702892Ki', ...common, memory, pods: '110' },
    allocatable: { cpu: free.cpu, 'ephemeral-storage': '192188443124', ...common, memory: free.memory, pods: '110' },
    conditions: conditionsOf(health, values),
    addresses: [
      { type: 'InternalIP', address: values.hostIP },
      { type: 'Hostname', address: values.node },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
    nodeInfo: {
      machineID: values.uid,
      systemUUID: values.uid,
      bootID: values.uid,
      kernelVersion: '6.12.48-1.el10',
      osImage: 'Bottlerocket OS 1.52.0',
      containerRuntimeVersion: 'containerd://2.2.1',
      kubeletVersion: 'v1.36.3',
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: 'amd64',
    },
    images: IMAGES,
  };
}

/** What a node has pulled: most of a node's bytes, as in real clusters. */
const IMAGES = Array.from({ length: 25 }, (_, index) => {
  const repository = `${REGISTRY}/platform/component-${hexWord(draw(index)).slice(0, 6)}`;
  return {
    names: [`${repository}@sha256:${longHex(index, index, 2)}`, `${repository}:1.${index}.0`],
    sizeBytes: 400_000_000 - index * 12_345_678,
  };
});

/** The heartbeat of a kubelet. */
function nodeLease(values: Values): KubeObject {
  const owners = [{ apiVersion: 'v1', kind: 'Node', name: values.node, uid: values.nodeUid }];
  const spec = {
    holderIdentity: values.node,
    leaseDurationSeconds: 40,
    renewTime: `${values.changed(0).slice(0, -1)}.417203Z`,
  };
  return {
    apiVersion: LEASE_API,
    kind: 'Lease',
    metadata: metadata({
      name: values.node,
      namespace: 'kube-node-lease',
      uid: values.uid,
      revision: values.revision,
      created: values.created(0),
      owners,
      managedFields: [
        managed('kubelet', LEASE_API, values.changed(0), {
          metadata: { ownerReferences: owners },
          spec,
        }),
      ],
    }),
    spec,
  };
}
