import { workloadOf } from '../../graph/project/workloads.ts';
import type { GraphView, NodeId } from '../../graph/types.ts';
import type { Finding, ObjectName } from '../types.ts';
import { idOf, keyOf, spoken } from './names.ts';
import { earliestOf } from './onset.ts';

/** Where addresses are kept that the graph does not read. */
const SETTINGS = new Set(['Secret', 'ConfigMap']);
/** What keeps data for one workload is often called after it. */
export const KEEPER = 'StatefulSet.apps';
/** Times of different components differ by so much, ms. */
const SLACK_MS = 60_000;

/** A workload in trouble, and the earliest that it can have begun. */
export interface Troubled {
  object: ObjectName;
  earliest: number;
}

/** Those that may be what others cannot work without, by their name. */
export function troubledKeepers(
  placed: readonly { finding: Finding; unit: ObjectName }[],
  view: GraphView,
): readonly Troubled[] {
  const units = new Map<string, Troubled>();
  for (const { finding, unit } of placed) {
    const id = finding.severity < 3 || unit.kind !== KEEPER ? undefined : idOf(view, unit);
    if (id === undefined || workloadOf(view.node(id)) === undefined) continue;
    const key = keyOf(unit);
    const earliest = Math.min(earliestOf(finding), units.get(key)?.earliest ?? Number.POSITIVE_INFINITY);
    units.set(key, { object: unit, earliest });
  }
  return [...units.values()].sort((a, b) => (keyOf(a.object) < keyOf(b.object) ? -1 : 1));
}

/**
 * A guess, the only one by names: the address of a database often stands in a Secret, which nobody reads here. Where `payments` takes
 * its settings from one and does not work, and the StatefulSet `payments-db` was in trouble before it, that is probably why. Any
 * workload of such a name would not do: `payments-reports` has its own troubles.
 */
export function hiddenCause(
  view: GraphView,
  unit: NodeId,
  since: number,
  troubled: readonly Troubled[],
): ObjectName | undefined {
  const { name, kind } = view.node(unit);
  if (kind === KEEPER || !hasSettings(view, unit)) return undefined;
  return troubled.find((other) => other.object.name.startsWith(`${name}-`) && other.earliest <= since + SLACK_MS)
    ?.object;
}

/** It names a Secret or a ConfigMap. */
export function hasSettings(view: GraphView, unit: NodeId): boolean {
  let any = false;
  view.out(unit, (target) => {
    any = SETTINGS.has(view.node(target).kind);
    return !any;
  });
  return any;
}

/** How a guess is told. */
export const guessText = (unit: ObjectName, cause: ObjectName): string =>
  `probably, by its name: ${spoken(unit)} needs ${spoken(cause)}; its settings, which would say so, are not read`;
