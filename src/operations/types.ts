import type { z } from 'zod';
import type { ApiRequest, Effect, Gate, Principal } from '../kernel/vocabulary.ts';
import type { ClusterView } from '../kube/types.ts';
import type { PolicyRules } from '../policy/types.ts';

/** One change that waits for a yes. The token is bound to everything here. */
export interface Plan {
  /** One line: verb, kind, namespace/name, context. */
  title: string;
  /** What will happen, a line each. */
  effects: readonly string[];
  /** What the plan was made from: uid and resourceVersion of each target. A change of it voids the token. */
  basis: string;
}

/** Ports and facts of one call. A stage asks here for whatever lies outside. */
export interface CallContext {
  principal: Principal;
  signal: AbortSignal;
  cluster: ClusterView;
  policy: PolicyRules;
  /** Wall clock, ms. */
  now(): number;
  /** Progress for the client; text passes the same redactor as answers. */
  progress(message: string): void;
  redactor: Redactor;
}

/** One call's redaction: remembers the secrets it met and removes them everywhere. */
export interface Redactor {
  /** A copy of `object` with Secret data, credential-named values and last-applied replaced by markers. */
  object<T>(object: T): T;
  /** `text` without the values this call met and without known credential shapes. */
  text(text: string): string;
  /** Adds a value to what `text` removes. Short values (under 6 characters) are not removed from text. */
  remember(value: string): void;
}

export interface OperationMeta {
  /** Exactly the seed's spelling. */
  name: string;
  toolset: 'resources' | 'cluster';
  title: string;
  /** Shown to models: one or two short sentences. */
  description: string;
  effect: Effect;
  /** The switch that must be open for the tool to exist. */
  gate?: Gate;
  /** A write that only adds (create): destructiveHint false. */
  additive?: boolean;
  idempotent?: boolean;
}

export interface Operation<I = unknown, O = unknown> extends OperationMeta {
  /** z.strictObject; every field described in a few words. `context` and `confirm` are added by defineOperation. */
  input: z.ZodType<I>;
  /** z.looseObject. */
  output: z.ZodType<O>;
  /** Accepted, not advertised: `pod` -> `pod_name`. */
  aliases?: Readonly<Record<string, string>>;
  /** What this call will ask of the API server, so that policy decides before anything is sent. */
  resolve(input: I, ctx: CallContext): Promise<ApiRequest[]>;
  /** For effect destructive: what would happen. */
  plan?(input: I, ctx: CallContext): Promise<Plan>;
  run(input: I, ctx: CallContext): Promise<O>;
  /** Pure text for a model. */
  render(output: O): string;
}
