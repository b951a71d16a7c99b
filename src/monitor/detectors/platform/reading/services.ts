/** Who is behind a Service, and who uses it. */
import type { PodFacts, ServiceFacts } from '../../../../graph/facts.ts';
import { pod as podKind } from '../../../../graph/project/pod.ts';
import { service as serviceKind } from '../../../../graph/project/service.ts';
import { workloadOf } from '../../../../graph/project/workloads.ts';
import type { GraphNode, GraphView, Health, NodeId } from '../../../../graph/types.ts';
import { DAEMON_SET, DEPLOYMENT, REPLICA_SET, STATEFUL_SET, workloadAbove } from '../../workloads/reading/owners.ts';
import { POD } from '../../workloads/reading/pods.ts';
import { known } from './edges.ts';

export const ENDPOINTS = 'EndpointSlice.discovery.k8s.io';
export const WORKLOADS = [DEPLOYMENT, STATEFUL_SET, DAEMON_SET] as const;
/** They come with a Service, or only watch it. */
const PASSIVE: ReadonlySet<string> = new Set([
  ENDPOINTS,
  'Endpoints',
  'IPAddress.networking.k8s.io',
  'NetworkPolicy.networking.k8s.io',
  'PodDisruptionBudget.policy',
  'ServiceMonitor.monitoring.coreos.com',
  STATEFUL_SET,
  REPLICA_SET,
]);
const HURT: ReadonlySet<Health> = new Set(['warning', 'failed']);
/** Looked at of the users of one Service. */
const ENOUGH = 200;

export interface BackingPod {
  node: GraphNode;
  pod: PodFacts;
}

/** Pods that it selects and that should serve: neither ended nor going. */
export function backing(service: NodeId, view: GraphView): BackingPod[] {
  const found: BackingPod[] = [];
  view.out(service, (target, { relation }) => {
    if (relation.id !== 'service-pod') return undefined;
    const node = view.node(target);
    const pod = podKind.of(node);
    if (pod === undefined || node.deleting !== undefined || pod.phase === 'Succeeded' || pod.phase === 'Failed')
      return undefined;
    found.push({ node, pod });
    return undefined;
  });
  return found;
}

/** Whether somebody answers; looks no further than the first who does. */
export function isServed(service: NodeId, view: GraphView): boolean {
  let served = false;
  view.out(service, (target, { relation }) => {
    if (relation.id !== 'service-pod') return undefined;
    const node = view.node(target);
    served = node.deleting === undefined && podKind.of(node)?.ready === true;
    return !served;
  });
  return served;
}

const NEAR = new WeakMap<GraphView, { generation: number; changed: NodeId; found: readonly NodeId[] }>();

/**
 * For `affected`: Services that a pod is behind, that something uses, and that a workload could be meant by. An edge that came or went
 * has its Service among the touched.
 */
export function servicesNear(changed: GraphNode, view: GraphView, itself: boolean): Iterable<NodeId> {
  if (!itself) return [];
  const known = NEAR.get(view);
  // Several detectors ask one after the other.
  if (known?.changed === changed.id && known.generation === view.generation) return known.found;
  const found = near(changed, view);
  NEAR.set(view, { generation: view.generation, changed: changed.id, found });
  return found;
}

function near(changed: GraphNode, view: GraphView): NodeId[] {
  const found: NodeId[] = [];
  if (changed.kind === POD)
    view.in(changed.id, (source, { relation }) => {
      if (relation.id === 'service-pod') found.push(source);
      return undefined;
    });
  else
    view.out(changed.id, (target) => {
      if (view.node(target).kind === 'Service') found.push(target);
      return undefined;
    });
  const labels = isMeant(changed) ? workloadOf(changed)?.templateLabels : undefined;
  if (labels === undefined && changed.state === 'present') return found;
  view.eachOfKind('Service', changed.namespace, (id) => {
    const { selector = {} } = serviceKind.of(view.node(id)) ?? {};
    if (labels === undefined || selects(selector, labels) || !selectsAny(id, view)) found.push(id);
    return undefined;
  });
  return found;
}

const isMeant = ({ kind }: GraphNode) => WORKLOADS.some((one) => one === kind);

function selectsAny(service: NodeId, view: GraphView): boolean {
  let any = false;
  view.out(service, (_, { relation }) => {
    any = relation.id === 'service-pod';
    return !any;
  });
  return any;
}

export const selects = (selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>) =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

export interface Template {
  node: GraphNode;
  replicas: number;
  ready: number;
  labels: Readonly<Record<string, string>>;
}

/** What the workloads of a namespace write on their pods, by name. */
export function templatesIn(namespace: string, view: GraphView): Template[] {
  const found: Template[] = [];
  for (const kind of WORKLOADS)
    view.eachOfKind(kind, namespace, (id) => {
      const node = view.node(id);
      const workload = workloadOf(node);
      if (workload !== undefined && node.deleting === undefined)
        found.push({
          node,
          replicas: workload.specReplicas,
          ready: workload.ready,
          labels: workload.templateLabels,
        });
      return undefined;
    });
  return found.sort((a, b) => (a.node.name < b.node.name ? -1 : 1));
}

/** The workload that makes the pods a Service selects: one that is to have some before one that is scaled to 0, then by name. */
export function makerOf({ selector }: ServiceFacts, templates: readonly Template[]): Template | undefined {
  const makers = templates.filter(({ labels }) => selects(selector, labels));
  return makers.find(({ replicas }) => replicas > 0) ?? makers[0];
}

/** Who sends requests to it, as far as objects say so: routes, webhooks, workloads that name it. */
export function usersOf(service: NodeId, view: GraphView): GraphNode[] {
  const users = new Map<NodeId, GraphNode>();
  view.in(service, (source, { strength }) => {
    const node = view.node(source);
    if (strength === 'ownership' || strength === 'informational' || node.state === 'absent') return undefined;
    if (PASSIVE.has(node.kind) || node.health === 'done') return undefined;
    const user = node.kind === POD ? (workloadAbove(source, view) ?? node) : node;
    users.set(user.id, user);
    return users.size < ENOUGH;
  });
  return [...users.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether somebody who uses it is not well: then what is wrong with it need not be waited for. */
export const hurts = (users: readonly GraphNode[]): boolean => users.some(({ health }) => HURT.has(health));

export type Answer = { answers: true } | { answers: false; says: string; cause: NodeId };

/** Whether anybody answers at a Service that the API server itself calls. */
export function answerOf(namespace: string, name: string, view: GraphView): Answer {
  const id = view.find('Service', namespace, name);
  // Not to be seen by whoever asks.
  if (id === undefined || !known(view, POD)) return { answers: true };
  if (view.whereabouts(id) === 'gone')
    return { answers: false, says: `Service ${namespace}/${name} does not exist`, cause: id };
  const facts = serviceKind.of(view.node(id));
  if (facts === undefined || Object.keys(facts.selector).length === 0) return { answers: true };
  const pods = backing(id, view);
  if (pods.some(({ pod }) => pod.ready || facts.publishNotReady)) return { answers: true };
  return {
    answers: false,
    says: `Service ${namespace}/${name} has no ready pod`,
    cause: behind(id, facts, pods, view),
  };
}

/** The workload whose pods a Service selects, there or not; the Service where nobody makes such pods. */
export function behind(id: NodeId, facts: ServiceFacts, pods: readonly BackingPod[], view: GraphView): NodeId {
  const owner = mostOf(pods.map(({ node }) => workloadAbove(node.id, view) ?? node));
  return owner?.id ?? makerOf(facts, templatesIn(view.node(id).namespace, view))?.node.id ?? id;
}

/** The one that is there most often, then by name. */
function mostOf(owners: readonly GraphNode[]): GraphNode | undefined {
  const times = new Map<NodeId, { owner: GraphNode; count: number }>();
  for (const owner of owners) times.set(owner.id, { owner, count: (times.get(owner.id)?.count ?? 0) + 1 });
  const [most] = [...times.values()].sort((a, b) => b.count - a.count || (a.owner.name < b.owner.name ? -1 : 1));
  return most?.owner;
}
