/** HorizontalPodAutoscalers (autoscaling/v2) as their controller reads them. */
import type { KubeObject } from '../../../types.ts';
import type { Condition, Pod } from '../kit/shapes.ts';

export const AUTOSCALERS = 'horizontalpodautoscalers.autoscaling';

export interface MetricTarget {
  type?: string;
  averageUtilization?: number;
  averageValue?: string;
  value?: string;
}

export interface MetricSpec {
  type: string;
  resource?: { name: string; target: MetricTarget };
  containerResource?: { name: string; container: string; target: MetricTarget };
  pods?: { metric: { name: string }; target: MetricTarget };
  object?: { metric: { name: string }; describedObject: { kind: string; name: string }; target: MetricTarget };
  external?: { metric: { name: string }; target: MetricTarget };
}

export interface ScalingRules {
  stabilizationWindowSeconds?: number;
  selectPolicy?: string;
  policies?: { type: string; value: number; periodSeconds: number }[];
}

export interface Autoscaler extends KubeObject {
  spec: {
    scaleTargetRef: { apiVersion?: string; kind: string; name: string };
    minReplicas?: number;
    maxReplicas: number;
    metrics?: MetricSpec[];
    behavior?: { scaleUp?: ScalingRules; scaleDown?: ScalingRules };
  };
  status?: {
    observedGeneration?: number | undefined;
    lastScaleTime?: string | undefined;
    currentReplicas?: number | undefined;
    desiredReplicas?: number | undefined;
    currentMetrics?: unknown[] | null | undefined;
    conditions?: Condition[] | undefined;
  };
}

/** What a pod uses now; undefined when there is no measurement of it. */
export type Usage = (pod: Pod) => { cpuMilli: number; memoryBytes: number } | undefined;

export interface Proposal {
  replicas: number;
  /** `cpu resource utilization (percentage of request)` */
  metric: string;
  status: unknown;
}

/** A metric that could not be had. */
export class MetricFailure extends Error {
  readonly reason: string;
  /** What the list of metrics says about it: `failed to get cpu resource metric value`. */
  readonly outer: string;
  constructor(reason: string, outer: string, message: string) {
    super(message);
    this.reason = reason;
    this.outer = outer;
  }
}
