/** A pod that no node takes, and why. */
import { claim as claimKind } from '../../../graph/project/claim.ts';
import type { NodeId } from '../../../graph/types.ts';
import type { Detector } from '../../types.ts';
import { missingIn } from './reading/named.ts';
import { askedOf, type Machine, machinesOf, wouldTake } from './reading/nodes.ts';
import { workloadAbove } from './reading/owners.ts';
import { because, CRITICAL, OWNERS, onLivePods, type PodInView } from './reading/pods.ts';
import { recent, told } from './reading/stories.ts';
import { bytes, cores, MINUTE, short } from './reading/times.ts';
import { PLACING } from './reading/waiting.ts';

/** An autoscaler that said it adds a node gets the time for it. */
const SCALE_UP = 6 * MINUTE;

/** In the words of the scheduler, and in ours. */
const REASONS: readonly { kind: Reason; pattern: RegExp; says: string }[] = [
  {
    kind: 'claim',
    pattern: /unbound immediate PersistentVolumeClaims|persistentvolumeclaim "/i,
    says: 'its volume claim is not bound',
  },
  {
    kind: 'volume',
    pattern:
      /volume node affinity conflict|PersistentVolume's node affinity|max volume count|find available persistent volumes/i,
    says: 'its volume is elsewhere',
  },
  { kind: 'cpu', pattern: /Insufficient cpu/i, says: 'not enough CPU' },
  { kind: 'memory', pattern: /Insufficient memory/i, says: 'not enough memory' },
  { kind: 'other', pattern: /Insufficient [a-z0-9./-]+/i, says: 'not enough of a resource' },
  { kind: 'pods', pattern: /Too many pods/i, says: 'too many pods on the nodes' },
  { kind: 'cordoned', pattern: /were unschedulable/i, says: 'nodes are cordoned' },
  { kind: 'taint', pattern: /taint/i, says: 'taints that it does not tolerate' },
  {
    kind: 'affinity',
    pattern: /node affinity|node selector|affinity\/selector/i,
    says: 'no node matches its selector',
  },
  { kind: 'company', pattern: /anti-affinity|pod affinity|topology spread/i, says: 'rules about its neighbours' },
  { kind: 'ports', pattern: /free ports/i, says: 'its host port is taken' },
];
type Reason =
  | 'claim'
  | 'volume'
  | 'cpu'
  | 'memory'
  | 'other'
  | 'pods'
  | 'cordoned'
  | 'taint'
  | 'affinity'
  | 'company'
  | 'ports';

export const unschedulable: Detector = onLivePods({
  id: 'unschedulable',
  reads: [...OWNERS, 'Node', 'PersistentVolumeClaim'],
  look(seen) {
    const { node, pod } = seen;
    const scheduled = pod.conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
    if (pod.node !== '' || scheduled === undefined || scheduled.reason === 'SchedulingGated') return undefined;
    const [event] = recent(node, seen, 'FailedScheduling');
    const message = (scheduled.message || event?.message || '').split(/\s*preemption:/i, 1)[0] ?? '';
    const reasons = reasonsIn(message);
    const growing = recent(node, seen, 'TriggeredScaleUp')[0];
    const { cause, evidence, advice } = causeOf(seen, reasons, message);
    const since = Math.max(scheduled.since, node.created);
    return {
      severity: CRITICAL,
      title: `no node takes it${reasons.length === 0 ? '' : `: ${evidence ?? reasons.map(({ says }) => says).join(', ')}`}`,
      evidence: [
        `condition PodScheduled: ${short(message, 260)}`,
        ...(evidence === undefined ? [] : [evidence]),
        ...(growing === undefined ? [] : [told(growing, seen.now)]),
      ],
      since,
      holdMs: growing === undefined ? PLACING : SCALE_UP,
      ...because(cause),
      ...(advice === undefined ? {} : { advice }),
    };
  },
});

function reasonsIn(message: string): { kind: Reason; says: string }[] {
  const clauses = message.split(/, |: /);
  const found = clauses.map((clause) => REASONS.find(({ pattern }) => pattern.test(clause)));
  return [...new Set(found.filter((reason) => reason !== undefined))].sort(
    (a, b) => REASONS.indexOf(a) - REASONS.indexOf(b),
  );
}

interface Cause {
  cause: NodeId | undefined;
  evidence?: string;
  advice?: string;
}

/** A taint that the control plane sets for what ails a node; newer schedulers do not say which one it is. */
const AILING = /untolerated taint(?! \{)|untolerated taint \{node\.kubernetes\.io\//;

/** What stands in the way most certainly: what it asks for itself, then claims, then nodes that would take it. */
function causeOf(seen: PodInView, reasons: readonly { kind: Reason }[], message: string): Cause {
  const { node, view } = seen;
  const has = (kind: Reason) => reasons.some((reason) => reason.kind === kind);
  const workload = () => workloadAbove(node.id, view)?.id;
  const tooMuch = has('cpu') || has('memory') ? largerThanAny(seen) : undefined;
  if (tooMuch !== undefined) return { cause: workload(), evidence: tooMuch };
  if (has('claim')) return claimOf(seen, message);
  const { cordoned, unwell } = machinesOf(view);
  const closed = has('cordoned') ? nameNodes(cordoned, seen, 'cordoned') : undefined;
  if (closed !== undefined) return closed;
  const ill = has('taint') && AILING.test(message) ? nameNodes(unwell, seen, 'not well') : undefined;
  if (ill !== undefined) return ill;
  const itself = reasons.length > 0 && reasons.every(({ kind }) => kind === 'affinity' || kind === 'taint');
  return { cause: itself ? workload() : undefined };
}

function largerThanAny({ pod, view }: PodInView): string | undefined {
  const { largest } = machinesOf(view);
  const { cpu, memory } = askedOf(pod);
  if (largest.cpu > 0 && cpu > largest.cpu)
    return `it asks for ${cores(cpu)} CPUs, the largest node has ${cores(largest.cpu)}`;
  if (largest.memory > 0 && memory > largest.memory)
    return `it asks for ${bytes(memory)} of memory, the largest node has ${bytes(largest.memory)}`;
  return undefined;
}

function claimOf({ node, view }: PodInView, message: string): Cause {
  const missing = missingIn(message, node, view);
  if (missing !== undefined) return { cause: missing.id, evidence: missing.says };
  let cause: Cause = { cause: undefined };
  view.out(node.id, (target) => {
    const claim = view.node(target);
    if (claim.kind !== 'PersistentVolumeClaim') return undefined;
    if (claim.state === 'present' && claimKind.of(claim)?.phase === 'Bound') return undefined;
    cause = { cause: target, evidence: `PersistentVolumeClaim ${claim.name} is not bound` };
    return false;
  });
  return cause;
}

/** Nodes that would take the pod else; the first by name stands for them. */
function nameNodes(machines: readonly Machine[], { pod }: PodInView, state: string): Cause | undefined {
  const fitting = machines.filter((machine) => wouldTake(machine, pod));
  const [first] = fitting;
  if (first === undefined) return undefined;
  const names = fitting.slice(0, 3).map(({ node }) => node.name);
  const more = fitting.length > names.length ? ` and ${fitting.length - names.length} more` : '';
  const open =
    state === 'cordoned'
      ? {
          advice: `kubectl uncordon ${names.join(' ')}, once ${fitting.length === 1 ? 'it' : 'they'} may take pods again`,
        }
      : {};
  return {
    ...open,
    cause: first.node.id,
    evidence: `${fitting.length === 1 ? 'Node' : 'Nodes'} ${names.join(', ')}${more} ${fitting.length === 1 ? 'is' : 'are'} ${state}`,
  };
}
