/** For tests: a Transport whose answers are a function of the request, and that keeps what it was sent. */
import { Duplex } from 'node:stream';
import { AppError, type ErrorCode } from '../../kernel/errors.ts';
import type { CallScope, Transport, TransportRequest } from '../transport/types.ts';

export const allowAll: CallScope = { decide: () => ({ allow: true }) };
export const identity = {
  object: <T>(value: T): T => value,
  text: (value: string): string => value,
  clusterChunks: () => ({ push: (chunk: string): string => chunk, end: (): string => '' }),
};
export const never = new AbortController().signal;

/** JSON for an answer, or an error to throw. */
type Answer = unknown;

export interface ScriptedTransport extends Transport {
  sent: TransportRequest[];
  closed: boolean;
}

export function scriptedTransport(
  answer: (path: string, request: TransportRequest) => Answer | Promise<Answer>,
): ScriptedTransport {
  const transport: ScriptedTransport = {
    sent: [],
    closed: false,
    async send(request) {
      transport.sent.push(request);
      const value = await answer(request.path, request);
      if (value instanceof AppError) return { status: 400, headers: {}, body: chunks([]) };
      return { status: 200, headers: {}, body: chunks(value as Uint8Array[]) };
    },
    async text(request) {
      return String(await transport.json(request));
    },
    async json(request) {
      transport.sent.push(request);
      const value = await answer(request.path, request);
      if (value instanceof AppError) throw value;
      return structuredClone(value);
    },
    async upgrade(request) {
      transport.sent.push(request);
      const value = await answer(request.path, request);
      if (value instanceof Duplex) return { kind: 'switched', headers: {}, stream: value };
      return { kind: 'refused', response: { status: 400, headers: {}, body: chunks([]) } };
    },
    async close() {
      transport.closed = true;
    },
  };
  return transport;
}

export function failure(code: ErrorCode, message = `scripted ${code}`): AppError {
  return new AppError(code, message);
}

async function* chunks(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}
