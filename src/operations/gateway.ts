/** What surfaces know of the product: list the tools, call one. Types only; src/app builds it. */
import type { AppError } from '../kernel/errors.ts';
import type { Effect, Gate, JsonObject, Principal } from '../kernel/vocabulary.ts';

/** A tool as tools/list shows it, from the generated manifest. */
export interface ManifestTool {
  name: string;
  title: string;
  toolset: string;
  description: string;
  effect: Effect;
  gate?: Gate;
  /** With every gate closed it only reads. */
  effectFollowsGates?: true;
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean; openWorldHint: boolean };
  inputSchema: JsonObject;
}

export interface CallRequest {
  tool: string;
  /** As received: validated by the pipeline. */
  arguments: unknown;
  principal: Principal;
  signal: AbortSignal;
  progress?: (message: string) => void;
  /** The value of X-Kubeconfig or of the argument `kubeconfig`, untouched. */
  kubeconfig?: string;
  /**
   * `can-ask`: this surface can show a plan to a person; `accepted`: a person said yes to the plan whose token is in `confirm`;
   * `declined`: a person said no, which is answered and audited and never carried out.
   */
  human?: 'can-ask' | 'accepted' | 'declined';
  /** This surface shows the text alone: `output` may be left out. */
  textOnly?: true;
}

export type CallOutcome =
  /** `failed`: it was carried out and did not succeed (a command with another exit code than 0). */
  | { ok: true; text: string; output: unknown; structured?: JsonObject; failed?: true }
  /** `text` is describeError(error), redacted. For `confirmation_required`, `plan` is what a person is to be asked. */
  | { ok: false; text: string; error: AppError; plan?: PendingPlan };

export interface PendingPlan {
  title: string;
  effects: readonly string[];
  /** Send it back as argument `confirm` to carry the plan out. Single use, 10 minutes. */
  token: string;
}

export interface Gateway {
  /** Visible tools, in deterministic order. A tool that is not here is refused by `call`. */
  tools(): readonly ManifestTool[];
  /** Never throws. */
  call(request: CallRequest): Promise<CallOutcome>;
}
