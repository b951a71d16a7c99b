import { createHash } from 'node:crypto';
import { Duplex } from 'node:stream';
import type { GuardRequest, UpgradeOutcome } from '../exec/guard/types.ts';
import type { ParsedCommand } from '../exec/types.ts';
import { AppError } from '../kernel/errors.ts';
import type { ApiRequest, Decision } from '../kernel/vocabulary.ts';
import { parseApiRequest } from '../kube/transport/api-request.ts';
import { kindKey } from '../policy/scope.ts';
import { type GuardRecord, type GuardReport, recordOf } from './guard-report.ts';

/** How client-go asks for a port-forward since 1.31; the older way is asked only where this one is refused. */
const TUNNEL = 'SPDY/3.1+portforward.k8s.io';
/** RFC 6455, section 1.3. */
const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export interface DeadEndParts {
  command: Pick<ParsedCommand, 'tool'>;
  decide(api: ApiRequest): Decision;
  report: Pick<GuardReport, 'refused'>;
  /** Ends the command: it waits for an answer that cannot come. */
  end(): void;
  onRequest(record: GuardRecord): void;
}

/**
 * With --core argocd forwards a port of the repo server before it knows whether it needs one, and fails when refused that. Where only the
 * gate for it is closed it gets a connection that leads nowhere: nothing is asked of the cluster. Once the port is used the
 * refusal counts, and the command is ended. Undefined for all else.
 */
export function deadEnd(parts: DeadEndParts, { method, path, headers }: GuardRequest): UpgradeOutcome | undefined {
  const key = headers['sec-websocket-key'];
  if (parts.command.tool !== 'argocd' || key === undefined || !offersTunnel(headers)) return undefined;
  const api = parsed(method, path, headers);
  if (api?.type !== 'resource' || kindKey(api) !== 'pods' || api.subresource !== 'portforward') return undefined;
  const decision = parts.decide(api);
  if (decision.allow || decision.code !== 'gate_closed') return undefined;
  const { code, reason, remedy } = decision;
  parts.onRequest({ ...recordOf(api, api.name), decision: 'refused', status: 101, code });
  const stream = nowhere(() => {
    parts.report.refused(new AppError(code, reason, { remedy }));
    parts.end();
  });
  const accept = createHash('sha1').update(`${key}${WEBSOCKET_GUID}`).digest('base64');
  return { kind: 'switched', headers: { 'sec-websocket-accept': accept, 'sec-websocket-protocol': TUNNEL }, stream };
}

/** What cannot be parsed is refused, and audited, where all else is. */
function parsed(method: string, path: string, headers: GuardRequest['headers']): ApiRequest | undefined {
  try {
    return parseApiRequest(method, path, headers);
  } catch {
    return undefined;
  }
}

function offersTunnel({ upgrade, 'sec-websocket-protocol': offered }: GuardRequest['headers']): boolean {
  return upgrade?.toLowerCase() === 'websocket' && offered?.split(',').some((word) => word.trim() === TUNNEL) === true;
}

/** Ends with the first byte: until somebody connects to the forwarded port client-go sends none. */
function nowhere(onUse: () => void): Duplex {
  return new Duplex({
    read: () => undefined,
    write() {
      onUse();
      this.destroy();
    },
  });
}
