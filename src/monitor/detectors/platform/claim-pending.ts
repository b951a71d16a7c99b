/** A claim that gets no volume, or that has lost its own. */
import type { ClaimFacts } from '../../../graph/facts.ts';
import { claim as claimKind } from '../../../graph/project/claim.ts';
import { storageClass as classKind } from '../../../graph/project/storage-class.ts';
import type { EventFacts, GraphNode, GraphView } from '../../../graph/types.ts';
import type { Detector, Found } from '../../types.ts';
import { because, CRITICAL, POD, WARNING } from '../workloads/reading/pods.ts';
import { recent, told } from '../workloads/reading/stories.ts';
import { MINUTE, SECOND, short, span } from '../workloads/reading/times.ts';
import { lost, namesOf } from './reading/edges.ts';
import { allOf, type Looked, onKind } from './reading/on-kind.ts';

export const claimPending: Detector = onKind(claimKind, {
  id: 'claim-pending',
  reads: [classKind.kind, 'PersistentVolume', POD],
  affected(changed, view) {
    if (changed.kind === classKind.kind) return allOf(claimKind.kind)(changed, view);
    const near: number[] = [];
    const visit = (id: number) => {
      if (view.node(id).kind === claimKind.kind) near.push(id);
      return undefined;
    };
    view.out(changed.id, visit);
    view.in(changed.id, visit);
    return near;
  },
  look(seen) {
    if (seen.facts.phase === 'Lost') return gone(seen);
    if (seen.facts.phase !== 'Pending') return undefined;
    return withoutClass(seen) ?? refused(seen) ?? waiting(seen);
  },
});

function gone({ node, facts, view }: Looked<ClaimFacts>): Found {
  const [volume] = lost(node.id, view, 'claim-volume');
  return {
    severity: CRITICAL,
    title: `its volume ${facts.volume} is lost`,
    evidence: [
      'status.phase: Lost',
      ...(volume === undefined ? [] : [`PersistentVolume ${facts.volume} does not exist`]),
    ],
    ...because(volume?.node.id),
  };
}

/** The claim asks for something that is not there. */
function withoutClass(seen: Looked<ClaimFacts>): Found | undefined {
  const { node, facts, view } = seen;
  const base = { severity: CRITICAL, since: node.created, holdMs: 30 * SECOND } as const;
  const [event] = recent(node, seen, 'ProvisioningFailed', 'FailedBinding');
  const story = event === undefined ? [] : [told(event, seen.now)];
  const [missing] = lost(node.id, view, 'volume-storage-class');
  if (missing !== undefined)
    return {
      ...base,
      title: `Pending: StorageClass ${facts.storageClass} does not exist`,
      evidence: [`spec.storageClassName: ${facts.storageClass}`, ...story, classesIn(view)],
      cause: missing.node.id,
    };
  if (facts.storageClass !== '' || facts.volume !== '' || event?.reason !== 'FailedBinding') return undefined;
  return {
    ...base,
    title: `Pending: ${short(event.message)}`,
    evidence: ['spec.storageClassName is not set', ...story, classesIn(view)],
  };
}

const classesIn = (view: GraphView) =>
  `StorageClasses: ${namesOf(classKind.kind, undefined, view).sort().slice(0, 6).join(', ') || 'none'}`;

/** Who should provide its volume says why not. */
function refused(seen: Looked<ClaimFacts>): Found | undefined {
  const [event] = recent(seen.node, seen, 'ProvisioningFailed', 'VolumeMismatch', 'ClaimLost', 'ClaimMisbound');
  if (event === undefined) return undefined;
  return {
    severity: CRITICAL,
    title: `Pending: ${short(event.message, 160)}`,
    evidence: [told(event, seen.now), `status.phase: Pending, the claim is ${span(seen.now - seen.node.created)} old`],
    since: event.first,
    holdMs: MINUTE,
  };
}

/** Nobody says anything. A claim whose class waits for its first consumer is as it should be. */
function waiting(seen: Looked<ClaimFacts>): Found | undefined {
  const { node, facts, view } = seen;
  const users = consumersOf(node, view);
  const of = view.find(classKind.kind, '', facts.storageClass);
  const binding = of === undefined ? undefined : classKind.of(view.node(of))?.binding;
  // Its pod says why it cannot be placed.
  if (binding === 'WaitForFirstConsumer' && users.every((pod) => !isPlaced(pod, seen))) return undefined;
  return {
    severity: users.length > 0 ? CRITICAL : WARNING,
    title: 'Pending: it gets no volume',
    evidence: [
      `status.phase: Pending, the claim is ${span(seen.now - node.created)} old`,
      `StorageClass ${facts.storageClass === '' ? 'is not set' : facts.storageClass}`,
      ...view
        .events(node.id)
        .slice(0, 1)
        .map((event: EventFacts) => told(event, seen.now)),
    ],
    since: node.created,
    holdMs: 3 * MINUTE,
  };
}

function consumersOf(node: GraphNode, view: GraphView): GraphNode[] {
  const pods: GraphNode[] = [];
  view.in(node.id, (source, { relation }) => {
    const pod = view.node(source);
    if (relation.id === 'pod-claim' && pod.kind === POD && pod.deleting === undefined) pods.push(pod);
    return undefined;
  });
  return pods;
}

function isPlaced(pod: GraphNode, { view }: Looked<ClaimFacts>): boolean {
  let placed = false;
  view.out(pod.id, (_, { relation }) => {
    placed = relation.id === 'pod-node';
    return !placed;
  });
  return placed;
}
