import type { ApiRequest, Decision, Principal } from '../kernel/vocabulary.ts';
import type { ApiResource, ClusterView } from '../kube/types.ts';
import type { PolicyRules } from '../policy/types.ts';
import type { CallAudit } from '../telemetry/audit.ts';
import type { ManifestTool } from './gateway.ts';
import type { PlanTokens } from './plan-token.ts';
import type { Operation, Redactor } from './types.ts';

/** What the pipeline needs from outside; the composition root provides it. */
export interface PipelinePorts {
  rules: PolicyRules;
  /** All tools of the build, in order; visibility is decided per configuration. */
  manifest: readonly ManifestTool[];
  /** Enabled toolsets. */
  toolsets: readonly string[];
  confirm: 'auto' | 'human' | 'never';
  load(name: string): Promise<Operation>;
  openCluster(context: string | undefined, principal: Principal, signal: AbortSignal): Promise<OpenCluster>;
  /** For calls that end before a cluster is open. */
  redactorFor(principal: Principal): Redactor;
  planTokens: PlanTokens;
  /** Told of each call when it has ended, refused ones too. */
  audit(record: CallAudit): void;
  /** A failure that is ours: logged with its cause, which callers do not see. */
  report(error: unknown): void;
  limit<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  callTimeoutMs: number;
  budgetTokens: number;
  now(): number;
}

/** One cluster for one call: its policy, its redactor, and the view that obeys both. */
export interface OpenCluster {
  /** Context and server, for plans and audit. Holds no secret. */
  id: string;
  view: ClusterView;
  redactor: Redactor;
  decide(request: ApiRequest): Decision;
  /** Redaction markers of a manifest resolved against the live object, read unredacted under the same policy. */
  resolveMarkers<T>(
    manifest: T,
    live: { resource: ApiResource; name: string; namespace?: string } | undefined,
    signal: AbortSignal,
  ): Promise<T>;
}
