import type { CommandInput, ParsedCommand } from '../exec/types.ts';
import { abortable, abortReason, deadlineOf } from '../kernel/async.ts';
import { AppError, describeError, type ErrorCode, toAppError, withTexts } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import type { Gate, JsonObject } from '../kernel/vocabulary.ts';
import { shownTool } from '../policy/visible.ts';
import type { CallAudit } from '../telemetry/audit.ts';
import { newCallId } from '../telemetry/call-id.ts';
import { parseArguments, splitKubeconfig } from './arguments.ts';
import type { CallOutcome, CallRequest, Gateway, ManifestTool } from './gateway.ts';
import type { OpenCluster, PipelinePorts } from './ports.ts';
import { authorize, requireAllowed } from './stages/authorize.ts';
import { ConfirmationNeeded, confirm } from './stages/confirm.ts';
import { shapeText } from './stages/shape.ts';
import type { CallContext, CommonInput, Operation, Redactor } from './types.ts';

/** After this a client hears that the call still runs (DESIGN.md §10, Users). */
const PROGRESS_EVERY_MS = 5000;
/** For waiting in the queue, ending the child, and filtering what it printed. */
const COMMAND_MARGIN_MS = 20_000;

/** State of one call as it moves through the stages: what the record and the error text need, whatever stage fails. */
interface Call {
  /** In audit.log. */
  id: string;
  request: CallRequest;
  args: Record<string, unknown>;
  /** In place of `args`, for tools that say themselves what may be kept of them. */
  audited: JsonObject | undefined;
  cluster: OpenCluster | undefined;
  decision: CallAudit['decision'];
}

/** observe -> limit -> validate -> resolve -> authorize -> confirm -> execute -> shape -> render (DESIGN.md §4, §10). */
export function createGateway(ports: PipelinePorts): Gateway {
  const { rules, toolsets } = ports;
  const visible = ports.manifest.flatMap((tool) =>
    shownTool(tool, { gates: rules.gates, toolsets, permissive: ports.permissive }),
  );
  return {
    tools: () => visible,
    call: (request) => observe(ports, request, (call) => limited(ports, call, visible)),
  };
}

async function observe(
  ports: PipelinePorts,
  request: CallRequest,
  work: (call: Call) => Promise<CallOutcome>,
): Promise<CallOutcome> {
  const started = ports.now();
  const call: Call = {
    id: newCallId(),
    request,
    args: {},
    audited: undefined,
    cluster: undefined,
    decision: 'not reached',
  };
  const outcome = await work(call).catch((thrown: unknown) => failure(ports, call, thrown));
  ports.audit({
    id: call.id,
    principal: request.principal,
    tool: request.tool,
    arguments: auditedArguments(
      call.cluster?.redactor ?? ports.redactorFor(request.principal),
      call.audited ?? call.args,
    ),
    ...(call.cluster === undefined ? {} : { cluster: call.cluster.id }),
    decision: call.decision,
    outcome: outcomeWord(outcome),
    ...(outcome.ok ? {} : { code: outcome.error.code }),
    durationMs: Math.round(ports.now() - started),
  });
  return outcome;
}

/** Arguments that cannot be redacted (megabytes of one token) must not keep the record of their call from being written. */
function auditedArguments(redactor: Redactor, args: Record<string, unknown>): JsonObject {
  try {
    return redactor.object(args) as JsonObject;
  } catch {
    return { withheld: 'the arguments could not be redacted' };
  }
}

function outcomeWord(outcome: CallOutcome): CallAudit['outcome'] {
  if (outcome.ok) return outcome.failed === true ? 'failed' : 'ok';
  return outcome.plan === undefined ? 'failed' : 'pending confirmation';
}

const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'gate_closed',
  'namespace_denied',
  'kind_denied',
  'context_denied',
  'unsupported_request',
  'kubeconfig_refused',
  'command_refused',
  'confirmation_refused',
]);

function failure(ports: PipelinePorts, call: Call, thrown: unknown): CallOutcome {
  const plan = thrown instanceof ConfirmationNeeded ? thrown.plan : undefined;
  const error = toAppError(thrown instanceof ConfirmationNeeded ? thrown.error : thrown);
  if (REFUSALS.has(error.code)) call.decision = 'refused';
  if (error.code === 'internal') ports.report(error.cause ?? error);
  const redactor = call.cluster?.redactor ?? ports.redactorFor(call.request.principal);
  const safe = redacted(error, redactor);
  return { ok: false, text: describeError(safe), error: safe, ...(plan === undefined ? {} : { plan }) };
}

/** A text that the redactor cannot take (megabytes of one token) is not told at all. */
function redacted(error: AppError, redactor: Redactor): AppError {
  try {
    return withTexts(error, (text) => redactor.text(text));
  } catch {
    return new AppError(error.code, 'The reason could not be redacted and is withheld.');
  }
}

async function limited(ports: PipelinePorts, call: Call, visible: readonly ManifestTool[]): Promise<CallOutcome> {
  const { signal, met } = deadlineOf(call.request.signal, timeLimit(ports, call.request));
  const ticking = heartbeat(call.request);
  try {
    const outcome = await ports.limit(signal, () => abortable(staged(ports, call, visible, signal), signal));
    // Not where it failed: parts of it may still run, and end with their time.
    met();
    return outcome;
  } catch (thrown) {
    throw signal.aborted ? abortReason(signal) : thrown;
  } finally {
    clearInterval(ticking);
  }
}

const DOES: Readonly<Record<Gate, string>> = {
  list: 'lists objects',
  create: 'creates objects',
  update: 'changes objects',
  delete: 'deletes objects',
  exec: 'reaches into pods',
  escalation: 'changes who may do what',
};

/** The beginning of a refusal: `kubectl delete` deletes objects. */
function whatItDoes({ tool, path, gates }: ParsedCommand): string {
  return `\`${[tool, ...path].join(' ')}\` ${gates.map((gate) => DOES[gate]).join(' and ')}`;
}

/** A command has its own limit, and some seconds to say what it got to before this one ends the call. */
function timeLimit({ manifest, callTimeoutMs, commandTimeoutMs }: PipelinePorts, { tool }: CallRequest): number {
  const runsCommand = manifest.find(({ name }) => name === tool)?.toolset === 'cli';
  return runsCommand ? commandTimeoutMs + COMMAND_MARGIN_MS : callTimeoutMs;
}

/** What the caller asked for, in ms, and no more than may be. */
function askedTime(input: CommonInput, most: number): number | undefined {
  if (!('timeout' in input) || typeof input.timeout !== 'number') return undefined;
  return Math.min(input.timeout * 1000, most);
}

function heartbeat({ progress }: CallRequest): NodeJS.Timeout | undefined {
  if (progress === undefined) return undefined;
  let seconds = 0;
  return setInterval(() => {
    seconds += PROGRESS_EVERY_MS / 1000;
    progress(`still running, ${seconds} s`);
  }, PROGRESS_EVERY_MS).unref();
}

async function staged(
  ports: PipelinePorts,
  call: Call,
  visible: readonly ManifestTool[],
  signal: AbortSignal,
): Promise<CallOutcome> {
  const { request } = call;
  const { args, kubeconfig } = splitKubeconfig(request.arguments);
  call.args = args;
  const tool = findTool(ports, visible, request.tool);
  if (request.human === 'declined') {
    throw new AppError('confirmation_refused', 'Refused by the user; nothing was changed.');
  }
  const operation = await ports.load(tool.name);
  const input = parseArguments(operation, tool.inputSchema, args);
  call.args = { ...input };
  call.audited = operation.audited?.(input, undefined);
  const command = operation.command?.(input);
  const parsed = command && (await ports.parseCommand(command));
  if (parsed !== undefined) call.audited = operation.audited?.(input, parsed);
  const wanted = {
    context: parsed?.context ?? input.context,
    // An empty one is refused further down: a variable that was not set must not lead to the server's own cluster.
    kubeconfig: request.kubeconfig ?? kubeconfig,
    forCommand: parsed !== undefined,
  };
  const cluster = await ports.openCluster(wanted, request.principal, signal);
  call.cluster = cluster;
  const ctx = contextOf(ports, cluster, request, signal);
  const work = () => onCluster({ ports, call, operation, input, cluster, ctx, command, parsed });
  return cluster.limit === undefined ? work() : cluster.limit(signal, work);
}

interface ClusterCall {
  ports: PipelinePorts;
  call: Call;
  operation: Operation;
  input: CommonInput;
  cluster: OpenCluster;
  ctx: CallContext;
  command: CommandInput | undefined;
  parsed: ParsedCommand | undefined;
}

/** authorize -> confirm -> execute -> shape -> render. */
async function onCluster({
  ports,
  call,
  operation,
  input,
  cluster,
  ctx,
  command,
  parsed,
}: ClusterCall): Promise<CallOutcome> {
  const { request } = call;
  if (command !== undefined && parsed !== undefined) {
    requireAllowed(cluster.decideGates(parsed.gates, whatItDoes(parsed)));
    const timeoutMs = askedTime(input, ports.commandTimeoutMs);
    const run = { callId: call.id, input: command, signal: ctx.signal, timeoutMs, progress: ctx.progress };
    ctx.command = { parsed, run: (changed = parsed) => cluster.runCommand(changed, run) };
  }
  authorize(await operation.resolve(input, ctx), cluster.decide);
  call.decision = 'allowed';
  await confirm({ operation, input, ctx, request, cluster, mode: ports.confirm, tokens: ports.planTokens });
  return await execute(operation, input, ctx, request);
}

async function execute(
  operation: Operation,
  input: CommonInput,
  ctx: CallContext,
  { textOnly }: CallRequest,
): Promise<CallOutcome> {
  if (textOnly === true && operation.lines !== undefined) {
    const lines = ctx.redactor.texts(await operation.lines(input, ctx));
    return { ok: true, text: framed(lines.join('\n'), ctx), output: undefined };
  }
  const output = ctx.redactor.texts(await operation.run(input, ctx));
  const text = framed(operation.render(output, ctx), ctx);
  return { ok: true, text, output, ...(operation.failed?.(output) === true ? { failed: true as const } : {}) };
}

/** An answer under the context that it is of. */
function framed(text: string, ctx: CallContext): string {
  return shapeText(`context: ${ctx.cluster.context}\n${text}`, ctx);
}

function contextOf(ports: PipelinePorts, cluster: OpenCluster, request: CallRequest, signal: AbortSignal): CallContext {
  const { redactor, view } = cluster;
  return {
    principal: request.principal,
    signal,
    cluster: view,
    policy: ports.rules,
    graph: cluster.graph,
    graphDefaults: ports.graphDefaults,
    budgetTokens: ports.budgetTokens,
    now: ports.now,
    progress: (message) => request.progress?.(redactor.text(message)),
    redactor,
    resolveMarkers: (manifest, live) => cluster.resolveMarkers(manifest, live, signal),
    command: undefined,
  };
}

function findTool(ports: PipelinePorts, visible: readonly ManifestTool[], name: string): ManifestTool {
  const tool = visible.find((candidate) => candidate.name === name);
  if (tool !== undefined) return tool;
  const hidden = ports.manifest.find((candidate) => candidate.name === name);
  if (hidden === undefined) {
    throw new AppError('unknown_tool', `There is no tool ${JSON.stringify(name.slice(0, 80))}.`, {
      candidates: nearest(
        name,
        visible.map((t) => t.name),
      ),
      remedy: 'tools/list (or `k8s-mcp tools`) names them all.',
    });
  }
  if (hidden.gate !== undefined && !ports.rules.gates[hidden.gate]) {
    throw new AppError('gate_closed', `${name} needs the ${hidden.gate} gate, which is closed.`, {
      remedy: `The operator opens it with --enable-${hidden.gate}.`,
    });
  }
  throw new AppError('gate_closed', `${name} belongs to the toolset ${hidden.toolset}, which is off.`, {
    remedy: `The operator turns it on with --toolsets ${hidden.toolset}.`,
  });
}
