/** What a rolling update of a DaemonSet may take down or add now. */
import { scaled } from '../kit/numbers.ts';
import { isAvailable, isTerminating } from '../kit/pods.ts';
import type { Node, Pod } from '../kit/shapes.ts';
import { type DaemonSet, isUpdated, shouldRun } from './nodes.ts';

interface Situation {
  set: DaemonSet;
  nodes: readonly Node[];
  byNode: ReadonlyMap<string, readonly Pod[]>;
  hash: string;
  now: number;
}

interface Changes {
  remove: Pod[];
  create: string[];
}

interface OnNode {
  node: string;
  fresh: Pod | undefined;
  old: Pod | undefined;
  /** More than one of a sort: the next round prunes them. */
  crowded: boolean;
}

export function rollingChanges(situation: Situation): Changes {
  const { set, nodes, byNode, hash } = situation;
  const desired = nodes.filter((node) => shouldRun(set, node).runs);
  const { maxSurge = 0, maxUnavailable = 1 } = set.spec.updateStrategy?.rollingUpdate ?? {};
  const surge = scaled(maxSurge, desired.length, 'up');
  // Both nothing would never move.
  const unavailable = scaled(maxUnavailable, desired.length, 'up') || (surge === 0 ? 1 : 0);
  const places: OnNode[] = [...byNode].map(([node, pods]) => {
    const alive = pods.filter((pod) => !isTerminating(pod));
    const fresh = alive.filter((pod) => isUpdated(set, pod, hash));
    const old = alive.filter((pod) => !isUpdated(set, pod, hash));
    return { node, fresh: fresh[0], old: old[0], crowded: fresh.length > 1 || old.length > 1 };
  });
  return surge === 0
    ? replace(situation, places, unavailable)
    : surgeOver(situation, places, surge, new Set(desired.map(({ metadata }) => metadata.name)));
}

const available = ({ set, now }: Situation, pod: Pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, now);

/** Without surge: down first, then up. */
function replace(situation: Situation, places: readonly OnNode[], maxUnavailable: number): Changes {
  let unavailable = 0;
  const useless: Pod[] = [];
  const candidates: Pod[] = [];
  for (const { fresh, old, crowded } of places) {
    if (crowded || (fresh === undefined) === (old === undefined)) unavailable += 1;
    else if (fresh !== undefined) unavailable += Number(!available(situation, fresh));
    else if (old !== undefined && !available(situation, old)) {
      useless.push(old);
      unavailable += 1;
    } else if (old !== undefined) candidates.push(old);
  }
  const room = Math.max(0, maxUnavailable - unavailable);
  return { remove: [...useless, ...candidates.slice(0, room)], create: [] };
}

/** With surge: up first, and the old pod goes when the new one is available. */
function surgeOver(
  situation: Situation,
  places: readonly OnNode[],
  maxSurge: number,
  desired: ReadonlySet<string>,
): Changes {
  let surging = 0;
  const changes: Changes = { remove: [], create: [] };
  const candidates: string[] = [];
  for (const { node, fresh, old, crowded } of places) {
    if (crowded) surging += 1;
    else if (old === undefined) continue;
    else if (fresh === undefined) {
      if (!desired.has(node)) changes.remove.push(old);
      else if (available(situation, old)) candidates.push(node);
      else changes.create.push(node);
    } else if (available(situation, fresh)) changes.remove.push(old);
    else surging += 1;
  }
  changes.create.push(...candidates.slice(0, Math.max(0, maxSurge - surging)));
  return changes;
}
