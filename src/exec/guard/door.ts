/** Lets requests in by their ticket, and hands them to its call. */
import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Connections } from './connections.ts';
import type { GuardLimits } from './limits.ts';
import { readBody } from './request-body.ts';
import { announcesBody, bearerToken, type RequestHead, readHead, upgradeProtocol } from './request-head.ts';
import { type Reply, sendFailure, sendResponse } from './respond.ts';
import { failureOf, Refusal } from './status.ts';
import type { Connection, Ticket, Tickets } from './tickets.ts';
import type { GuardRequest } from './types.ts';
import { passUpgrade, refuseUpgrade } from './upgrades.ts';

/** A request of either HTTP version. */
export type Incoming = IncomingMessage | Http2ServerRequest;

export function createDoor(
  tickets: Pick<Tickets, 'byToken'>,
  connections: Connections,
  { clock, limits, authority }: { clock: Clock; limits: GuardLimits; authority: string },
) {
  const body = { maxBytes: limits.bodyBytes, timeoutMs: limits.bodyTimeoutMs, clock };

  /** The ticket and the head of a request; throws Refusal. One connection serves one ticket. */
  const admitted = (request: Incoming): { ticket: Ticket; head: RequestHead } => {
    const token = bearerToken(request);
    const ticket = token === undefined ? undefined : tickets.byToken(token);
    const connection = connectionOf(request, connections);
    const before = connections.ticketOf(connection);
    if (ticket === undefined || (before !== undefined && before !== ticket)) throw stranger();
    const head = readHead(request, authority);
    if (head.handle !== ticket.handle) throw stranger();
    if (!ticket.hold(connection))
      throw new Refusal(429, 'TooManyRequests', 'The command has too many connections open.');
    connections.settle(connection, ticket);
    return { ticket, head };
  };

  const entered = (ticket: Ticket): (() => void) => {
    const leave = ticket.enter();
    if (leave === undefined) throw new Refusal(429, 'TooManyRequests', 'The command has too many requests open.');
    return leave;
  };

  return {
    async request(request: Incoming, reply: Reply): Promise<void> {
      const gone = new AbortController();
      reply.once('close', () => gone.abort(new AppError('cancelled', 'The child has gone.')));
      let leave: (() => void) | undefined;
      let bodyTaken = false;
      try {
        const { ticket, head } = admitted(request);
        leave = entered(ticket);
        bodyTaken = true;
        const content = await readBody(request, body);
        if (content !== undefined && (head.method === 'GET' || head.method === 'HEAD')) {
          throw new Refusal(400, 'BadRequest', `A ${head.method} request has no body.`);
        }
        const signal = AbortSignal.any([ticket.signal, gone.signal]);
        const response = await ticket.call.forward(guardRequest(head, { body: content, signal }));
        await sendResponse(reply, response, signal, head.method === 'HEAD');
      } catch (thrown) {
        const failure = failureOf(thrown);
        // Whoever is turned away before their body was read may still be writing it, and would miss the answer.
        if (!bodyTaken && !request.complete) await readBody(request, { ...body, keep: false }).catch(() => undefined);
        const close = failure.code === 401 || !request.complete;
        sendFailure(reply, failure, { close: close && request.httpVersionMajor === 1 });
      } finally {
        leave?.();
      }
    },

    async upgrade(request: IncomingMessage, socket: TLSSocket, early: Buffer): Promise<void> {
      socket.setTimeout(0);
      socket.on('error', () => socket.destroy());
      if (early.length > 0) socket.unshift(early);
      const gone = new AbortController();
      socket.once('close', () => gone.abort(new AppError('cancelled', 'The child has gone.')));
      try {
        const { ticket, head } = admitted(request);
        const upgrade = upgradeProtocol(request);
        if (upgrade === undefined || announcesBody(request)) {
          throw new Refusal(400, 'BadRequest', 'Upgrades are to SPDY/3.1 or websocket, and have no body.');
        }
        const leave = entered(ticket);
        socket.once('close', leave);
        const signal = AbortSignal.any([ticket.signal, gone.signal]);
        const switching = { ...head, headers: { ...head.headers, connection: 'Upgrade', upgrade } };
        const wanted = guardRequest(switching, { body: undefined, signal });
        await passUpgrade(socket, { call: ticket.call, request: wanted, clock });
      } catch (thrown) {
        refuseUpgrade(socket, failureOf(thrown));
      }
    },
  };
}

function guardRequest(
  { method, path, headers, impersonate }: RequestHead,
  rest: Pick<GuardRequest, 'body' | 'signal'>,
): GuardRequest {
  return { method, path, headers, ...(impersonate !== undefined && { impersonate }), ...rest };
}

function connectionOf(request: Incoming, connections: Connections): Connection {
  if (!('stream' in request)) return request.socket;
  const { session } = request.stream;
  return (session && connections.of(session)) ?? request.stream;
}

/** One answer to all who have no ticket for this path: it tells them nothing. */
function stranger(): Refusal {
  return new Refusal(401, 'Unauthorized', 'Unauthorized');
}
