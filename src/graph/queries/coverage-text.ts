import { humanDuration } from '../../kernel/text/age.ts';
import type { Coverage } from '../access.ts';
import type { KindKey } from '../types.ts';
import { kindName } from './state-text.ts';
import { usefulFirst } from './useful-first.ts';

/** Kinds named of each sort; the rest is counted. */
const NAMED = 6;

/** Never part of the graph by design, and no answer is about it: not worth a line in each. */
const NEVER_READ: ReadonlySet<string> = new Set(['Lease.coordination.k8s.io']);

/** What an answer rests on, in a few short lines. `not synced` must never look like `none`. */
export function coverageLines(coverage: Coverage, now: number): string[] {
  const { synced, namespaces, notes } = coverage;
  const syncing = usefulFirst(coverage.syncing);
  const forbidden = usefulFirst(coverage.forbidden);
  const stale = usefulFirst(coverage.stale);
  const left = usefulFirst(coverage.left.filter(({ kind }) => !NEVER_READ.has(kind)));
  const age = humanDuration(roundedUp(now - coverage.asOf));
  const from = coverage.source === 'graph' ? `live graph, ${age} old at most` : 'read live for this question';
  return [
    `[${from}; ${synced.length + stale.length} kinds covered${placesOf(namespaces)}${coverage.catchingUp ? '; catching up with a relist' : ''}]`,
    ...(syncing.length === 0
      ? []
      : [
          `PARTIAL, still being read: ${some(syncing.map(({ kind, done, total }) => `${kindName(kind)} ${done}${total === undefined ? '' : ` of ${total}`}`))}`,
        ]),
    ...(forbidden.length === 0
      ? []
      : [`not visible to this identity: ${some(forbidden.map(({ kind }) => kindName(kind)))}`]),
    ...(stale.length === 0 ? [] : [`not up to date for ${staleFor(stale, now)}: ${byReason(stale)}`]),
    ...(left.length === 0 ? [] : [`left out: ${byReason(left)}`]),
    ...notes,
  ];
}

/** A reason stands once, behind all that it holds for. */
function byReason(kinds: readonly { kind: KindKey; reason: string }[]): string {
  const reasons = new Map<string, string[]>();
  for (const { kind, reason } of kinds) reasons.set(reason, [...(reasons.get(reason) ?? []), kindName(kind)]);
  return [...reasons].map(([reason, names]) => `${some(names)} (${reason})`).join('; ');
}

function staleFor(stale: Coverage['stale'], now: number): string {
  const ages = new Set(stale.map(({ since }) => humanDuration(roundedUp(now - since))));
  const longest = humanDuration(roundedUp(now - Math.min(...stale.map(({ since }) => since))));
  return ages.size > 1 ? `up to ${longest}` : longest;
}

/** To whole seconds: what is old by less than one is not as new as now. */
function roundedUp(ms: number): number {
  return Math.max(0, Math.ceil(ms / 1000) * 1000);
}

function some(items: readonly string[]): string {
  const rest = items.length - NAMED;
  return `${items.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function placesOf(namespaces: Coverage['namespaces']): string {
  if (namespaces === undefined) return '';
  if (namespaces.length === 0) return ', in no namespace';
  return namespaces.length === 1
    ? `, only in namespace ${some(namespaces)}`
    : `, only in ${namespaces.length} namespaces: ${some(namespaces)}`;
}
