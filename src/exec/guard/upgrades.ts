/** Upgrades of HTTP/1.1 connections: exec, attach, port-forward. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../kernel/clock.ts';
import { answerHeaders } from './respond.ts';
import { splice } from './splice.ts';
import { type Failure, statusAnswer } from './status.ts';
import type { GuardCall, GuardRequest, GuardResponse } from './types.ts';

/** Bytes of a plain answer in place of an upgrade; what is beyond is left out. */
const MAX_ANSWER = 1024 * 1024;
/** What the two protocols say in a 101. */
const SWITCHING = /^(?:x-stream-protocol-version|sec-websocket-(?:accept|protocol|extensions))$/;

/** Asks for the upgrade and joins the two connections, or gives the plain answer. */
export async function passUpgrade(
  socket: Duplex,
  { call, request, clock }: { call: GuardCall; request: GuardRequest; clock: Clock },
): Promise<void> {
  const outcome = await call.upgrade(request);
  if (outcome.kind === 'refused') return writePlain(socket, outcome.response);
  const { stream, headers } = outcome;
  // Until it is spliced, an error of it must not end the process.
  stream.on('error', () => undefined);
  if (socket.destroyed || request.signal.aborted) {
    stream.destroy();
    return;
  }
  const spoken = Object.entries(answerHeaders(headers)).filter(([name]) => SWITCHING.test(name));
  socket.write(
    headOf(101, { connection: 'Upgrade', upgrade: request.headers['upgrade'] ?? '', ...Object.fromEntries(spoken) }),
  );
  splice(socket, stream, request.signal, clock);
}

/** Answers with a Status and hangs up. */
export function refuseUpgrade(socket: Duplex, failure: Failure): void {
  if (socket.destroyed) return;
  const { headers, body } = statusAnswer(failure);
  socket.end(Buffer.concat([Buffer.from(headOf(failure.code, { ...headers, connection: 'close' }), 'latin1'), body]));
}

async function writePlain(socket: Duplex, { status, headers, body }: GuardResponse): Promise<void> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    total += chunk.length;
    if (total >= MAX_ANSWER) break;
  }
  const text = Buffer.concat(chunks).subarray(0, MAX_ANSWER);
  // A 101 that is no upgrade would make the child read what follows as its protocol.
  const code = status >= 200 && status <= 599 ? status : 500;
  const head = { ...answerHeaders(headers), 'content-length': String(text.length), connection: 'close' };
  socket.end(Buffer.concat([Buffer.from(headOf(code, head), 'latin1'), text]));
}

function headOf(status: number, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n${lines.join('')}\r\n`;
}
