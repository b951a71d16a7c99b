/** What a summary says, typed: small enough to be sent whole, and rendered within a byte limit. Names as in surface.md §4.6 where they are true. */
import type { Coverage } from '../../graph/access.ts';
import type { ObjectName, Severity } from '../types.ts';

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
  health_status: { overall: Overall; message: string };
  anomalies: readonly AnomalyLine[];
  /** Anomalies that are not in `anomalies`: below the threshold, or more than are told. */
  anomalies_left: { below_threshold: number; more: number };
  severity_breakdown: { critical: number; warning: number; info: number };
  cluster_stats: {
    total_resources: number;
    /** Of the whole cluster only: relations are not counted by namespace, and to count them would take longer the larger it is. */
    total_relationships?: number;
    /** By kind, the most frequent first. */
    resource_counts: Readonly<Record<string, number>>;
    /** That hold something; 1 in a summary of one. */
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
  /** Detectors that do not look yet, or failed. */
  closed: readonly { detector: string; why: string }[];
  /** ISO; where it is older than the answer: what is wrong is told as it was then. */
  detection_as_of?: string;
  coverage: Coverage;
}
