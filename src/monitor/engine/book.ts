import type { GraphNode, GraphView, KindKey, NodeId } from '../../graph/types.ts';
import type { Detector, Finding, Found, ObjectName } from '../types.ts';

/** Begins and ends that are remembered. */
const HISTORY = 1000;

interface Held {
  found: Found;
  since: number;
  fromTheStart: boolean;
  /** Counts from then on, ms. */
  from: number;
  /** While it counts. */
  finding: Finding | undefined;
}

interface Entry {
  uid: string;
  object: ObjectName;
  held: Map<string, Held>;
}

/** What has been found so far, by node and detector, and what of it counts. */
export interface Book {
  /** Puts what a detector finds on a node now in place of what it found before. Returns when to look again. */
  record(input: {
    detector: Detector;
    index: number;
    node: GraphNode;
    found: readonly Found[];
    view: GraphView;
    without: readonly KindKey[];
    now: number;
    /** The detector has not seen all of its objects yet: what it finds may have been there for long. */
    atTheStart: boolean;
  }): number | undefined;
  /** Nothing is found any more. */
  end(id: NodeId, index: number, now: number): void;
  /** Detectors that hold something on this id. */
  holders(id: NodeId): Iterable<number>;
  /** What is held on `id` is about this object. */
  isAbout(id: NodeId, index: number, node: GraphNode): boolean;
  /** Kinds that could not be seen have changed. */
  seeWithout(detector: Detector, without: readonly KindKey[]): void;
  /** The gravest first, then the oldest. */
  findings(): readonly Finding[];
  /** Incidents that were there from the start on and do not count yet: they may have held for long. */
  waiting(): readonly Finding[];
  history(): readonly { at: number; began: boolean; finding: Finding }[];
}

export const nameOf = ({ kind, namespace, name }: ObjectName): ObjectName => ({ kind, namespace, name });

const NONE: ReadonlyMap<number, Entry> = new Map();

/** `changed` is called after each change of an incident. */
export function createBook(changed: () => void): Book {
  const entries = new Map<NodeId, Map<number, Entry>>();
  const active = new Map<Held, Finding>();
  const waiting = new Map<Held, Finding>();
  const past: { at: number; began: boolean; finding: Finding }[] = [];
  let sorted: readonly Finding[] = [];
  let inOrder = true;

  function change(finding: Finding): void {
    inOrder = false;
    if (finding.class === 'incident') changed();
  }
  function remember(at: number, began: boolean, finding: Finding): void {
    past.push({ at, began, finding });
    if (past.length > HISTORY) past.shift();
  }
  function stop(held: Held, now: number): void {
    waiting.delete(held);
    if (held.finding === undefined) return;
    const { finding } = held;
    active.delete(held);
    remember(now, false, finding);
    held.finding = undefined;
    change(finding);
  }
  function show(held: Held, finding: Finding, now: number): void {
    waiting.delete(held);
    if (held.finding === undefined) remember(Math.min(now, held.from), true, finding);
    else if (same(held.finding, finding)) return;
    held.finding = finding;
    active.set(held, finding);
    change(finding);
  }
  function end(id: NodeId, index: number, now: number): void {
    const ofNode = entries.get(id);
    const entry = ofNode?.get(index);
    if (ofNode === undefined || entry === undefined) return;
    for (const held of entry.held.values()) stop(held, now);
    ofNode.delete(index);
    if (ofNode.size === 0) entries.delete(id);
  }
  function entryOf(node: GraphNode, index: number): Entry {
    const ofNode = entries.get(node.id) ?? new Map<number, Entry>();
    entries.set(node.id, ofNode);
    const entry = ofNode.get(index) ?? { uid: node.uid, object: nameOf(node), held: new Map() };
    ofNode.set(index, entry);
    return entry;
  }
  const isAbout = (id: NodeId, index: number, node: GraphNode): boolean => {
    const entry = entries.get(id)?.get(index);
    return entry !== undefined && entry.uid === node.uid && isSame(entry.object, node);
  };

  return {
    end,
    isAbout,
    holders: (id) => (entries.get(id) ?? NONE).keys(),
    record({ detector, index, node, found, view, without, now, atTheStart }) {
      if (found.length === 0 || !isAbout(node.id, index, node)) end(node.id, index, now);
      if (found.length === 0) return undefined;
      const { held: all, object } = entryOf(node, index);
      const keys = new Set<string>();
      let next: number | undefined;
      for (const one of found) {
        const key = one.key ?? '';
        keys.add(key);
        const before = all.get(key);
        const since = one.since ?? before?.since ?? now;
        const from = since + (one.holdMs ?? 0);
        const fromTheStart = one.since === undefined && (before?.fromTheStart ?? atTheStart);
        const held = before ?? { found: one, since, fromTheStart, from, finding: undefined };
        Object.assign(held, { found: one, since, fromTheStart, from });
        all.set(key, held);
        const finding = findingOf(detector, object, held, view, without);
        if (from <= now) {
          show(held, finding, now);
        } else {
          stop(held, now);
          if (fromTheStart && finding.class === 'incident') waiting.set(held, finding);
          next = Math.min(next ?? from, from);
        }
      }
      for (const [key, held] of all) {
        if (keys.has(key)) continue;
        stop(held, now);
        all.delete(key);
      }
      return next;
    },
    seeWithout(detector, without) {
      for (const [held, finding] of active) {
        if (finding.detector !== detector.id) continue;
        held.finding = { ...finding, without };
        active.set(held, held.finding);
        change(held.finding);
      }
    },
    findings() {
      if (inOrder) return sorted;
      const current = new Set(active.values());
      // Sorting takes little time where nearly all are in order already.
      const kept = sorted.filter((finding) => current.delete(finding));
      sorted = [...kept, ...current].sort(byGravity);
      inOrder = true;
      return sorted;
    },
    waiting: () => [...waiting.values()].sort(byGravity),
    history: () => [...past].sort((a, b) => a.at - b.at),
  };
}

const byGravity = (a: Finding, b: Finding) =>
  b.severity - a.severity || a.since - b.since || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const isSame = (a: ObjectName, b: ObjectName) => a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;

function findingOf(
  detector: Detector,
  object: ObjectName,
  { found, since, fromTheStart }: Held,
  view: GraphView,
  without: readonly KindKey[],
): Finding {
  const { key, severity, title, evidence, advice, cause, own } = found;
  const place = object.namespace === '' ? object.name : `${object.namespace}/${object.name}`;
  return {
    id: `${detector.id}:${object.kind}/${place}${key === undefined || key === '' ? '' : `#${key}`}`,
    detector: detector.id,
    class: detector.class,
    object,
    cause: cause === undefined ? undefined : nameOf(view.node(cause)),
    severity,
    title,
    evidence,
    since,
    ...(fromTheStart ? { fromTheStart } : {}),
    without,
    ...(key === undefined ? {} : { key }),
    ...(advice === undefined ? {} : { advice }),
    ...(own === undefined ? {} : { own }),
  };
}

/** Most looks find what the one before found: then nothing is to be told. */
function same(a: Finding, b: Finding): boolean {
  return (
    a.severity === b.severity &&
    a.title === b.title &&
    a.since === b.since &&
    a.fromTheStart === b.fromTheStart &&
    a.advice === b.advice &&
    a.own === b.own &&
    a.without === b.without &&
    a.evidence.length === b.evidence.length &&
    a.evidence.every((text, index) => text === b.evidence[index]) &&
    (a.cause === b.cause || (a.cause !== undefined && b.cause !== undefined && isSame(a.cause, b.cause)))
  );
}
