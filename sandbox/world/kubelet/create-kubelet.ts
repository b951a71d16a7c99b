/** The kubelet model: what the kubelets of all nodes would do with their pods, by what the pods' specs say. */
import { sameJson } from '../../json-value.ts';
import type { LogEvent } from '../../store/types.ts';
import type { Controller, Machine } from '../types.ts';
import { KUBELET_ANNOTATION } from './annotations.ts';
import { mountProblem } from './environment.ts';
import { IMAGES } from './image-catalogue.ts';
import type { ImageEntry } from './images.ts';
import { refusal } from './node-pressure.ts';
import { createNodeStatus } from './node-status.ts';
import { createPodAddresses } from './pod-addresses.ts';
import { adopt, advancePod, finish, newPodRun, partsOf } from './pod-run.ts';
import { hostAddress, isOver, podStatus } from './pod-status.ts';
import { isTerminal, type KubeNode, keyOf, type Pod, splitKey } from './pod-types.ts';
import type { Look, PodRun } from './run-types.ts';
import { serviceOf } from './services.ts';
import { settledStatus } from './settled-status.ts';

export interface KubeletOptions {
  /** Images of the world, looked up before the general ones. */
  images?: readonly ImageEntry[];
  /** Whether pods now come up at once, as ones that have been running for a while (a world that is being made). */
  bornSettled?: () => boolean;
}

export interface Kubelet {
  controllers: readonly Controller[];
  /** What is known of a pod that runs: for logs and metrics. */
  runOf(pod: Pod): PodRun | undefined;
}

/** Who its writes come from; one component stands for all nodes. */
const USER = 'system:node:sandbox';

/** Where in a pod's spec a container of a role stands, for events about it. */
const FIELDS = {
  main: 'containers',
  init: 'initContainers',
  sidecar: 'initContainers',
  ephemeral: 'ephemeralContainers',
} as const;

export function createKubelet(options: KubeletOptions = {}): Kubelet {
  const images = [...(options.images ?? []), ...IMAGES];
  const runs = new Map<string, PodRun>();
  const addresses = createPodAddresses();
  const nodeImages = new Map<string, Set<string>>();
  /** Pods by the service that they need, `namespace/name`. */
  const dependants = new Map<string, Set<string>>();
  const stopped = new Set<string>();
  /** Pods that no kubelet has looked at yet: their node is not there, or its kubelet is stopped. */
  const unseen = new Map<string, Set<string>>();

  function forget(key: string): void {
    const run = runs.get(key);
    if (run?.ip !== undefined) addresses.release(run.ip);
    runs.delete(key);
    for (const keys of dependants.values()) keys.delete(key);
  }

  /** Pods of a namespace that lack something, or all that have not all they need. */
  function lacking(event: LogEvent): string[] {
    const keys: string[] = [];
    const prefix = `${event.version.namespace}/`;
    for (const [key, run] of runs) if (key.startsWith(prefix) && lacksSomething(run)) keys.push(key);
    return keys;
  }

  const pods: Controller = {
    name: 'kubelet',
    user: USER,
    fieldManager: 'kubelet',
    watches: {
      pods(event) {
        const key = `${event.version.namespace}/${event.version.name}`;
        if (event.type === 'DELETED') {
          forget(key);
          return [];
        }
        const pod = event.version.body.object() as Pod;
        if ((pod.spec.nodeName ?? '') === '') return [];
        if (pod.status?.podIP !== undefined && pod.spec.hostNetwork !== true) addresses.keep(pod.status.podIP);
        return event.type === 'MODIFIED' && ownWrite(event.previous.body.object() as Pod, pod) ? [] : [key];
      },
      nodes(event) {
        const { name } = event.version;
        const halted =
          event.type !== 'DELETED' &&
          event.version.body.object().metadata.annotations?.[KUBELET_ANNOTATION] === 'stopped';
        const late = [...(unseen.get(name) ?? [])];
        if (halted === stopped.has(name)) return halted ? [] : late;
        if (halted) stopped.add(name);
        else stopped.delete(name);
        return [...late, ...[...runs].flatMap(([key, run]) => (run.node === name ? [key] : []))];
      },
      configmaps: lacking,
      secrets: lacking,
      persistentvolumeclaims: lacking,
      services: (event) => [...(dependants.get(`${event.version.namespace}/${event.version.name}`) ?? [])],
      'endpointslices.discovery.k8s.io': (event) => {
        const service = event.version.labels['kubernetes.io/service-name'] ?? '';
        return [...(dependants.get(`${event.version.namespace}/${service}`) ?? [])];
      },
    },
    reconcile: syncPod,
  };

  function syncPod(key: string, machine: Machine): number | undefined {
    const { namespace, name } = splitKey(key);
    const pod = machine.get<Pod>('pods', namespace, name);
    const nodeName = pod?.spec.nodeName ?? '';
    if (pod === undefined || nodeName === '') {
      forget(key);
      return undefined;
    }
    const node = machine.get<KubeNode>('nodes', '', nodeName);
    // A kubelet that is stopped sees nothing, not even that its pods are to go.
    if (node === undefined || node.metadata.annotations?.[KUBELET_ANNOTATION] === 'stopped') {
      unseen.set(nodeName, (unseen.get(nodeName) ?? new Set()).add(key));
      return undefined;
    }
    unseen.get(nodeName)?.delete(key);
    if (isTerminal(pod)) return endTerminal(pod, key, machine);
    if (options.bornSettled?.() === true && settle(pod, node, machine)) return syncPod(key, machine);
    const look = lookAt(pod, key, node, machine);
    const next = advancePod(look);
    index(look);
    if (pod.metadata.deletionTimestamp !== undefined && isOver(look)) {
      write(look, machine);
      remove(pod, machine);
      return undefined;
    }
    write(look, machine);
    if (look.run.verdict !== undefined && isOver(look)) return undefined;
    return next === Infinity ? undefined : Math.max(0, next - machine.clock.now());
  }

  /** False for a pod that has begun already, lacks something, or is to come to an end. */
  function settle(pod: Pod, node: KubeNode, machine: Machine): boolean {
    const begun = pod.status?.startTime !== undefined || pod.metadata.deletionTimestamp !== undefined;
    if (begun || (pod.spec.restartPolicy ?? 'Always') !== 'Always' || mountProblem(pod, machine) !== undefined)
      return false;
    const ip = pod.spec.hostNetwork === true ? hostAddress(node) : addresses.take(node, node.metadata.name);
    if (ip === undefined) return false;
    const { namespace = '', name } = pod.metadata;
    const status = settledStatus({ pod, node, ip, startedAt: machine.clock.now(), images, machine });
    const change = (draft: Pod) => {
      draft.status = status;
    };
    return machine.modify<Pod>('pods', namespace, name, change, 'status')?.status?.startTime !== undefined;
  }

  function lookAt(pod: Pod, key: string, node: KubeNode, machine: Machine): Look {
    const now = machine.clock.now();
    const known = runs.get(key);
    const fresh = known === undefined || known.uid !== pod.metadata.uid;
    const run = fresh ? newPodRun(pod, key, now) : known;
    const onNode = nodeImages.get(run.node) ?? new Set<string>();
    nodeImages.set(run.node, onNode);
    const look: Look = {
      pod,
      run,
      node,
      machine,
      now,
      images,
      onNode,
      emit(type, reason, message, container) {
        const list = FIELDS[container?.role ?? 'main'];
        machine.event(pod, type, reason, message, {
          host: run.node,
          ...(container === undefined ? {} : { fieldPath: `spec.${list}{${container.name}}` }),
        });
      },
    };
    if (!fresh) return look;
    forget(key);
    runs.set(key, run);
    const refused = pod.status?.startTime === undefined ? refusal(pod, node) : undefined;
    if (refused !== undefined) {
      look.emit('Warning', refused.reason, refused.message);
      run.verdict = { reason: refused.reason, message: `Pod was rejected: ${refused.message}`, disrupted: false };
      finish(look, partsOf(look), 0);
      return look;
    }
    adopt(look);
    run.ip ??= pod.spec.hostNetwork === true ? hostAddress(node) : addresses.take(node, run.node);
    return look;
  }

  function index({ run, pod, machine }: Look): void {
    for (const { model } of run.containers.values()) {
      const waits = model?.program.kind === 'script' ? model.program.waits : undefined;
      for (const { host } of [...(model?.dependencies ?? []), ...(waits === undefined ? [] : [waits])]) {
        const service = serviceOf(host, pod.metadata.namespace ?? '', machine);
        if (service === undefined) continue;
        const keys = dependants.get(service) ?? new Set<string>();
        dependants.set(service, keys.add(run.key));
      }
    }
  }

  function write(look: Look, machine: Machine): void {
    const { namespace = '', name, uid } = look.pod.metadata;
    const status = podStatus(look, partsOf(look));
    // Most looks change nothing; a write that changes nothing is dear.
    if (sameJson(status, look.pod.status)) return;
    machine.modify<Pod>(
      'pods',
      namespace,
      name,
      (draft) => {
        if (draft.metadata.uid !== uid) return false;
        draft.status = status;
        return true;
      },
      'status',
    );
  }

  function endTerminal(pod: Pod, key: string, machine: Machine): undefined {
    const run = runs.get(key);
    if (run?.ip !== undefined && pod.spec.hostNetwork !== true) addresses.release(run.ip);
    if (pod.metadata.deletionTimestamp !== undefined) remove(pod, machine);
    return undefined;
  }

  const evict = (pod: Pod, message: string, machine: Machine) => {
    const key = keyOf(pod);
    const node = machine.get<KubeNode>('nodes', '', pod.spec.nodeName ?? '');
    if (node === undefined) return;
    const look = lookAt(pod, key, node, machine);
    if (look.run.verdict !== undefined) return;
    look.emit('Warning', 'Evicted', message);
    look.run.verdict = { reason: 'Evicted', message, disrupted: true };
    finish(look, partsOf(look), 0);
    syncPod(key, machine);
  };

  return {
    controllers: [pods, createNodeStatus({ user: USER, evict, runs: () => runs })],
    runOf(pod) {
      const run = runs.get(keyOf(pod));
      return run?.uid === pod.metadata.uid ? run : undefined;
    },
  };
}

function remove(pod: Pod, machine: Machine): void {
  const { namespace = '', name, uid } = pod.metadata;
  machine.delete('pods', namespace, name, { gracePeriodSeconds: 0, ...(uid === undefined ? {} : { uid }) });
}

/** Only the status has changed, and nothing in it that is somebody else's to say. */
function ownWrite(before: Pod, now: Pod): boolean {
  const seen = ({ spec, metadata, status }: Pod) => [
    spec,
    metadata.annotations,
    metadata.deletionTimestamp,
    metadata.generation,
    status?.phase === 'Failed' || status?.phase === 'Succeeded',
    (spec.readinessGates ?? []).map(({ conditionType }) =>
      status?.conditions?.find(({ type }) => type === conditionType),
    ),
  ];
  return sameJson(seen(before), seen(now));
}

function lacksSomething(run: PodRun): boolean {
  if (run.sandboxAt === undefined) return true;
  return [...run.containers.values()].some(
    ({ phase }) => phase.kind === 'waiting' && phase.reason === 'CreateContainerConfigError',
  );
}
