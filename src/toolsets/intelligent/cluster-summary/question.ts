import { kindKeyOf } from '../../../graph/kind-key.ts';
import type { GraphView, KindKey } from '../../../graph/types.ts';
import { AppError } from '../../../kernel/errors.ts';
import { nearest } from '../../../kernel/nearest.ts';
import type { ApiRequest } from '../../../kernel/vocabulary.ts';
import type { SummaryQuestion } from '../../../monitor/summary/collect.ts';
import type { Scope } from '../../../monitor/summary/types.ts';
import { listRequests } from '../../../operations/query/across-namespaces.ts';
import type { CallContext } from '../../../operations/types.ts';
import { servedMetrics } from './metrics.ts';

/** Both argument forms, as the tool takes them. */
export interface SummaryInput {
  scope?: Scope | undefined;
  focus_namespace?: string | undefined;
  include_details?: boolean | undefined;
  max_size_kb?: number | undefined;
  anomaly_threshold?: 'low' | 'medium' | 'high' | undefined;
  summary_type?: string | undefined;
  include_anomalies?: boolean | undefined;
  include_metrics?: boolean | undefined;
  include_historical?: boolean | undefined;
  resource_types?: string[] | undefined;
  time_range?: '1h' | '6h' | '24h' | '7d' | undefined;
}

export const SCOPES = ['cluster', 'namespace', 'health', 'resources', 'anomalies', 'performance'] as const;

const THRESHOLDS = { low: 1, medium: 3, high: 4 } as const;

const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);

/** `summary_type` is the seed's word: a scope, or how much is told of the cluster. */
export function scopeOf({ scope, summary_type: type, focus_namespace: namespace }: SummaryInput): Scope {
  if (scope !== undefined) return scope;
  if (type !== undefined && isScope(type)) return type;
  return namespaceOf(namespace) === undefined ? 'cluster' : 'namespace';
}

/** Usage is read for those who ask for it: by its scope, or besides another. */
export const wantsMetrics = (input: SummaryInput): boolean =>
  scopeOf(input) === 'performance' || input.include_metrics === true;

/** `all` and the empty text stand for every namespace. */
export const namespaceOf = (given: string | undefined): string | undefined =>
  given === undefined || given === '' || given === 'all' || given === '*' ? undefined : given;

/** What policy is asked: the objects that a summary counts, and the metrics that it reads. */
export async function summaryRequests(input: SummaryInput, ctx: CallContext): Promise<ApiRequest[]> {
  const namespace = namespaceOf(input.focus_namespace);
  if (scopeOf(input) === 'namespace' && namespace === undefined) {
    throw new AppError('invalid_argument', 'A summary of one namespace needs its name.', {
      problems: [{ field: 'focus_namespace', problem: 'is required with scope namespace' }],
      remedy: 'Send focus_namespace, or scope cluster.',
    });
  }
  const pods = await ctx.cluster.mapper.resolve('pods', 'v1', ctx.signal);
  const requests: ApiRequest[] = listRequests(pods, namespace, ctx.policy);
  if (!wantsMetrics(input)) return requests;
  for (const metrics of await servedMetrics(ctx, namespace))
    requests.push(...listRequests(metrics, namespace, ctx.policy));
  return requests;
}

export async function questionOf(input: SummaryInput, ctx: CallContext): Promise<SummaryQuestion> {
  const scope = scopeOf(input);
  const kinds: KindKey[] = [];
  for (const word of input.resource_types ?? []) {
    const { group, kind } = await ctx.cluster.mapper.resolve(word, undefined, ctx.signal);
    kinds.push(kindKeyOf(group, kind));
  }
  const fallback = scope === 'anomalies' ? 'low' : 'medium';
  return {
    scope,
    detailed: input.summary_type === 'detailed' || (input.include_details ?? input.summary_type === undefined),
    namespace: namespaceOf(input.focus_namespace),
    threshold: THRESHOLDS[input.anomaly_threshold ?? fallback],
    lenient: input.anomaly_threshold === undefined,
    kinds,
  };
}

/** Throws where there is no such namespace, as far as that can be known. */
export function checkNamespace(view: GraphView, namespace: string | undefined): void {
  if (namespace === undefined) return;
  const id = view.find('Namespace', '', namespace);
  if (id !== undefined && view.whereabouts(id) !== 'gone') return;
  const known = view.namespaces();
  if (known.includes(namespace)) return;
  const state = view.kindState('Namespace');
  // Where namespaces cannot be listed in full, an empty one is not to be told from none.
  if (state.state !== 'synced' || state.namespaces !== undefined) return;
  const candidates = nearest(namespace, known);
  throw new AppError('not_found', `There is no namespace ${JSON.stringify(namespace.slice(0, 80))}.`, {
    ...(candidates.length === 0 ? {} : { candidates }),
    remedy: candidates.length === 0 ? 'scope cluster lists the namespaces.' : 'Send one of them as focus_namespace.',
  });
}
