/** Asking a person about a plan: elicitation in both eras, with the plan token in a signed request state. */
import { createHash, randomBytes } from 'node:crypto';
import {
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Principal } from '../../kernel/vocabulary.ts';
import type { PendingPlan } from '../../operations/gateway.ts';
import { callerOf } from './caller.ts';

const KEY = 'confirm';
/** The plan token lives 10 minutes as well. */
const STATE_TTL_SECONDS = 600;

export type Answer = { kind: 'none' } | { kind: 'refused' } | { kind: 'accepted'; token: string };

/** One call, as a person was asked about it. */
export interface AskedCall {
  tool: string;
  arguments: Record<string, unknown>;
  kubeconfig: string | undefined;
}

/** Signs request states and binds them to method and principal. `key`: at least 32 bytes; replicas must share it. */
export function createStateCodec(key: Uint8Array | undefined, fallback: Principal | undefined): RequestStateCodec {
  return createRequestStateCodec({
    key: key ?? randomBytes(32),
    ttlSeconds: STATE_TTL_SECONDS,
    bind: (ctx) => `${ctx.mcpReq.method}\n${(callerOf(ctx)?.principal ?? fallback)?.id ?? ''}`,
  });
}

/** Whether the client can show a form to a person. A bare `elicitation: {}` means forms (the 2025-06-18 reading). */
export function canAskPerson(ctx: ServerContext, server: McpServer): boolean {
  const envelope: Record<string, unknown> | undefined = ctx.mcpReq.envelope;
  const capabilities = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities();
  const elicitation = isObject(capabilities) ? capabilities['elicitation'] : undefined;
  return isObject(elicitation) && (elicitation['form'] !== undefined || elicitation['url'] === undefined);
}

export async function askPerson(
  plan: PendingPlan,
  call: AskedCall,
  codec: RequestStateCodec,
  ctx: ServerContext,
): Promise<InputRequiredResult> {
  const message = [plan.title, ...plan.effects.map((effect) => `- ${effect}`)].join('\n');
  return inputRequired({
    inputRequests: {
      [KEY]: inputRequired.elicit({
        message,
        requestedSchema: {
          type: 'object',
          properties: { [KEY]: { type: 'boolean', title: 'Yes, carry it out' } },
          required: [KEY],
        },
      }),
    },
    requestState: await codec.mint({ token: plan.token, call: digest(call) }, ctx),
  });
}

/** What the person said, if anything. A yes counts only for the call it was given for. */
export function readAnswer(ctx: ServerContext, call: AskedCall): Answer {
  const view = inputResponse(ctx.mcpReq.inputResponses, KEY);
  if (view.kind !== 'elicit') return { kind: 'none' };
  if (view.action !== 'accept' || view.content?.[KEY] !== true) return { kind: 'refused' };
  const state: unknown = ctx.mcpReq.requestState();
  if (!isObject(state) || typeof state['token'] !== 'string' || state['call'] !== digest(call)) return { kind: 'none' };
  return { kind: 'accepted', token: state['token'] };
}

/** Stable over the order of keys: a client may rebuild its arguments for the second round. */
function digest(call: AskedCall): string {
  const sorted = JSON.stringify(call, (_key, value: unknown) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
  return createHash('sha256').update(sorted).digest('base64url');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
