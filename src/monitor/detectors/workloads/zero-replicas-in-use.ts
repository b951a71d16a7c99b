/** A workload scaled to nothing, though something depends on its Service. */
import { autoscaler as autoscalerKind } from '../../../graph/project/autoscaler.ts';
import { service as serviceKind } from '../../../graph/project/service.ts';
import { workloadOf } from '../../../graph/project/workloads.ts';
import type { GraphNode, GraphView, Health, NodeId } from '../../../graph/types.ts';
import type { Detector } from '../../types.ts';
import { DEPLOYMENT, ownerOf, STATEFUL_SET } from './reading/owners.ts';
import { CRITICAL, POD } from './reading/pods.ts';
import { recent, told } from './reading/stories.ts';
import { count, MINUTE } from './reading/times.ts';
import { onWorkloads } from './reading/workloads.ts';

const HPA = 'HorizontalPodAutoscaler.autoscaling';
/** They come with a Service or only watch it. */
const PASSIVE: ReadonlySet<string> = new Set([
  'EndpointSlice.discovery.k8s.io',
  'Endpoints',
  'NetworkPolicy.networking.k8s.io',
  'ServiceMonitor.monitoring.coreos.com',
  'StatefulSet.apps',
  POD,
  'ReplicaSet.apps',
]);
const HURT: ReadonlySet<Health> = new Set(['warning', 'failed']);
/** Users looked at. */
const ENOUGH = 50;

export const zeroReplicasInUse: Detector = onWorkloads({
  id: 'zero-replicas-in-use',
  kinds: [DEPLOYMENT, STATEFUL_SET],
  reads: ['Service', HPA],
  affected: nearService,
  look(seen) {
    const { node, workload, view } = seen;
    if (workload.specReplicas !== 0 || wakesByItself(node, view)) return undefined;
    for (const id of servicesOf(node, view, workload.templateLabels)) {
      const users = usersOf(id, node, view);
      if (users.length === 0) continue;
      const names = users.slice(0, 3).map((user) => `${user.kind.split('.')[0]} ${user.namespace}/${user.name}`);
      // Its controller tells when it took the last pod away.
      const [scaled] = recent(node, seen, 'SuccessfulDelete', 'ScalingReplicaSet');
      return {
        severity: CRITICAL,
        title: `scaled to zero, and ${count(users.length, 'object')} ${users.length === 1 ? 'depends' : 'depend'} on its Service ${view.node(id).name}`,
        evidence: [
          'spec.replicas: 0',
          `Service ${view.node(id).name} has no pods; used by ${names.join(', ')}`,
          ...(scaled === undefined ? [] : [told(scaled, seen.now)]),
        ],
        ...(scaled === undefined ? {} : { since: scaled.last }),
        // Who suffers already need not be waited for.
        holdMs: users.some(({ health }) => HURT.has(health)) ? 0 : MINUTE,
        // Who made it would scale it back.
        ...(ownerOf(node.id, view) !== undefined
          ? {}
          : {
              advice: `kubectl scale ${node.kind.split('.')[0]?.toLowerCase()}/${node.name} -n ${node.namespace} --replicas=1`,
            }),
      };
    }
    return undefined;
  },
});

/** Services of the namespace that would select its pods, if it had some, by name. */
function servicesOf(node: GraphNode, view: GraphView, labels: Readonly<Record<string, string>>): NodeId[] {
  const found: NodeId[] = [];
  view.eachOfKind('Service', node.namespace, (id) => {
    const wanted = Object.entries(serviceKind.of(view.node(id))?.selector ?? {});
    if (wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value) && !isServed(id, view))
      found.push(id);
    return undefined;
  });
  return found.sort((a, b) => (view.node(a).name < view.node(b).name ? -1 : 1));
}

/** Pods of somebody else. */
function isServed(service: NodeId, view: GraphView): boolean {
  let served = false;
  view.out(service, (target) => {
    const { kind, state, deleting } = view.node(target);
    served = kind === POD && state === 'present' && deleting === undefined;
    return !served;
  });
  return served;
}

/** Who needs it: routes, and workloads that name it; not what belongs to the workload itself, nor what is at zero too. */
function usersOf(service: NodeId, self: GraphNode, view: GraphView): GraphNode[] {
  const users = new Map<NodeId, GraphNode>();
  view.in(service, (source, { strength }) => {
    const user = view.node(source);
    const counts = strength !== 'ownership' && strength !== 'informational' && !PASSIVE.has(user.kind);
    const idle = workloadOf(user)?.specReplicas === 0 || user.health === 'done';
    if (counts && !idle && user.id !== self.id && user.state === 'present') users.set(source, user);
    return users.size < ENOUGH;
  });
  // Pods stand for the workloads that nobody else knows to use it.
  if (users.size === 0)
    view.in(service, (source, { strength }) => {
      const user = view.node(source);
      if (
        (user.kind === POD || user.kind === STATEFUL_SET) &&
        strength !== 'ownership' &&
        strength !== 'informational' &&
        user.id !== self.id &&
        user.health !== 'done'
      )
        users.set(source, user);
      return users.size < ENOUGH;
    });
  return [...users.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Something scales it up again when it is asked for. */
function wakesByItself(node: GraphNode, view: GraphView): boolean {
  let wakes = false;
  view.in(node.id, (source) => {
    const { kind } = view.node(source);
    wakes = kind === 'ScaledObject.keda.sh' || (kind === HPA && autoscalerKind.of(view.node(source))?.min === 0);
    return !wakes;
  });
  return wakes;
}

/** A Service has no edge to what has no pods: those of its namespace at zero are looked at. */
function* nearService(changed: GraphNode, view: GraphView): Iterable<NodeId> {
  if (changed.kind !== 'Service') {
    const targets: NodeId[] = [];
    view.out(changed.id, (target) => {
      targets.push(target);
      return undefined;
    });
    yield* targets;
    return;
  }
  for (const kind of [DEPLOYMENT, STATEFUL_SET]) {
    const found: NodeId[] = [];
    view.eachOfKind(kind, changed.namespace, (id) => {
      // One that is scaled up meanwhile has changed itself.
      if (workloadOf(view.node(id))?.specReplicas === 0) found.push(id);
      return undefined;
    });
    yield* found;
  }
}
