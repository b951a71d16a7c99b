/** What an answer that was read live rests on. */
import type { Coverage, GraphQuestion } from '../access.ts';
import { kindName } from '../queries/state-text.ts';
import type { KindKey, KindState } from '../types.ts';
import type { LiveLists } from './live-lists.ts';
import { hiddenNotes } from './notes.ts';
import type { Plan, PlannedKind } from './plan.ts';
import { isAmong } from './ready.ts';
import type { RequestBudget } from './request-budget.ts';
import type { SyncScope } from './types.ts';

export interface LiveCoverageOptions {
  question: GraphQuestion;
  plan: Plan;
  lists: Pick<LiveLists, 'states' | 'notes' | 'isWhole'>;
  budget: Pick<RequestBudget, 'exhausted' | 'spent'>;
  scope: SyncScope;
  /** The namespaces that were read; undefined: the cluster. */
  around: readonly string[] | undefined;
  /** ms, on the cluster's clock. */
  asOf: number;
}

/** Kinds named; the rest is counted. */
const NAMED = 6;
/** Notes on single kinds that are told. */
const NOTES = 4;

export function liveCoverage(options: LiveCoverageOptions): Coverage {
  const { question, plan, lists, budget, scope, around, asOf } = options;
  const { states } = lists;
  const ofState = (wanted: KindState['state']) =>
    [...states].flatMap(([kind, { state }]) => (state === wanted ? [kind] : [])).sort();
  const reasons = (wanted: 'forbidden' | 'off') =>
    [...states]
      .flatMap(([kind, known]) => (known.state === wanted ? [{ kind, reason: known.reason }] : []))
      .sort((a, b) => (a.kind < b.kind ? -1 : 1));
  const among = isAmong(question.kinds);
  const notRead = plan.kinds.filter(({ kind }) => among(kind) && !states.has(kind));
  return {
    asOf,
    source: 'live',
    synced: ofState('synced'),
    syncing: [],
    forbidden: reasons('forbidden'),
    stale: [],
    left: [
      ...reasons('off'),
      ...notRead.map(({ kind }) => ({ kind, reason: 'not read for this question' })),
      ...plan.left.filter(({ kind }) => among(kind)),
    ],
    namespaces: around ?? scope.allowedNamespaces?.filter((name) => !scope.forbiddenNamespaces.has(name)),
    ...(isPartial(options) ? { partial: true } : {}),
    catchingUp: false,
    notes: [
      ...hiddenNotes(scope),
      ...(around === undefined ? [] : aroundNotes(options, around)),
      ...lists.notes.slice(0, NOTES),
      ...(budget.exhausted()
        ? [
            `The live reading ended at its bounds (${budget.spent.requests} requests, ${budget.spent.objects} objects): counts are at least what is shown.`,
          ]
        : []),
    ],
  };
}

function aroundNotes({ question, plan, lists }: LiveCoverageOptions, around: readonly string[]): string[] {
  const where = around.length === 1 ? `namespace ${around[0]}` : `namespaces ${around.join(', ')}`;
  const read =
    around.length > 0
      ? `Read live: ${where}, and what its objects name elsewhere.`
      : 'Read live: what was asked for and what it names.';
  if (question.focus?.users !== true) return [read];
  const open = openKinds(plan, question, lists.states);
  if (open.length === 0) return [read];
  const outside = around.length > 0 ? `outside ${where}` : 'of the cluster';
  return [
    read,
    `Not all objects ${outside} were looked through, and more of them may use what was asked about: ${some(open.map(({ kind }) => kind))}.`,
  ];
}

/** Not all of their objects were looked at, and they might have been. */
function openKinds(plan: Plan, question: GraphQuestion, states: LiveLists['states']): readonly PlannedKind[] {
  const among = isAmong(question.kinds);
  return plan.kinds.filter(({ kind }) => {
    const known = states.get(kind);
    if (!among(kind) || known?.state === 'forbidden') return false;
    return known?.state !== 'synced' || known.namespaces !== undefined;
  });
}

/** Around its focus a question looks for users everywhere, or only for what is needed there. */
function isPartial({ question, plan, lists, budget, scope, around }: LiveCoverageOptions): boolean {
  if (budget.exhausted()) return true;
  if (around !== undefined && question.focus?.users !== true) return false;
  const open = openKinds(plan, question, lists.states);
  const isAllowed = ({ kind }: PlannedKind) =>
    scope.allowedNamespaces?.every(
      (namespace) => scope.forbiddenNamespaces.has(namespace) || lists.isWhole(kind, namespace),
    );
  return !open.every((kind) => isAllowed(kind) === true);
}

function some(kinds: readonly KindKey[]): string {
  const rest = kinds.length - NAMED;
  return `${kinds.slice(0, NAMED).map(kindName).join(', ')}${rest > 0 ? ` and ${rest} more kinds` : ''}`;
}
