/** Jobs as their controllers read them. */
import type { KubeObject } from '../../../types.ts';
import { conditionOf } from '../kit/conditions.ts';
import type { Condition, LabelSelector, Pod, PodTemplate } from '../kit/shapes.ts';

export const JOBS = 'jobs.batch';
export const TRACKING = 'batch.kubernetes.io/job-tracking';
export const INDEX = 'batch.kubernetes.io/job-completion-index';

export interface FailureRule {
  action: string;
  onExitCodes?: { containerName?: string; operator: string; values: number[] };
  onPodConditions?: { type: string; status?: string }[];
}

export interface JobStatus {
  active?: number | undefined;
  ready?: number | undefined;
  terminating?: number | undefined;
  succeeded?: number | undefined;
  failed?: number | undefined;
  startTime?: string | undefined;
  completionTime?: string | undefined;
  completedIndexes?: string | undefined;
  conditions?: Condition[] | undefined;
  uncountedTerminatedPods?: { succeeded?: string[]; failed?: string[] } | undefined;
}

export interface Job extends KubeObject {
  spec: {
    parallelism?: number;
    completions?: number;
    backoffLimit?: number;
    activeDeadlineSeconds?: number;
    ttlSecondsAfterFinished?: number;
    completionMode?: string;
    podReplacementPolicy?: string;
    podFailurePolicy?: { rules?: FailureRule[] };
    managedBy?: string;
    suspend?: boolean;
    selector?: LabelSelector;
    template: PodTemplate;
  };
  status?: JobStatus;
}

/** `Complete` or `Failed` once it is one of them. */
export function finishedAs({ status }: Job): 'Complete' | 'Failed' | undefined {
  if (conditionOf(status?.conditions, 'Complete')?.status === 'True') return 'Complete';
  return conditionOf(status?.conditions, 'Failed')?.status === 'True' ? 'Failed' : undefined;
}

export const isIndexed = ({ spec }: Job) => spec.completionMode === 'Indexed';
export const isTracked = ({ metadata }: KubeObject) => metadata.finalizers?.includes(TRACKING) === true;

export function indexOf(pod: Pod): number | undefined {
  const text = pod.metadata.annotations?.[INDEX];
  return text === undefined ? undefined : Number(text);
}

/** A pod that is on its way out counts as failed too, unless only pods that have failed are replaced. */
export function hasFailed(job: Job, pod: Pod): boolean {
  if (pod.status?.phase === 'Failed') return true;
  if (waitsForFailed(job)) return false;
  return pod.metadata.deletionTimestamp !== undefined && pod.status?.phase !== 'Succeeded';
}

export const waitsForFailed = ({ spec }: Job) =>
  spec.podReplacementPolicy === 'Failed' || spec.podFailurePolicy !== undefined;

/** `0-2,5` */
export function parseIndexes(text: string | undefined): Set<number> {
  const indexes = new Set<number>();
  for (const range of (text ?? '').split(',').filter((one) => one !== '')) {
    const [from = 0, to = from] = range.split('-').map(Number);
    for (let index = from; index <= to; index++) indexes.add(index);
  }
  return indexes;
}

export function indexesText(indexes: ReadonlySet<number>): string {
  const ranges: [from: number, to: number][] = [];
  for (const index of [...indexes].toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  return ranges
    .map(([from, to]) => (from === to ? String(from) : `${from}${to === from + 1 ? ',' : '-'}${to}`))
    .join(',');
}
