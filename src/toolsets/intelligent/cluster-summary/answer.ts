import type { Coverage, GraphQuestion, OpenGraph } from '../../../graph/access.ts';
import { keyOf, spoken } from '../../../monitor/causes/names.ts';
import { type SummaryQuestion, summarise } from '../../../monitor/summary/collect.ts';
import { renderSummary } from '../../../monitor/summary/render.ts';
import { shrink } from '../../../monitor/summary/shrink.ts';
import type { Performance, Summary } from '../../../monitor/summary/types.ts';
import type { Known, Monitor } from '../../../monitor/types.ts';
import type { CallContext } from '../../../operations/types.ts';
import { cleaned } from '../cleaned.ts';
import { readUsage } from './metrics.ts';
import { checkNamespace, questionOf, type SummaryInput } from './question.ts';

/** Kinds are waited for this long before an answer is given in part, ms. */
const WAIT_MS = 20_000;
/** What has changed is looked at for so long; what takes longer is told as it was seconds ago, ms. */
const DETECTION_MS = 10;
/** The pipeline puts a line with the context before every answer. */
const HEAD_BYTES = 256;
/** Kinds named of each sort in the typed answer. */
const NAMED = 10;
const RANGES = { '1h': 3_600_000, '6h': 21_600_000, '24h': 86_400_000, '7d': 604_800_000 } as const;
/** Ends and begins that are told. */
const LATEST = 10;

export interface SummaryAnswer extends Omit<Summary, 'coverage'> {
  coverage: Omit<Coverage, 'synced' | 'asOf'> & { as_of: string; synced: number };
  size: { max_size_kb: number; bytes: number };
  text: string;
}

export function answerOf(input: SummaryInput, ctx: CallContext): Promise<SummaryAnswer> {
  return answered(input, ctx, typedAnswer);
}

/** The text of the answer alone. */
export function linesOf(input: SummaryInput, ctx: CallContext): Promise<string[]> {
  return answered(input, ctx, ({ text }) => [text]);
}

async function answered<T>(input: SummaryInput, ctx: CallContext, as: (made: Made) => T): Promise<T> {
  const question = await questionOf(input, ctx);
  const { namespace } = question;
  const asked: GraphQuestion = {
    kinds: 'all',
    waitMs: WAIT_MS,
    ...(namespace === undefined ? {} : { focus: { namespace } }),
    signal: ctx.signal,
    progress: ctx.progress,
  };
  return ctx.graph.ask(asked, async (graph) => as(await summaryOf(graph, { input, question, ctx })));
}

interface Asked {
  input: SummaryInput;
  question: SummaryQuestion;
  ctx: CallContext;
}

interface Made {
  summary: Summary;
  coverage: Coverage;
  kb: number;
  /** UTF-8, that either form may take. */
  bytes: number;
  text: string;
}

async function summaryOf(graph: OpenGraph<Monitor>, { input, question, ctx }: Asked): Promise<Made> {
  const { namespace } = question;
  const kb = input.max_size_kb ?? ctx.graphDefaults.maxSummaryKb;
  const bytes = kb * 1024 - HEAD_BYTES;
  const known = await graph.detection.within(DETECTION_MS);
  const { view } = graph;
  checkNamespace(view, namespace);
  const [now, coverage] = [graph.now(), graph.coverage()];
  const basis = summarise(question, { view, known, coverage, now });
  const performance = await performanceOf(input, basis, { ctx, view, known, now });
  const told: Summary = performance === undefined ? basis : { ...basis, performance };
  const summary = input.include_anomalies === false ? withoutAnomalies(told) : told;
  return { summary, coverage, kb, bytes, text: renderSummary(summary, bytes) };
}

function typedAnswer({ summary, coverage, kb, bytes, text }: Made): SummaryAnswer {
  const { coverage: _all, ...typed } = shrink(cleaned(summary), bytes);
  return { ...typed, coverage: compact(coverage), size: { max_size_kb: kb, bytes: Buffer.byteLength(text) }, text };
}

async function performanceOf(
  { time_range: range = '1h', include_historical: historical = false }: SummaryInput,
  { scope, namespace }: Summary,
  on: { ctx: CallContext; view: Parameters<typeof readUsage>[0]; known: Known; now: number },
): Promise<Performance | undefined> {
  if (scope !== 'performance') return undefined;
  const { ctx, view, known, now } = on;
  const here = (object: { namespace: string }) => namespace === undefined || object.namespace === namespace;
  const within = known
    .history()
    .filter(({ at, finding }) => finding.class === 'incident' && at >= now - RANGES[range] && here(finding.object));
  const restarts = known.findings.filter(({ detector, object }) => RESTARTING.has(detector) && here(object));
  const usage = await readUsage(view, namespace, ctx);
  return {
    time_range: range,
    ...usage,
    restarts: restarts.slice(0, LATEST).map(({ object, title }) => ({ object: spoken(object), title })),
    history: {
      began: within.filter(({ began }) => began).length,
      ended: within.filter(({ began }) => !began).length,
      latest: within.slice(historical ? -3 * LATEST : -LATEST).map(({ at, began, finding }) => ({
        at: new Date(at).toISOString(),
        began,
        what: `${keyOf(finding.object)}: ${finding.title}`,
      })),
    },
  };
}

const RESTARTING = new Set(['crash-loop', 'oom-killed', 'liveness-kills', 'restarts-rising', 'init-container-failing']);

const withoutAnomalies = (summary: Summary): Summary => ({
  ...summary,
  anomalies: [],
  anomalies_left: { ...summary.anomalies_left, more: summary.anomalies_left.more + summary.anomalies.length },
});

function compact({ synced, asOf, ...coverage }: Coverage): SummaryAnswer['coverage'] {
  return {
    ...coverage,
    as_of: new Date(asOf).toISOString(),
    synced: synced.length,
    syncing: coverage.syncing.slice(0, NAMED),
    forbidden: coverage.forbidden.slice(0, NAMED),
    stale: coverage.stale.slice(0, NAMED),
    left: coverage.left.slice(0, NAMED),
    namespaces: coverage.namespaces?.slice(0, NAMED),
  };
}
