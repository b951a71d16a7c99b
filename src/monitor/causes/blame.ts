import { workloadOf } from '../../graph/project/workloads.ts';
import type { GraphView, NodeId, Why } from '../../graph/types.ts';
import type { Finding, ObjectName } from '../types.ts';
import { idOf, keyOf, nameOf } from './names.ts';
import { isDown, workloadBehind } from './services.ts';
import { isHurt, membersOf, ownersOf, unitOf } from './units.ts';

/** Steps from a finding to what explains it. */
const DEPTH = 4;
/** Objects looked at for one finding. */
const VISITS = 400;
/** Pods of a workload that are asked what they depend on. */
const PODS = 20;

/** What the finding of one object says about where its cause lies. */
export type Nature =
  /** It says itself what is wrong: nothing that it depends on explains it. */
  | 'own'
  /** It cannot be placed: what it mounts or where it may run can explain it. */
  | 'placing'
  /** It runs and does not work: whatever it depends on can explain it. */
  | 'working'
  /** It counts the pods that it selects: that there are fewer than wanted can explain it. */
  | 'counting';

export interface Blame {
  /** Findings by the key of their object. */
  byObject: ReadonlyMap<string, readonly Finding[]>;
  natureOf(finding: Finding): Nature;
  /** What each unit has made, as far as it was asked for, in one generation of the graph. */
  members: Map<NodeId, ReadonlySet<NodeId>>;
  generation: number;
}

/** What explains a finding, outside what is told as one with it; undefined where nothing does. */
export function explain(
  view: GraphView,
  finding: Finding,
  unit: NodeId | undefined,
  blame: Blame,
): ObjectName | undefined {
  if (finding.cause !== undefined) {
    const cause = idOf(view, finding.cause);
    return cause !== undefined && unitOf(view, cause) === unit ? undefined : finding.cause;
  }
  const nature = blame.natureOf(finding);
  const start = idOf(view, finding.object);
  if (nature === 'own' || start === undefined || unit === undefined) return undefined;
  if (nature === 'counting') return shortOfPods(view, start, blame);
  const members = membersIn(view, unit, blame);
  const found = search(view, startsOf(view, start, members), members, nature, blame);
  return found === undefined ? undefined : nameOf(view.node(found));
}

function membersIn(view: GraphView, unit: NodeId, blame: Blame): ReadonlySet<NodeId> {
  const { members } = blame;
  if (blame.generation !== view.generation) members.clear();
  blame.generation = view.generation;
  const known = members.get(unit) ?? new Set(membersOf(view, unit));
  members.set(unit, known);
  return known;
}

/** What is behind a Service that nobody found anything on, and that yet does not answer. */
export function behindService(view: GraphView, object: ObjectName, blame: Blame): ObjectName | undefined {
  const id = idOf(view, object);
  if (id === undefined || object.kind !== 'Service') return undefined;
  const found = search(view, [id], new Set([id]), 'working', blame);
  return found === undefined ? undefined : nameOf(view.node(found));
}

/** What made the pods that `start` selects, where it wants more of them than there are and something is wrong with it. */
function shortOfPods(view: GraphView, start: NodeId, blame: Blame): ObjectName | undefined {
  const short = new Set<NodeId>();
  let pods = 0;
  view.out(start, (target) => {
    if (view.node(target).kind !== 'Pod') return undefined;
    for (const owner of ownersOf(view, target)) {
      const workload = workloadOf(view.node(owner));
      const isShort = workload !== undefined && workload.current < workload.desired;
      if (isShort && has(blame, view.node(owner), 2)) short.add(owner);
    }
    return ++pods < PODS;
  });
  const found = best(view, [...short], blame);
  return found === undefined ? undefined : nameOf(view.node(found));
}

/** A workload depends on what its pods depend on: those that are hurt are asked. */
function startsOf(view: GraphView, start: NodeId, members: ReadonlySet<NodeId>): NodeId[] {
  const starts = [start];
  if (view.node(start).kind === 'Pod' || !members.has(start)) return starts;
  for (const id of members) {
    if (starts.length > PODS) break;
    const node = view.node(id);
    if (id !== start && node.kind === 'Pod' && isHurt(node)) starts.push(id);
  }
  return starts;
}

/** The nearest thing upstream that has trouble of its own. */
function search(
  view: GraphView,
  starts: readonly NodeId[],
  inside: ReadonlySet<NodeId>,
  nature: Nature,
  blame: Blame,
): NodeId | undefined {
  const seen = new Set<NodeId>(starts);
  let ring: readonly NodeId[] = starts;
  for (let depth = 0; depth < DEPTH && ring.length > 0; depth++) {
    const next: NodeId[] = [];
    const candidates: NodeId[] = [];
    for (const id of ring) {
      view.out(id, (target, why) => {
        if (seen.has(target) || inside.has(target) || !follows(view, id, target, why, nature)) return undefined;
        seen.add(target);
        next.push(target);
        if (isTroubled(view, id, target, nature, blame)) candidates.push(target);
        return seen.size < VISITS;
      });
      const behind = view.node(id).kind === 'Service' ? workloadBehind(view, id) : undefined;
      if (behind !== undefined && !inside.has(behind)) candidates.push(behind);
    }
    if (candidates.length > 0) return best(view, candidates, blame);
    ring = next;
  }
  return undefined;
}

function follows(view: GraphView, source: NodeId, target: NodeId, why: Why, nature: Nature): boolean {
  const from = view.node(source).kind;
  const { kind } = view.node(target);
  if (why.strength === 'informational') return false;
  if (why.optional || kind === 'Namespace') return false;
  if (why.strength === 'ownership') return false;
  if (kind === 'Node') return from === 'Pod';
  // What only breaks at the next change, or in part, explains what runs and does not work, nothing else.
  return why.strength === 'hard' || nature === 'working';
}

function isTroubled(view: GraphView, source: NodeId, target: NodeId, nature: Nature, blame: Blame): boolean {
  const node = view.node(target);
  if (node.kind === 'Service' && view.node(source).kind !== 'Ingress.networking.k8s.io') {
    return nature === 'working' && (isDown(view, target) || has(blame, node, 3));
  }
  return has(blame, node, node.kind === 'Node' ? 3 : 2);
}

const has = (blame: Blame, object: ObjectName, severity: number) =>
  (blame.byObject.get(keyOf(object)) ?? []).some((finding) => finding.severity >= severity);

/** The gravest, then the oldest, then by name. */
function best(view: GraphView, candidates: readonly NodeId[], blame: Blame): NodeId | undefined {
  const ranked = candidates.map((id) => {
    const key = keyOf(view.node(id));
    const findings = blame.byObject.get(key) ?? [];
    return {
      id,
      key,
      severity: Math.max(0, ...findings.map(({ severity }) => severity)),
      since: Math.min(...findings.map(({ since }) => since)),
    };
  });
  ranked.sort((a, b) => b.severity - a.severity || a.since - b.since || (a.key < b.key ? -1 : 1));
  return ranked[0]?.id;
}
