import { abortable, abortReason } from '../kernel/async.ts';
import { AppError, describeError, type ErrorCode, toAppError, withTexts } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import type { JsonObject } from '../kernel/vocabulary.ts';
import { toolVisible } from '../policy/visible.ts';
import type { CallAudit } from '../telemetry/audit.ts';
import { parseArguments, splitKubeconfig } from './arguments.ts';
import type { CallOutcome, CallRequest, Gateway, ManifestTool } from './gateway.ts';
import type { OpenCluster, PipelinePorts } from './ports.ts';
import { authorize } from './stages/authorize.ts';
import { ConfirmationNeeded, confirm } from './stages/confirm.ts';
import { shapeText } from './stages/shape.ts';
import type { CallContext, CommonInput, Operation, Redactor } from './types.ts';

/** After this a client hears that the call still runs (DESIGN.md §10, Users). */
const PROGRESS_EVERY_MS = 5000;

/** State of one call as it moves through the stages: what the record and the error text need, whatever stage fails. */
interface Call {
  request: CallRequest;
  args: Record<string, unknown>;
  cluster: OpenCluster | undefined;
  decision: CallAudit['decision'];
}

/** observe -> limit -> validate -> resolve -> authorize -> confirm -> execute -> shape -> render (DESIGN.md §4, §10). */
export function createGateway(ports: PipelinePorts): Gateway {
  const visible = ports.manifest.filter((tool) =>
    toolVisible(tool, { gates: ports.rules.gates, toolsets: ports.toolsets }),
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
  const call: Call = { request, args: {}, cluster: undefined, decision: 'not reached' };
  const outcome = await work(call).catch((thrown: unknown) => failure(ports, call, thrown));
  ports.audit({
    principal: request.principal,
    tool: request.tool,
    arguments: auditedArguments(call.cluster?.redactor ?? ports.redactorFor(request.principal), call.args),
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
  if (outcome.ok) return 'ok';
  return outcome.plan === undefined ? 'failed' : 'pending confirmation';
}

const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'gate_closed',
  'namespace_denied',
  'kind_denied',
  'context_denied',
  'unsupported_request',
  'kubeconfig_refused',
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
  const signal = AbortSignal.any([call.request.signal, AbortSignal.timeout(ports.callTimeoutMs)]);
  const ticking = heartbeat(call.request);
  try {
    return await ports.limit(signal, () => abortable(staged(ports, call, visible, signal), signal));
  } catch (thrown) {
    throw signal.aborted ? abortReason(signal) : thrown;
  } finally {
    clearInterval(ticking);
  }
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
  refuseKubeconfig(request.kubeconfig ?? kubeconfig);
  if (request.human === 'declined') {
    throw new AppError('confirmation_refused', 'Refused by the user; nothing was changed.');
  }
  const operation = await ports.load(tool.name);
  const input = parseArguments(operation, tool.inputSchema, args);
  call.args = { ...input };
  const cluster = await ports.openCluster(input.context, request.principal, signal);
  call.cluster = cluster;
  const ctx = contextOf(ports, cluster, request, signal);
  authorize(await operation.resolve(input, ctx), cluster.decide);
  call.decision = 'allowed';
  await confirm({ operation, input, ctx, request, cluster, mode: ports.confirm, tokens: ports.planTokens });
  return await execute(operation, input, ctx);
}

async function execute(operation: Operation, input: CommonInput, ctx: CallContext): Promise<CallOutcome> {
  const output = ctx.redactor.texts(await operation.run(input, ctx));
  const head = `context: ${ctx.cluster.context}`;
  const text = shapeText(`${head}\n${operation.render(output, ctx)}`, ctx);
  return { ok: true, text, output };
}

function contextOf(ports: PipelinePorts, cluster: OpenCluster, request: CallRequest, signal: AbortSignal): CallContext {
  const { redactor, view } = cluster;
  return {
    principal: request.principal,
    signal,
    cluster: view,
    policy: ports.rules,
    budgetTokens: ports.budgetTokens,
    now: ports.now,
    progress: (message) => request.progress?.(redactor.text(message)),
    redactor,
    resolveMarkers: (manifest, live) => cluster.resolveMarkers(manifest, live, signal),
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

/** Until per-request clusters exist, a kubeconfig is refused: to ignore it would answer from the wrong cluster. */
function refuseKubeconfig(kubeconfig: string | undefined): void {
  if (kubeconfig === undefined || kubeconfig === '') return;
  throw new AppError('kubeconfig_refused', 'This server does not take a kubeconfig with the request.', {
    remedy: "Leave X-Kubeconfig and the argument kubeconfig out, and name one of the server's contexts with `context`.",
  });
}
