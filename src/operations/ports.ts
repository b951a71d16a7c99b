import type { CommandInput, CommandResponse, ParsedCommand } from '../exec/types.ts';
import type { GraphAccess } from '../graph/access.ts';
import type { ApiRequest, Decision, Gate, Principal } from '../kernel/vocabulary.ts';
import type { ApiResource, ClusterView } from '../kube/types.ts';
import type { Monitor } from '../monitor/types.ts';
import type { PolicyRules } from '../policy/types.ts';
import type { CallAudit } from '../telemetry/audit.ts';
import type { ManifestTool } from './gateway.ts';
import type { PlanTokens } from './plan-token.ts';
import type { GraphDefaults, Operation, Redactor } from './types.ts';

/** What the pipeline needs from outside; the composition root provides it. */
export interface PipelinePorts {
  rules: PolicyRules;
  /** All tools of the build, in order; visibility is decided per configuration. */
  manifest: readonly ManifestTool[];
  /** Enabled toolsets. */
  toolsets: readonly string[];
  /** Commands may create, update and delete without the gates. */
  permissive: boolean;
  confirm: 'auto' | 'human' | 'never';
  load(name: string): Promise<Operation>;
  openCluster(wanted: WantedCluster, principal: Principal, signal: AbortSignal): Promise<OpenCluster>;
  /** Reads a command line and judges it: throws what is wrong with it. Connects to nothing, starts nothing. */
  parseCommand(input: CommandInput): Promise<ParsedCommand>;
  /** For calls that end before a cluster is open. */
  redactorFor(principal: Principal): Redactor;
  planTokens: PlanTokens;
  /** Told of each call when it has ended, refused ones too. */
  audit(record: CallAudit): void;
  /** A failure that is ours: logged with its cause, which callers do not see. */
  report(error: unknown): void;
  limit<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  graphDefaults: GraphDefaults;
  callTimeoutMs: number;
  /** For tools that run commands: the most that a command may take. */
  commandTimeoutMs: number;
  budgetTokens: number;
  now(): number;
}

/** Which cluster a call is for. */
export interface WantedCluster {
  /** The default one when neither this nor a kubeconfig is given. */
  context: string | undefined;
  /** As received with the call: base64. */
  kubeconfig: string | undefined;
  /** The tool of the call runs a command, whose requests come back through the guard. */
  forCommand?: boolean;
}

/** What running a command on a cluster needs besides the command. */
export interface CommandRun {
  /** Of the call, for audit. */
  callId: string;
  input: CommandInput;
  signal: AbortSignal;
  /** As the caller wished, within what the operator allows; undefined where nothing was said. */
  timeoutMs: number | undefined;
  progress(text: string): void;
}

/** One cluster for one call: its policy, its redactor, and the view that obeys both. */
export interface OpenCluster {
  /** Context and server, for plans and audit. Holds no secret. */
  id: string;
  view: ClusterView;
  redactor: Redactor;
  graph: GraphAccess<Monitor>;
  decide(request: ApiRequest): Decision;
  /** Whether these gates are open for commands on this cluster. `what` begins the sentence of a refusal. */
  decideGates(gates: readonly Gate[], what: string): Decision;
  runCommand(command: ParsedCommand, run: CommandRun): Promise<CommandResponse>;
  /** For clusters of callers: their calls wait for each other, so that no caller takes all there is. */
  limit?<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Redaction markers of a manifest resolved against the live object, read unredacted under the same policy. */
  resolveMarkers<T>(
    manifest: T,
    live: { resource: ApiResource; name: string; namespace?: string } | undefined,
    signal: AbortSignal,
  ): Promise<T>;
}
