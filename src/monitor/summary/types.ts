/** What a summary says, typed: small enough to be sent whole, and rendered within a byte limit. Names as in surface.md §4.6 where they are true. */
import type { Coverage } from '../../graph/access.ts';
import type { ObjectName, Severity } from '../types.ts';
import type { Gap } from './gaps.ts';

export type Scope = 'cluster' | 'namespace' | 'health' | 'resources' | 'anomalies' | 'performance';
export type Overall = 'healthy' | 'minor_issues' | 'warning' | 'critical' | 'unknown';

/** An alias, not an interface: a loose schema takes it. */
export type AnomalyLine = {
  root: ObjectName;
  severity: Severity;
  title: string;
  evidence: readonly string[];
  advice?: string;
  /** ISO. */
  since: string;
  score: number;
  blast: { objects: number; entryPoints: number };
  symptoms: readonly { title: string; count: number; examples: readonly string[] }[];
};

export interface HealthCounts {
  total: number;
  ok: number;
  progressing: number;
  warning: number;
  failed: number;
  done: number;
  unknown: number;
}

export interface Performance {
  time_range: string;
  /** Undefined where metrics.k8s.io is not served; why, in `notes`. */
  nodes?: { cpu: Usage; memory: Usage; busiest: readonly NodeUsage[] };
  top_pods?: readonly { namespace: string; name: string; cpu: number; memory: number }[];
  /** What the pods of the namespace asked about use together; cores and bytes. */
  in_namespace?: { pods: number; cpu: number; memory: number };
  restarts: readonly { object: string; title: string }[];
  history: { began: number; ended: number; latest: readonly { at: string; began: boolean; what: string }[] };
  notes: readonly string[];
}

/** Cores or bytes. */
export interface Usage {
  used: number;
  allocatable: number;
}
export interface NodeUsage {
  name: string;
  cpu: Usage;
  memory: Usage;
}

export interface Summary {
  scope: Scope;
  detailed: boolean;
  /** undefined: the whole cluster. */
  namespace: string | undefined;
  timestamp: string;
  /** Of all that the scope holds: what is asked for narrows what is listed, and never the verdict. */
  health_status: { overall: Overall; message: string };
  /** Kinds that the verdict cannot speak for. */
  gaps: { total: number; kinds: readonly Gap[] };
  anomalies: readonly AnomalyLine[];
  /** Anomalies that are not in `anomalies`: below the threshold, more than are told, about kinds that were not asked for, or asked to be left out. */
  anomalies_left: { below_threshold: number; more: number; of_other_kinds?: number; asked_without?: number };
  severity_breakdown: { critical: number; warning: number; info: number };
  cluster_stats: {
    total_resources: number;
    /** Of the whole cluster only: relations are not counted by namespace, and to count them would take longer the larger it is. */
    total_relationships?: number;
    /** By kind, the most frequent first; of the kinds asked for. */
    resource_counts: Readonly<Record<string, number>>;
    /** 1 in a summary of one. */
    namespaces: number;
  };
  key_metrics: Readonly<Record<string, HealthCounts>>;
  namespace_breakdown: readonly { namespace: string; pods: number; pods_not_well: number; anomalies: number }[];
  namespaces_left: number;
  hygiene: {
    total: number;
    by_detector: readonly { detector: string; title: string; count: number; examples: readonly string[] }[];
  };
  performance?: Performance;
  /** Why detectors do not look yet, or that they failed, and how many; those that most wait for first. */
  closed: readonly { why: string; count: number; detectors: readonly string[] }[];
  /** ISO; where it is older than the answer: what is wrong is told as it was then. */
  detection_as_of?: string;
  coverage: Coverage;
}

/** Coverage as the typed answer has it: kinds are counted, and some of them named. */
export interface CompactCoverage extends Omit<Coverage, 'synced' | 'asOf'> {
  as_of: string;
  synced: number;
  /** Of `syncing`, `forbidden`, `stale` and `left`, of which not all may be named. */
  totals: { syncing: number; forbidden: number; stale: number; left: number };
}

export interface TypedSummary extends Omit<Summary, 'coverage'> {
  coverage: CompactCoverage;
}

/** What a typed summary has in the smallest of sizes too. */
type Least = 'scope' | 'timestamp' | 'health_status' | 'key_metrics';

/** With what there was room for. */
export type ShrunkSummary = Pick<TypedSummary, Least> &
  Partial<Omit<TypedSummary, Least | 'anomalies' | 'cluster_stats' | 'coverage'>> & {
    anomalies: readonly (Pick<AnomalyLine, 'root' | 'severity' | 'title'> & Partial<AnomalyLine>)[];
    cluster_stats: Partial<Summary['cluster_stats']>;
    coverage: Partial<CompactCoverage>;
  };
