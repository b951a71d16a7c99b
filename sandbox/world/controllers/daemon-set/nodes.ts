/** Which nodes take a DaemonSet's pod, and the pod for one of them. */
import type { KubeObject } from '../../../types.ts';
import type { IntOrPercent } from '../kit/numbers.ts';
import { podFromTemplate } from '../kit/pods.ts';
import type { LabelSelector, Node, Pod, PodSpec, PodTemplate, Toleration } from '../kit/shapes.ts';
import { untolerated, wantsNode } from '../kit/taints.ts';

export interface DaemonSet extends KubeObject {
  spec: {
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    selector?: LabelSelector;
    updateStrategy?: { type?: string; rollingUpdate?: { maxSurge?: IntOrPercent; maxUnavailable?: IntOrPercent } };
    template: PodTemplate;
  };
  status?: {
    observedGeneration?: number | undefined;
    collisionCount?: number | undefined;
    currentNumberScheduled?: number | undefined;
    numberMisscheduled?: number | undefined;
    desiredNumberScheduled?: number | undefined;
    numberReady?: number | undefined;
    updatedNumberScheduled?: number | undefined;
    numberAvailable?: number | undefined;
    numberUnavailable?: number | undefined;
  };
}

const GENERATION = 'deprecated.daemonset.template.generation';

/** What daemons live through: their node's troubles. */
const TROUBLES: readonly [key: string, effect: string][] = [
  ['not-ready', 'NoExecute'],
  ['unreachable', 'NoExecute'],
  ['disk-pressure', 'NoSchedule'],
  ['memory-pressure', 'NoSchedule'],
  ['pid-pressure', 'NoSchedule'],
  ['unschedulable', 'NoSchedule'],
];

function tolerationsOf(spec: PodSpec): Toleration[] {
  const troubles = spec.hostNetwork === true ? [...TROUBLES, ['network-unavailable', 'NoSchedule'] as const] : TROUBLES;
  const wanted = troubles.map(([key, effect]) => ({ key: `node.kubernetes.io/${key}`, operator: 'Exists', effect }));
  const own = (spec.tolerations ?? []).filter(
    (one) =>
      !wanted.some(
        ({ key, effect }) => one.key === key && one.effect === effect && (one.operator ?? 'Equal') === 'Exists',
      ),
  );
  return [...own, ...wanted];
}

/** `runs`: it should have one; `stays`: one that is there may stay. */
export function shouldRun(set: DaemonSet, node: Node): { runs: boolean; stays: boolean } {
  const { spec } = set.spec.template;
  const { name } = node.metadata;
  if (spec.nodeName !== undefined && spec.nodeName !== '' && spec.nodeName !== name)
    return { runs: false, stays: false };
  if (!wantsNode(spec, node)) return { runs: false, stays: false };
  const tolerations = tolerationsOf(spec);
  const taints = node.spec?.taints ?? [];
  if (untolerated(taints, tolerations) === undefined) return { runs: true, stays: true };
  return { runs: false, stays: untolerated(taints, tolerations, ['NoExecute']) === undefined };
}

/** Bound to its node by affinity: the scheduler places it like any other. */
export function podFor(set: DaemonSet, node: string, hash: string): Pod {
  const pod = podFromTemplate(set.spec.template, set);
  const generation = set.metadata.annotations?.[GENERATION];
  pod.metadata.labels = {
    ...pod.metadata.labels,
    'controller-revision-hash': hash,
    ...(generation === undefined ? {} : { 'pod-template-generation': generation }),
  };
  pod.spec.tolerations = tolerationsOf(pod.spec);
  const required = {
    nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
  };
  pod.spec.affinity = {
    ...pod.spec.affinity,
    nodeAffinity: { ...pod.spec.affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required },
  };
  return pod;
}

/** Where it runs, or where its affinity wants it. */
export function nodeOfPod({ spec }: Pod): string | undefined {
  if (spec.nodeName !== undefined && spec.nodeName !== '') return spec.nodeName;
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const { matchFields = [] } of terms) {
    const field = matchFields.find(({ key, operator }) => key === 'metadata.name' && operator === 'In');
    if (field?.values?.length === 1) return field.values[0];
  }
  return undefined;
}

export function isUpdated(set: DaemonSet, pod: Pod, hash: string): boolean {
  const labels = pod.metadata.labels ?? {};
  const generation = set.metadata.annotations?.[GENERATION];
  return (
    labels['controller-revision-hash'] === hash ||
    (generation !== undefined && labels['pod-template-generation'] === generation)
  );
}
