/** Detector -> Finding -> Anomaly: what is wrong, and under what it is told. */
import type { EventFacts, GraphNode, GraphView, KindKey, NodeId } from '../graph/types.ts';

/** 4 critical .. 1 hint. */
export type Severity = 1 | 2 | 3 | 4;

/** What a detector says of one object now. */
export interface Found {
  /** Tells several of one object apart: a container, a port. Default ''. */
  key?: string;
  severity: Severity;
  /** One line without the object's name: `container cart: CrashLoopBackOff, exit 1, 7 restarts`. */
  title: string;
  /** Facts with their source, the strongest first; at most five. Text of the cluster is data: it is cut and cleaned by the one who shows it. */
  evidence: readonly string[];
  /** Since when, ms; where the object does not say: when it was first seen. */
  since?: number;
  /** Counts only once it has held this long after `since`, ms: noise of normal operation. Default 0. */
  holdMs?: number;
  /** The object that the evidence names as the cause, where that is another one (possibly absent). */
  cause?: NodeId;
  /** What it says is a cause of its own (a command that is not there): nothing that the object depends on explains it. */
  own?: true;
  /** What to do next, where it is known: one short sentence or command. */
  advice?: string;
}

export interface DetectContext {
  /** Where looking at an object does not read it, changes of other objects do not make the detector look again. */
  readonly view: GraphView;
  /** Newest first. Those of the object looked at are news of its own: reading them is not looking around. */
  events(of: GraphNode): readonly EventFacts[];
  /** ms, on the cluster's clock. Reading it makes the detector look again from time to time: every 15 s at what it found something on (every minute where that is old), every minute or so at the rest. */
  readonly now: number;
  /** When this object is to be looked at again though nothing of it changes, ms: exact, and cheaper than looking from time to time. */
  readonly lookAgain?: (at: number) => void;
}

/** One file each in detectors/. Level-triggered and pure: the same graph and time give the same answer. */
export interface Detector {
  readonly id: string;
  /** `hygiene` is kept apart from what hurts now. */
  readonly class: 'incident' | 'hygiene';
  /** Looked at one by one. `any`: all objects of the API, whatever their kinds; it does not wait for them. */
  readonly kinds: readonly KindKey[] | 'any';
  /** Other kinds that it reads around its object. It opens when each of them has listed, is forbidden, or has failed for 30 s. */
  readonly reads: readonly KindKey[];
  /** Which objects to look at again when `changed`, of a kind in `reads`, has changed. Default: objects of `kinds` one edge away, either way. `itself` false: an edge of it came or went, and nothing else. */
  affected?(changed: GraphNode, view: GraphView, itself: boolean): Iterable<NodeId>;
  detect(node: GraphNode, context: DetectContext): readonly Found[];
}

/** A Found that holds. */
export interface Finding extends Omit<Found, 'holdMs' | 'since' | 'cause'> {
  /** `<detector>:<kind>/<namespace>/<name>[#key]`. */
  id: string;
  detector: string;
  class: 'incident' | 'hygiene';
  object: ObjectName;
  cause: ObjectName | undefined;
  since: number;
  /** It was there when it was first looked for: nobody knows since when, and `since` is the latest that it can be. */
  fromTheStart?: true;
  /** Kinds that the detector reads and could not see. */
  without: readonly KindKey[];
}

export interface ObjectName {
  kind: KindKey;
  namespace: string;
  name: string;
}

/** A cause with everything that follows from it, ranked against the others. */
export interface Anomaly {
  /** Where to look first. May be absent from the cluster (a missing ConfigMap). */
  root: ObjectName;
  severity: Severity;
  title: string;
  evidence: readonly string[];
  advice: string | undefined;
  since: number;
  /** severity x blast radius x freshness. */
  score: number;
  /** Objects that the root hurts: they have a finding, or lack part of what they need; and how many of them are entry points (Ingress, Gateway, LoadBalancer). */
  blast: { objects: number; entryPoints: number };
  /** What was folded under it, by detector. */
  symptoms: readonly { detector: string; title: string; count: number; examples: readonly ObjectName[] }[];
  findings: readonly string[];
  /** What the findings are about. */
  objects: readonly ObjectName[];
}

/** What is known to be wrong at one time. */
export interface Known {
  findings: readonly Finding[];
  /** Ranked. */
  anomalies: readonly Anomaly[];
  ready: boolean;
  closed: readonly { detector: string; why: string }[];
  /** Kinds without which incidents may stay unseen, those that most detectors need first. */
  needs: readonly KindKey[];
  /** ms on the cluster's clock: what changed until then is told of. */
  asOf: number;
  history(): readonly { at: number; began: boolean; finding: Finding }[];
}

/** The state of detection over one graph. */
export interface Monitor {
  /** For answers: as of now where that is to be had within so many ms, and else as of some seconds ago. Longer only where nothing is known yet, or of long ago. */
  within(ms: number): Promise<Known>;
  /** Active findings, level-triggered; brings what is due up to date first. */
  findings(): readonly Finding[];
  /** Ranked. `ready` false until the detectors have opened; `closed` names those that have not and why. */
  anomalies(): { anomalies: readonly Anomaly[]; ready: boolean; closed: readonly { detector: string; why: string }[] };
  /** Findings that began or ended, newest last, at most 1,000: for alerts and for `what changed`. */
  history(): readonly { at: number; began: boolean; finding: Finding }[];
  /** Does in slices what findings() and anomalies() would do at once: to be awaited before them where much may be due, as after the first sync. */
  settled(): Promise<void>;
  stop(): void;
}
