import type { z } from 'zod';
import type { CommandInput, CommandResponse, ParsedCommand } from '../exec/types.ts';
import type { GraphAccess } from '../graph/access.ts';
import type { ApiRequest, Effect, Gate, JsonObject, Principal } from '../kernel/vocabulary.ts';
import type { ApiResource, ClusterView } from '../kube/types.ts';
import type { Monitor } from '../monitor/types.ts';
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
  /** The live graph of this call's cluster, as far as this caller may see it. */
  graph: GraphAccess<Monitor>;
  /** Defaults of questions to it. */
  graphDefaults: GraphDefaults;
  /** Tokens an answer may take; a list keeps what fits and says how to get the rest. */
  budgetTokens: number;
  /** Wall clock, ms. */
  now(): number;
  /** Progress for the client; text passes the same redactor as answers. */
  progress(message: string): void;
  redactor: Redactor;
  /** `manifest` with redaction markers resolved to the live object's values; throws `invalid_manifest` where one does not match. */
  resolveMarkers<T>(manifest: T, live: LiveObject | undefined): Promise<T>;
  /** The command line of this call; undefined for tools that have none. */
  command: CallCommand | undefined;
}

/** GRAPH_MAX_DEPTH and MAX_SUMMARY_SIZE_KB. */
export interface GraphDefaults {
  maxDepth: number;
  maxSummaryKb: number;
}

/** A CLI command that was read and found acceptable. */
export interface CallCommand {
  parsed: ParsedCommand;
  /** Starts it on the call's cluster; `with` changes its words (a dry run for a plan). A command that fails is an answer, not an error. */
  run(changed?: ParsedCommand): Promise<CommandResponse>;
}

/** Names a live object whose unredacted form the pipeline may read to resolve markers. Callers never see that form. */
export interface LiveObject {
  resource: ApiResource;
  name: string;
  namespace?: string;
}

/** One call's redaction: remembers the secrets it met and removes them everywhere. */
export interface Redactor {
  /** A copy of a cluster's `object` with Secret data, credential-named values and last-applied replaced by markers. */
  object<T>(object: T): T;
  /** For text that the cluster wrote and that comes in pieces (logs): without the values this call met and known credential shapes; marked as `object` marks. */
  clusterChunks(): { push(chunk: string): string; end(): string };
  /**
   * Text that may repeat what the caller wrote (answers, errors): as `clusterChunks`, but what is a secret by its shape alone gets
   * a marker that compares with nothing, or a caller could write guesses and read off which one is a Secret's value.
   */
  text(text: string): string;
  /** `value` with every string of it passed through `text`. */
  texts<T>(value: T): T;
  /** Adds a value to what `text` removes. Short values (under 6 characters) are not removed from text. */
  remember(value: string): void;
}

export type Toolset = 'resources' | 'cluster' | 'intelligent' | 'cli';

export interface OperationMeta {
  /** Exactly the seed's spelling. */
  name: string;
  toolset: Toolset;
  title: string;
  /** Shown to models: one or two short sentences. */
  description: string;
  effect: Effect;
  /** The switch that must be open for the tool to exist. */
  gate?: Gate;
  /** A write that only adds (create): destructiveHint false. */
  additive?: boolean;
  /** The same call twice changes nothing more. Reads are idempotent anyway. */
  idempotent?: boolean;
  /** What a call does follows from its arguments: with every gate closed such a tool only reads, and is shown so. */
  effectFollowsGates?: boolean;
}

/** Arguments that every tool takes besides its own. `confirm` only for effect destructive. */
export interface CommonInput {
  context?: string | undefined;
  confirm?: string | undefined;
}

/** What a tool file hands to defineOperation. `I` is the parsed input, `O` the typed answer. */
export interface OperationSpec<
  Shape extends z.ZodRawShape,
  Output extends z.ZodType,
  Accepted extends z.ZodRawShape = Record<never, never>,
> extends OperationMeta {
  /** The tool's own fields, each described in a few words; `context` and `confirm` are added. */
  input: Shape;
  /** Further fields that are taken and not advertised: another form of the same arguments. */
  accepted?: Accepted;
  /** z.looseObject. */
  output: Output;
  /** Argument names accepted and not advertised: `pod` -> `pod_name`. */
  aliases?: Readonly<Record<string, string>>;
  /** What this call will ask of the API server, so that policy decides before anything is sent. */
  resolve(input: InputOf<Shape & Accepted>, ctx: CallContext): Promise<ApiRequest[]>;
  /** Required for effect destructive: what would happen; undefined where this call needs no confirmation. */
  plan?(input: InputOf<Shape & Accepted>, ctx: CallContext): Promise<Plan | undefined>;
  /** For tools that run a command line: read and judged before a cluster is opened, which it may name. */
  command?(input: InputOf<Shape & Accepted>): CommandInput;
  /** For an answer that says that what was asked for failed: clients see it as such, and still get the whole of it. */
  failed?(output: z.infer<Output>): boolean;
  /** What audit.log keeps of the arguments, where not all of them may stand there. */
  audited?(input: InputOf<Shape & Accepted>, command: ParsedCommand | undefined): JsonObject;
  run(input: InputOf<Shape & Accepted>, ctx: CallContext): Promise<z.infer<Output>>;
  /** What `render` makes of the answer, where that takes much less than the whole of it: for surfaces that show the text alone. */
  lines?(input: InputOf<Shape & Accepted>, ctx: CallContext): Promise<readonly string[]>;
  /** Pure text for a model. */
  render(output: z.infer<Output>, ctx: { now(): number }): string;
}

export type InputOf<Shape extends z.ZodRawShape> = z.infer<z.ZodObject<Shape>> & CommonInput;

/** A tool with its types erased: what the registry holds and the pipeline runs. Input has been parsed by `input`. */
export interface Operation extends OperationMeta {
  input: z.ZodObject;
  /** `input` without what is taken and not advertised. */
  advertised: z.ZodObject;
  output: z.ZodType;
  aliases: Readonly<Record<string, string>>;
  resolve(input: CommonInput, ctx: CallContext): Promise<ApiRequest[]>;
  plan: ((input: CommonInput, ctx: CallContext) => Promise<Plan | undefined>) | undefined;
  command: ((input: CommonInput) => CommandInput) | undefined;
  failed: ((output: unknown) => boolean) | undefined;
  audited: ((input: CommonInput, command: ParsedCommand | undefined) => JsonObject) | undefined;
  lines: ((input: CommonInput, ctx: CallContext) => Promise<readonly string[]>) | undefined;
  run(input: CommonInput, ctx: CallContext): Promise<unknown>;
  render(output: unknown, ctx: { now(): number }): string;
}
