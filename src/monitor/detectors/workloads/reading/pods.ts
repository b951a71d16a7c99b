/** What detectors of pods have in common. */
import type { ContainerFacts, PodFacts, TemplateFacts } from '../../../../graph/facts.ts';
import { node as nodeKind } from '../../../../graph/project/node.ts';
import { pod as podKind } from '../../../../graph/project/pod.ts';
import type { GraphNode, GraphView, KindKey, NodeId } from '../../../../graph/types.ts';
import type { DetectContext, Detector, Found, Severity } from '../../../types.ts';
import { lookWith } from './looking.ts';
import { CRON_JOB, DEPLOYMENT, JOB, REPLICA_SET } from './owners.ts';

export const POD = 'Pod';

/** Through these a pod leads to who wrote its template. */
export const OWNERS: readonly KindKey[] = [REPLICA_SET, DEPLOYMENT, JOB, CRON_JOB];

export interface PodInView extends DetectContext {
  node: GraphNode;
  pod: PodFacts;
}

/** For `affected` of detectors that read of a Node no more than it says itself. */
export function podsOn(changed: GraphNode, view: GraphView, itself: boolean): Iterable<NodeId> {
  const found: NodeId[] = [];
  if (itself)
    view.in(changed.id, (source, { relation }) => {
      if (relation.id === 'pod-node') found.push(source);
      return undefined;
    });
  return found;
}

interface PodDetector {
  id: string;
  reads?: readonly KindKey[];
  affected?: Detector['affected'];
  look(seen: PodInView): readonly Found[] | Found | undefined;
}

/** A detector of pods that should be running: neither ended nor being deleted. */
export const onLivePods = (detector: PodDetector): Detector =>
  onPods(detector, (node, pod) => node.deleting === undefined && pod.phase !== 'Succeeded' && pod.phase !== 'Failed');

export function onPods(
  { id, reads = [], affected, look }: PodDetector,
  concerns: (node: GraphNode, pod: PodFacts) => boolean = () => true,
): Detector {
  return {
    id,
    class: 'incident',
    kinds: [POD],
    reads,
    ...(affected === undefined ? {} : { affected }),
    detect(node, context) {
      const pod = podKind.of(node);
      if (pod === undefined) return [];
      return concerns(node, pod) ? lookWith(context, { node, pod }, look) : [];
    },
  };
}

/** Since when it is not ready, as far as it says so. */
export const downSince = ({ node, pod }: PodInView): number => Math.max(node.created, pod.ready ? 0 : pod.readySince);

export const templateOf = (pod: PodFacts, container: string): TemplateFacts['containers'][number] | undefined =>
  pod.template.containers.find(({ name }) => name === container);

/** `container cart`, `init container migrate`. */
export const words = ({ name, role }: ContainerFacts): string =>
  role === 'init' || role === 'ephemeral' ? `${role} container ${name}` : `container ${name}`;

/** How a container ended: `exit 1`, `OOMKilled`. */
export function ending(end: { reason: string; exitCode: number }): string {
  if (end.reason === 'OOMKilled') return 'OOMKilled';
  const how = end.reason === '' || end.reason === 'Error' || end.reason === 'Completed' ? '' : `${end.reason}, `;
  return `${how}exit ${end.exitCode}${signal(end.exitCode)}`;
}

/** What the kubelet and shells answer where there is nothing to run: no such file, not executable, not to be started. */
const NOTHING_TO_RUN: ReadonlySet<number> = new Set([126, 127, 128]);
const NEVER_RAN: ReadonlySet<string> = new Set(['ContainerCannotRun', 'StartError']);
const OF_ITSELF: ReadonlySet<string> = new Set(['OOMKilled', ...NEVER_RAN]);

/** Leaves `own` out where what it depends on may have made it end. */
export const endedOfItself = (end: { reason: string; exitCode: number } | undefined): { own?: true } =>
  end !== undefined && (NOTHING_TO_RUN.has(end.exitCode) || OF_ITSELF.has(end.reason)) ? { own: true } : {};

/** Where to read what it said before it ended. What could not be started has said nothing; only what was started again has a log of before. */
export function lastWords({ namespace, name: pod }: GraphNode, container: ContainerFacts): { advice?: string } {
  const { name, state, last, reason } = container;
  const end = state === 'terminated' ? { reason } : last;
  if (end === undefined || NEVER_RAN.has(end.reason)) return {};
  const before = state === 'terminated' ? '' : ' --previous';
  return { advice: `Read what it said last: kubectl logs -n ${namespace} ${pod} -c ${name}${before}` };
}

/** Codes above 128: ended by a signal. */
const SIGNALS: Readonly<Record<number, string>> = { 134: 'SIGABRT', 137: 'SIGKILL', 139: 'SIGSEGV', 143: 'SIGTERM' };
const signal = (code: number) => (SIGNALS[code] === undefined ? '' : ` (${SIGNALS[code]})`);

/** The node of a pod, where it is known not to be ready. */
export function badNodeOf({ pod, view }: Pick<PodInView, 'pod' | 'view'>): GraphNode | undefined {
  const id = pod.node === '' ? undefined : view.find('Node', '', pod.node);
  if (id === undefined) return undefined;
  const found = view.node(id);
  if (found.state === 'absent') return view.whereabouts(id) === 'gone' ? found : undefined;
  return nodeKind.of(found)?.ready === 'True' ? undefined : found;
}

export const CRITICAL: Severity = 4;
export const WARNING: Severity = 3;
export const MINOR: Severity = 2;
export const HINT: Severity = 1;

/** Leaves `cause` out where there is none: the option is exact. */
export const because = (cause: NodeId | undefined): { cause?: NodeId } => (cause === undefined ? {} : { cause });
