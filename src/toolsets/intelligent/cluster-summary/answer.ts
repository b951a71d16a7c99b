import type { GraphQuestion, OpenGraph } from '../../../graph/access.ts';
import { keyOf, spoken } from '../../../monitor/causes/names.ts';
import { type SummaryQuestion, summarise } from '../../../monitor/summary/collect.ts';
import { bytesOf } from '../../../monitor/summary/fit.ts';
import { rendererOf } from '../../../monitor/summary/render.ts';
import type { Performance, Summary } from '../../../monitor/summary/types.ts';
import type { Known, Monitor } from '../../../monitor/types.ts';
import type { CallContext } from '../../../operations/types.ts';
import { fitAnswer, type SummaryAnswer } from './fit-answer.ts';
import { readUsage } from './metrics.ts';
import { checkNamespace, questionOf, type SummaryInput, wantsMetrics } from './question.ts';

/** Kinds are waited for this long before an answer is given in part, ms. */
const WAIT_MS = 20_000;
/** What has changed is looked at for so long; what takes longer is told as it was seconds ago, ms. */
const DETECTION_MS = 10;
const RANGES = { '1h': 3_600_000, '6h': 21_600_000, '24h': 86_400_000, '7d': 604_800_000 } as const;
/** Ends and begins that are told. */
const LATEST = 10;

export function answerOf(input: SummaryInput, ctx: CallContext): Promise<SummaryAnswer> {
  return answered(input, ctx, ({ summary, ...made }) => fitAnswer(summary, made));
}

/** The text of the answer alone, which may have all the bytes. */
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
  kb: number;
  textOf: (bytes: number) => string;
  text: string;
}

/** The pipeline puts a line with the context before every text. */
const headOf = ({ cluster }: CallContext) => bytesOf(`context: ${cluster.context}\n`);

async function summaryOf(graph: OpenGraph<Monitor>, { input, question, ctx }: Asked): Promise<Made> {
  const { namespace } = question;
  const kb = input.max_size_kb ?? ctx.graphDefaults.maxSummaryKb;
  const known = await graph.detection.within(DETECTION_MS);
  const { view } = graph;
  checkNamespace(view, namespace);
  const [now, coverage] = [graph.now(), graph.coverage()];
  const basis = summarise(question, { view, known, coverage, now });
  const performance = await performanceOf(input, basis, { ctx, view, known, now });
  const told: Summary = performance === undefined ? basis : { ...basis, performance };
  // Redacted before it is measured: a marker may be longer than what it stands for.
  const summary = ctx.redactor.texts(input.include_anomalies === false ? withoutAnomalies(told) : told);
  const textOf = rendererOf(summary);
  return { summary, kb, textOf, text: textOf(kb * 1024 - headOf(ctx)) };
}

async function performanceOf(
  input: SummaryInput,
  { namespace }: Summary,
  on: { ctx: CallContext; view: Parameters<typeof readUsage>[0]; known: Known; now: number },
): Promise<Performance | undefined> {
  if (!wantsMetrics(input)) return undefined;
  const { time_range: range = '1h', include_historical: historical = false } = input;
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

/** They stay counted. */
const withoutAnomalies = ({ anomalies, anomalies_left: left, ...summary }: Summary): Summary => {
  const { below_threshold, more } = left;
  const count = anomalies.length + below_threshold + more + (left.of_other_kinds ?? 0);
  return { ...summary, anomalies: [], anomalies_left: { below_threshold: 0, more: 0, asked_without: count } };
};
