import { randomUUID } from 'node:crypto';
import { AppError, type ErrorCode, toAppError } from '../../kernel/errors.ts';
import type { JsonObject, Principal } from '../../kernel/vocabulary.ts';
import type { CallOutcome } from '../../operations/gateway.ts';
import { isObject } from './body.ts';
import type { EventHub } from './events.ts';

export interface Call {
  principal: Principal;
  /** From the header X-Client-Id; the body's `client_id` counts where there is none. */
  clientId: string | undefined;
  call(tool: string, args: Record<string, unknown>, progress?: (message: string) => void): Promise<CallOutcome>;
  hub: EventHub;
}

/** The error names and statuses that clients of POST /tools/call know; any other code is TOOL_EXECUTION_ERROR. */
const ENVELOPE_ERRORS: Partial<Record<ErrorCode, readonly [name: string, status: number]>> = {
  unknown_tool: ['TOOL_NOT_FOUND', 404],
  invalid_argument: ['INVALID_PARAMETERS', 400],
  invalid_manifest: ['INVALID_PARAMETERS', 400],
  ambiguous_kind: ['INVALID_PARAMETERS', 400],
  unknown_kind: ['INVALID_PARAMETERS', 400],
  unknown_context: ['INVALID_PARAMETERS', 400],
  gate_closed: ['PERMISSION_DENIED', 403],
  namespace_denied: ['PERMISSION_DENIED', 403],
  kind_denied: ['PERMISSION_DENIED', 403],
  context_denied: ['PERMISSION_DENIED', 403],
  unsupported_request: ['PERMISSION_DENIED', 403],
  kubeconfig_refused: ['PERMISSION_DENIED', 403],
  command_refused: ['PERMISSION_DENIED', 403],
  program_missing: ['SERVICE_UNAVAILABLE', 503],
  confirmation_refused: ['PERMISSION_DENIED', 403],
  cluster_forbidden: ['PERMISSION_DENIED', 403],
  confirmation_required: ['CONFIRMATION_REQUIRED', 428],
  deadline_exceeded: ['TIMEOUT', 408],
  too_many_requests: ['SERVICE_UNAVAILABLE', 503],
  no_cluster: ['SERVICE_UNAVAILABLE', 503],
  cluster_unreachable: ['SERVICE_UNAVAILABLE', 503],
  cluster_unavailable: ['SERVICE_UNAVAILABLE', 503],
};

/** POST /tools/call: `{id, name, arguments}` in, `{id, success, result | error}` out, with events for the caller's own stream. */
export async function callEnvelope(
  body: Record<string, unknown>,
  port: Call,
): Promise<{ status: number; body: object }> {
  const id = callId(body['id']);
  try {
    const { tool, args, clientId } = parse(body, port);
    const outcome = await callWithEvents(id, tool, args, clientId, port);
    if (!outcome.ok) return failure(id, outcome.error, outcome.plan);
    return {
      status: 200,
      body: { id, success: outcome.failed !== true, result: outcome.output ?? null, text: outcome.text },
    };
  } catch (thrown) {
    return failure(id, toAppError(thrown));
  }
}

async function callWithEvents(
  id: string | number,
  tool: string,
  args: Record<string, unknown>,
  clientId: string | undefined,
  port: Call,
): Promise<CallOutcome> {
  if (clientId === undefined) return port.call(tool, args);
  const send = (event: string, data: object) =>
    port.hub.send(clientId, port.principal, event, { id, tool, ...data, timestamp: new Date().toISOString() });
  const { kubeconfig: _, ...shown } = args;
  send('tool_start', { arguments: shown });
  const started = performance.now();
  const outcome = await port.call(tool, args, (message) => send('tool_progress', { message }));
  const execution_time = Math.round(performance.now() - started) / 1000;
  if (outcome.ok) {
    const result_size = Buffer.byteLength(JSON.stringify(outcome.output) ?? '');
    send('tool_complete', {
      result: outcome.output ?? null,
      success: outcome.failed !== true,
      execution_time,
      result_size,
    });
  } else send('tool_error', { error: outcome.text, success: false, execution_time });
  return outcome;
}

function parse(body: Record<string, unknown>, port: Call) {
  const { name, arguments: given = {}, client_id: field, kubeconfig } = body;
  const args = given === null ? {} : given;
  const problems = [];
  if (typeof name !== 'string' || name === '') problems.push({ field: 'name', problem: 'must be the name of a tool' });
  if (!isObject(args)) problems.push({ field: 'arguments', problem: 'must be an object' });
  const clientId = port.clientId ?? (typeof field === 'string' ? field : undefined);
  if (clientId !== undefined && !port.hub.knows(clientId, port.principal)) {
    problems.push({ field: 'client_id', problem: 'names no open /events stream of this caller' });
  }
  if (typeof name !== 'string' || !isObject(args) || problems.length > 0) {
    throw new AppError('invalid_argument', 'The call is not well formed.', {
      problems,
      remedy: 'Send {"id": "...", "name": "<tool>", "arguments": {...}}.',
    });
  }
  return { tool: name, args: kubeconfig === undefined ? args : { kubeconfig, ...args }, clientId };
}

/** Echoed so that callers can match answers; a caller that sends none gets one. */
function callId(given: unknown): string | number {
  if (typeof given === 'number') return given;
  return typeof given === 'string' && given !== '' ? given.slice(0, 200) : randomUUID();
}

function failure(id: string | number, error: AppError, plan?: unknown): { status: number; body: JsonObject | object } {
  const [code, status] = ENVELOPE_ERRORS[error.code] ?? ['TOOL_EXECUTION_ERROR', 500];
  const { retryAfterSeconds, ...detail } = error.detail;
  const details = {
    code: error.code,
    ...detail,
    ...(retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }),
    ...(plan === undefined ? {} : { plan }),
  };
  const timestamp = new Date().toISOString();
  return { status, body: { id, success: false, error: { code, message: error.message, details, timestamp } } };
}
