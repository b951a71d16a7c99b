import { apiRequest } from '../../kernel/api-request.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ApiRequest, KubeObject } from '../../kernel/vocabulary.ts';
import type { ApiResource } from '../../kube/types.ts';
import { podStatus } from '../query/pod-status.ts';
import { items, text, textMap } from '../query/read.ts';
import { orSuggest } from '../query/suggest.ts';
import type { CallContext } from '../types.ts';

/** Pods of a workload whose logs are read at most. */
export const MAX_PODS = 20;
/** Latest runs of a CronJob that are looked at. */
const CRONJOB_RUNS = 3;

/** What `pod_name` names: a pod, or an object that selects pods. */
export interface LogTarget {
  pods: ApiResource;
  /** undefined: a pod. */
  workload: ApiResource | undefined;
  name: string;
  namespace: string;
}

/** `web-0`, `pod/web-0`, `deployment/web`, `deploy/web`, `statefulsets.apps/db`. */
export async function logTarget(podName: string, namespace: string | undefined, ctx: CallContext): Promise<LogTarget> {
  const { mapper, defaultNamespace } = ctx.cluster;
  const pods = await mapper.resolve('pods', 'v1', ctx.signal);
  const slash = podName.indexOf('/');
  const name = podName.slice(slash + 1);
  if (name === '' || name.includes('/')) {
    throw new AppError('invalid_argument', `pod_name: ${podName} is neither a pod's name nor kind/name.`, {
      remedy: 'Use the name of a pod, or for example deployment/web. The namespace is an argument of its own.',
    });
  }
  const kind = slash < 0 ? pods : await mapper.resolve(podName.slice(0, slash), undefined, ctx.signal);
  const isPod = kind.group === '' && kind.resource === 'pods';
  return { pods, workload: isPod ? undefined : kind, name, namespace: namespace ?? defaultNamespace };
}

/** The requests that reading its logs will be, for policy. */
export function logRequests({ pods, workload, name, namespace }: LogTarget): ApiRequest[] {
  if (workload === undefined) {
    return [
      apiRequest('get', pods, { namespace, name }),
      apiRequest('get', pods, { namespace, name, subresource: 'log' }),
    ];
  }
  return [
    apiRequest('get', workload, { namespace, name }),
    apiRequest('list', pods, { namespace }),
    apiRequest('get', pods, { namespace, subresource: 'log' }),
  ];
}

export interface PodsOfTarget {
  pods: KubeObject[];
  /** Pods there are, where more than MAX_PODS. */
  of: number;
}

/** The pods to read, those in trouble first, then the latest. */
export async function podsOf(target: LogTarget, ctx: CallContext): Promise<PodsOfTarget> {
  const { pods, workload, name, namespace } = target;
  const { client } = ctx.cluster;
  if (workload === undefined) {
    const pod = client.get(pods, name, { namespace, signal: ctx.signal });
    return { pods: [await orSuggest(pod, { resource: pods, name, namespace }, ctx)], of: 1 };
  }
  const live = client.get(workload, name, { namespace, signal: ctx.signal });
  const object = await orSuggest(live, { resource: workload, name, namespace }, ctx);
  const labelSelector = workload.resource === 'cronjobs' ? await runsOf(object, namespace, ctx) : selectorOf(object);
  if (labelSelector === '') {
    throw new AppError('invalid_argument', `${workload.kind} ${namespace}/${name} selects no pods.`, {
      remedy: 'Name a pod, or a Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob or Service.',
    });
  }
  const list = await client.list(pods, { namespace, labelSelector, limit: 500 }, ctx.signal);
  const sorted = list.items.sort((a, b) => trouble(b) - trouble(a) || latest(a, b));
  return { pods: sorted.slice(0, MAX_PODS), of: sorted.length + (list.remainingItemCount ?? 0) };
}

/** The label selector of a workload (matchLabels, matchExpressions) or of a Service (a plain map). */
function selectorOf(object: KubeObject): string {
  const plain = textMap(object, 'spec', 'selector');
  const labels = { ...plain, ...textMap(object, 'spec', 'selector', 'matchLabels') };
  const terms = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  for (const expression of items(object, 'spec', 'selector', 'matchExpressions')) {
    const [key, operator] = [text(expression, 'key'), text(expression, 'operator')];
    const values = items(expression, 'values')
      .filter((value) => typeof value === 'string')
      .join(',');
    if (operator === 'Exists') terms.push(key);
    else if (operator === 'DoesNotExist') terms.push(`!${key}`);
    else terms.push(`${key} ${operator === 'NotIn' ? 'notin' : 'in'} (${values})`);
  }
  return terms.join(',');
}

async function runsOf(cronJob: KubeObject, namespace: string, ctx: CallContext): Promise<string> {
  const jobs = await ctx.cluster.mapper.resolve('jobs', 'batch/v1', ctx.signal);
  const list = await ctx.cluster.client.listMetadata(jobs, { namespace, limit: 500 }, ctx.signal);
  const owned = list.items.filter((job) =>
    items(job, 'metadata', 'ownerReferences').some((owner) => text(owner, 'uid') === cronJob.metadata?.uid),
  );
  const names = owned
    .sort(latest)
    .slice(0, CRONJOB_RUNS)
    .map((job) => text(job, 'metadata', 'name'));
  return names.length === 0 ? '' : `batch.kubernetes.io/job-name in (${names.join(',')})`;
}

function trouble(pod: KubeObject): number {
  const { status, ready, total } = podStatus(pod);
  return status === 'Completed' || (status === 'Running' && ready === total) ? 0 : 1;
}

function latest(a: KubeObject, b: KubeObject): number {
  const [from, to] = [text(a, 'metadata', 'creationTimestamp'), text(b, 'metadata', 'creationTimestamp')];
  return from < to ? 1 : from > to ? -1 : 0;
}
