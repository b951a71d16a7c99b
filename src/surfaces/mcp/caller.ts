import type { AuthInfo, ServerContext } from '@modelcontextprotocol/server';
import type { Principal } from '../../kernel/vocabulary.ts';

/** Who sent one request, and with which kubeconfig. It travels with the message, never with the session. */
export class Caller {
  readonly principal: Principal;
  readonly kubeconfig: string | undefined;

  constructor(principal: Principal, kubeconfig?: string) {
    this.principal = principal;
    this.kubeconfig = kubeconfig;
  }
}

/** The SDK hands `authInfo` to the handler of the very message it came with; the caller rides in `extra`. */
export function authInfoOf(caller: Caller): AuthInfo {
  return { token: '', clientId: caller.principal.id, scopes: [], extra: { caller } };
}

export function callerOf(ctx: ServerContext): Caller | undefined {
  const caller = ctx.http?.authInfo?.extra?.['caller'];
  return caller instanceof Caller ? caller : undefined;
}
