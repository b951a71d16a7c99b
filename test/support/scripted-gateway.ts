/** A gateway of a few static tools whose behaviour tests can read off the answers. No cluster. */
import { once } from 'node:events';
import { AppError, describeError, type ErrorCode } from '../../src/kernel/errors.ts';
import type { CallOutcome, CallRequest, Gateway, ManifestTool } from '../../src/operations/gateway.ts';

const NOTHING = { type: 'object', properties: {} };
const READ = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
const DESTROY = { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false };

function tool(name: string, description: string, effect: ManifestTool['effect'] = 'read'): ManifestTool {
  const annotations = effect === 'destructive' ? DESTROY : READ;
  return { name, title: name, toolset: 'resources', description, effect, annotations, inputSchema: NOTHING };
}

const TOOLS: readonly ManifestTool[] = [
  tool('whoami', 'Says who called, over what, and with which kubeconfig, after an optional pause.'),
  tool('fail', 'Fails with not_found.'),
  tool('structured', 'Answers with structured content.'),
  tool('steps', 'Reports three steps.'),
  tool('command', 'Runs a command that fails.'),
  tool('hang', 'Runs until it is cancelled.'),
  tool('remove', 'Removes a thing, once a plan is confirmed.', 'destructive'),
];

export interface ScriptedGateway extends Gateway {
  /** Every call as the gateway got it. */
  readonly calls: CallRequest[];
  /** Settles when a call of `hang` was cancelled. */
  readonly cancelled: Promise<void>;
}

export function createScriptedGateway(): ScriptedGateway {
  const calls: CallRequest[] = [];
  const { promise: cancelled, resolve: onCancelled } = Promise.withResolvers<void>();
  let tokens = 0;

  const remove = (request: CallRequest): CallOutcome => {
    const { confirm, name } = fields(request.arguments);
    if (request.human === 'declined')
      return refused('confirmation_refused', 'Refused by the user; nothing was changed.');
    if (confirm === `token-${tokens}`) return done(`Removed ${String(name)} (${request.human ?? 'by token'}).`);
    const token = `token-${++tokens}`;
    const plan = { title: `Remove ${String(name)}?`, effects: ['It is gone for good.'], token };
    return { ...refused('confirmation_required', `Send confirm: "${token}" to remove ${String(name)}.`), plan };
  };

  return {
    calls,
    cancelled,
    tools: () => TOOLS,
    async call(request) {
      calls.push(request);
      switch (request.tool) {
        case 'whoami': {
          const { pauseMs } = fields(request.arguments);
          if (typeof pauseMs === 'number') await new Promise((resolve) => setTimeout(resolve, pauseMs));
          const { principal, kubeconfig = 'none' } = request;
          return done(`${principal.id} over ${principal.transport} with ${kubeconfig}`);
        }
        case 'fail':
          return refused('not_found', 'There is no such thing.');
        case 'structured':
          return { ...done('one'), structured: { count: 1 } };
        case 'command':
          return { ok: true, text: 'exit code 1\nno such pod', output: { success: false }, failed: true };
        case 'steps':
          for (const step of ['first', 'second', 'third']) request.progress?.(step);
          return done('Three steps.');
        case 'hang':
          request.progress?.('waiting');
          if (!request.signal.aborted) await once(request.signal, 'abort');
          onCancelled();
          return refused('cancelled', 'The call was cancelled.');
        case 'remove':
          return remove(request);
        case 'delete_resource':
          return refused('gate_closed', 'delete_resource is off.');
        default:
          return refused('unknown_tool', `There is no tool ${request.tool}.`);
      }
    },
  };
}

function done(text: string): CallOutcome & { ok: true } {
  return { ok: true, text, output: { text } };
}

function refused(code: ErrorCode, message: string): CallOutcome & { ok: false } {
  const error = new AppError(code, message);
  return { ok: false, text: describeError(error), error };
}

function fields(value: unknown): Record<string, unknown> {
  return { ...(typeof value === 'object' ? value : {}) };
}
