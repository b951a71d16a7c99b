/** What a node that fell is laid to by time alone: a guess, told as one. */
import { pod } from '../../graph/project/pod.ts';
import { workloadOf } from '../../graph/project/workloads.ts';
import type { GraphView, NodeId } from '../../graph/types.ts';
import { humanDuration } from '../../kernel/text/age.ts';
import type { Finding, ObjectName } from '../types.ts';
import { hasSettings, KEEPER, type Troubled } from './hidden.ts';
import { idOf, keyOf, spoken } from './names.ts';
import { membersOf } from './units.ts';

/** The kubelet is waited for before a node is said to be down, and who needs what ran there may fail before that, ms (node-monitor-grace-period: 50 s). */
const BEFORE_MS = 60_000;
/** A readiness probe fails three times at 10 s each, and pools of connections take their time, ms. */
const AFTER_MS = 120_000;
/** What was rolled out within this time before may fail for reasons of its own: the default progressDeadlineSeconds, ms. */
const CHANGED_MS = 600_000;
/** Keepers that are named. */
const NAMED = 2;

/** A node that is down, and what keeps data and was lost with it. */
export interface Fallen {
  node: ObjectName;
  since: number;
  keepers: readonly ObjectName[];
}

/** Nodes that took something with them that others may need: without that nothing is laid to them by time. */
export function fallenNodes(
  placed: readonly { finding: Finding; unit: ObjectName }[],
  keepers: readonly Troubled[],
  view: GraphView,
): readonly Fallen[] {
  const down = placed.flatMap(({ finding: { object, severity, since } }) =>
    object.kind === 'Node' && severity === 4 ? [{ node: object, since }] : [],
  );
  if (down.length === 0) return [];
  const lost = new Map<string, ObjectName[]>();
  for (const { object } of keepers) {
    const id = idOf(view, object);
    const pods = id === undefined ? [] : membersOf(view, id).flatMap((member) => pod.of(view.node(member)) ?? []);
    for (const name of new Set(pods.filter(({ ready }) => !ready).map(({ node }) => node)))
      lost.set(name, [...(lost.get(name) ?? []), object]);
  }
  return down.flatMap((one) => {
    const took = lost.get(one.node.name) ?? [];
    return took.length === 0 ? [] : [{ ...one, keepers: took }];
  });
}

/** What a node took with it is in trouble since that is, however late it was seen. */
export const sinceFallen = (keepers: readonly Troubled[], fallen: readonly Fallen[]): readonly Troubled[] =>
  keepers.map((keeper) => {
    const took = fallen.filter(({ keepers: lost }) => lost.includes(keeper.object));
    return { ...keeper, earliest: Math.min(keeper.earliest, ...took.map(({ since }) => since)) };
  });

/**
 * A workload that takes its settings from where nobody reads them, was not changed, and has lost all of its pods within minutes of a node
 * that databases ran on: probably it needs one of them. `since`: when it began to fail. Of several nodes that which is nearest in time.
 */
export function fallenBefore(
  view: GraphView,
  unit: NodeId,
  since: number,
  fallen: readonly Fallen[],
): Fallen | undefined {
  const workload = workloadOf(view.node(unit));
  if (workload === undefined || view.node(unit).kind === KEEPER) return undefined;
  if (workload.desired === 0 || workload.available > 0 || !hasSettings(view, unit)) return undefined;
  const distance = (one: Fallen) => Math.abs(since - one.since);
  const near = fallen.filter((one) => since >= one.since - BEFORE_MS && since <= one.since + AFTER_MS);
  const [nearest] = near.sort((a, b) => distance(a) - distance(b) || (keyOf(a.node) < keyOf(b.node) ? -1 : 1));
  return nearest === undefined || wasChanged(view, unit, nearest.since - CHANGED_MS) ? undefined : nearest;
}

/** It has a revision that is younger. */
const wasChanged = (view: GraphView, unit: NodeId, since: number): boolean =>
  membersOf(view, unit).some((id) => {
    const node = view.node(id);
    return (id === unit || node.kind === 'ReplicaSet.apps') && node.created > since;
  });

/** How the guess is told. */
export function timeText(unit: ObjectName, since: number, { node, since: fell, keepers }: Fallen): string {
  const names = keepers
    .slice(0, NAMED)
    .map(spoken)
    .join(keepers.length > NAMED ? ', ' : ' and ');
  const when = since > fell ? `began to fail ${humanDuration(since - fell)} after` : 'began to fail as';
  return `probably, by the time: ${spoken(unit)} ${when} ${spoken(node)} was lost with ${names}${keepers.length > NAMED ? ', …' : ''}; its settings, which would say what it needs, are not read`;
}
