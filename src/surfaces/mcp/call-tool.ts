/** tools/call on the gateway: caller, progress, confirmation, and the outcome as an MCP result. */
import {
  type CallToolRequest,
  type CallToolResult,
  type InputRequiredResult,
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { describeError, toAppError } from '../../kernel/errors.ts';
import type { Principal } from '../../kernel/vocabulary.ts';
import type { CallOutcome, CallRequest, Gateway } from '../../operations/gateway.ts';
import { Caller, callerOf } from './caller.ts';
import { type Answer, type AskedCall, askPerson, canAskPerson, readAnswer } from './confirmation.ts';

export interface CallToolParts {
  gateway: Gateway;
  codec: RequestStateCodec;
  server: McpServer;
  /** Who calls where the transport carries no caller: stdio. */
  principal: Principal | undefined;
}

export async function callTool(
  request: CallToolRequest,
  ctx: ServerContext,
  parts: CallToolParts,
): Promise<CallToolResult | InputRequiredResult> {
  const caller = callerOf(ctx) ?? (parts.principal && new Caller(parts.principal));
  if (caller === undefined) throw new ProtocolError(ProtocolErrorCode.InternalError, 'The request has no caller.');
  try {
    return await confirmedCall(request, ctx, caller, parts);
  } catch (thrown) {
    if (thrown instanceof ProtocolError) throw thrown;
    return failed(describeError(toAppError(thrown)));
  }
}

async function confirmedCall(
  request: CallToolRequest,
  ctx: ServerContext,
  caller: Caller,
  { gateway, codec, server }: CallToolParts,
): Promise<CallToolResult | InputRequiredResult> {
  const call: AskedCall = {
    tool: request.params.name,
    arguments: request.params.arguments ?? {},
    kubeconfig: caller.kubeconfig,
  };
  const answer = readAnswer(ctx, call);
  const canAsk = canAskPerson(ctx, server);
  const progress = progressOf(ctx);
  const outcome = await gateway.call({
    tool: call.tool,
    arguments: answer.kind === 'accepted' ? { ...call.arguments, confirm: answer.token } : call.arguments,
    principal: caller.principal,
    signal: ctx.mcpReq.signal,
    textOnly: true,
    ...(progress && { progress: progress.send }),
    ...(call.kubeconfig !== undefined && { kubeconfig: call.kubeconfig }),
    ...humanOf(answer.kind, canAsk),
  });
  progress?.end();
  if (!outcome.ok && outcome.plan !== undefined && canAsk) return askPerson(outcome.plan, call, codec, ctx);
  return toResult(outcome, gateway, call.tool);
}

function humanOf(answer: Answer['kind'], canAsk: boolean): Pick<CallRequest, 'human'> {
  if (answer === 'accepted') return { human: 'accepted' };
  if (answer === 'refused') return { human: 'declined' };
  return canAsk ? { human: 'can-ask' } : {};
}

function toResult(outcome: CallOutcome, gateway: Gateway, tool: string): CallToolResult {
  if (outcome.ok) {
    const { text, structured, failed: unsuccessful } = outcome;
    if (unsuccessful === true) return failed(text);
    return { content: [{ type: 'text', text }], ...(structured && { structuredContent: structured }) };
  }
  // The specification makes a tool that is not listed a protocol error, whatever the reason it is not.
  if (!gateway.tools().some(({ name }) => name === tool)) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, outcome.text);
  }
  return failed(outcome.text);
}

function failed(text: string): CallToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}

/** Last progress value by request: a confirmation on the 2025 wire runs the handler again within one request. */
const lastProgress = new WeakMap<AbortSignal, number>();

function progressOf(ctx: ServerContext): { send(message: string): void; end(): void } | undefined {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  const { signal, notify } = ctx.mcpReq;
  let open = true;
  return {
    send(message) {
      if (!open || signal.aborted) return;
      const progress = (lastProgress.get(signal) ?? 0) + 1;
      lastProgress.set(signal, progress);
      // A client that has gone cannot be told; its call is cancelled through the signal.
      notify({ method: 'notifications/progress', params: { progressToken, progress, message } }).catch(() => {});
    },
    end() {
      open = false;
    },
  };
}
