import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError } from '../../kernel/errors.ts';
import { problemBody } from './problem.ts';

const REASONS: Record<number, string> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Content Too Large',
  431: 'Request Header Fields Too Large',
};

/** Answers what node's parser refuses (malformed, too large, too slow) with a problem, and closes the connection. */
export function answerClientErrors(server: Server): void {
  const answering = new WeakMap<Duplex, ServerResponse>();
  server.prependListener('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    answering.set(incoming.socket, outgoing);
  });
  server.on('clientError', (thrown: Error & { code?: string }, socket: Duplex) => {
    // In the middle of an answer, more bytes would only corrupt it.
    const busy = answering.get(socket);
    const midAnswer = busy?.headersSent === true && !busy.writableFinished;
    if (thrown.code === 'ECONNRESET' || !socket.writable || midAnswer) {
      socket.destroy();
      return;
    }
    const { status, error } = explain(thrown.code);
    const body = JSON.stringify(problemBody(error, { status }));
    socket.end(
      `HTTP/1.1 ${status} ${REASONS[status] ?? ''}\r\nContent-Type: application/problem+json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      () => socket.destroy(),
    );
  });
}

function explain(code: string | undefined): { status: number; error: AppError } {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, error: new AppError('too_large', 'The request headers are too large.') };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: 413, error: new AppError('too_large', 'The chunk extensions are too large.') };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, error: new AppError('deadline_exceeded', 'The request did not arrive in time.') };
    default:
      return { status: 400, error: new AppError('invalid_argument', 'This is not a well-formed HTTP request.') };
  }
}
