/** What went wrong, in the words of a wire. */
import { type AppError, type ErrorCode, toAppError } from '../../kernel/errors.ts';
import { createDecoder } from '../protobuf/decode.ts';
import { statusOf } from '../protobuf/object-decoder.ts';
import { retryAfterSeconds } from '../transport/retry.ts';
import { cleaned, MAX_STATUS_BYTES, parseStatus } from '../transport/status.ts';
import type { TransportResponse } from '../transport/types.ts';
import { CutOff, Malformed } from './malformed.ts';
import { PROTOBUF_TYPE } from './request.ts';
import { WireError, type WireFailure } from './types.ts';

type Cause = Extract<WireFailure, { kind: 'unreachable' }>['cause'];

const CAUSES: Readonly<Record<string, Cause>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ETIMEDOUT: 'timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
};

/** The connection could be made, and it is not the network's fault that no credentials came of it. */
const CREDENTIALS: ReadonlySet<ErrorCode> = new Set([
  'credentials_failed',
  'kubeconfig_invalid',
  'kubeconfig_refused',
  'program_missing',
  'unauthenticated',
  'cluster_unauthorized',
]);

/** Policy's answers: for whoever asks they are as good as the server's own 403. */
const REFUSED: ReadonlySet<ErrorCode> = new Set([
  'gate_closed',
  'namespace_denied',
  'kind_denied',
  'context_denied',
  'unsupported_request',
  'command_refused',
]);

/** Any thrown value as the one error that a wire throws. */
export function wireError(thrown: unknown, signal: AbortSignal): WireError {
  if (thrown instanceof WireError) return thrown;
  return new WireError(signal.aborted ? { kind: 'stopped' } : failureOf(thrown));
}

function failureOf(thrown: unknown): WireFailure {
  if (thrown instanceof Malformed) return { kind: 'malformed', message: thrown.message };
  if (thrown instanceof CutOff) return { kind: 'unreachable', cause: 'reset', message: thrown.message };
  const error = toAppError(thrown);
  const { code, message } = error;
  if (CREDENTIALS.has(code)) return { kind: 'credentials', message };
  if (REFUSED.has(code)) return { kind: 'status', code: 403, reason: 'Forbidden', message };
  switch (code) {
    case 'cancelled':
      return { kind: 'stopped' };
    case 'deadline_exceeded':
      return { kind: 'silent', message };
    case 'cluster_tls':
      return { kind: 'unreachable', cause: 'tls', message };
    case 'cluster_unreachable':
      return { kind: 'unreachable', cause: causeOf(error), message };
    case 'invalid_argument':
      return { kind: 'status', code: 400, reason: 'BadRequest', message };
    default:
      return { kind: 'malformed', message };
  }
}

function causeOf(error: AppError): Cause {
  const { cause } = error;
  const inner: unknown = cause instanceof AggregateError ? cause.errors[0] : cause;
  const code: unknown = inner instanceof Error && 'code' in inner ? inner.code : undefined;
  if (typeof code !== 'string') return error.message.includes(' within ') ? 'timeout' : 'reset';
  return CAUSES[code] ?? (/^(?:ERR_HTTP2|ERR_STREAM|HPE_|Z_)/.test(code) ? 'reset' : 'other');
}

/** Bytes that do not unpack, or are packed in a way that was not asked for: something on the way changes them. */
export function isDamage(thrown: unknown): boolean {
  const error = toAppError(thrown);
  return error.code === 'cluster_bad_answer' && error.detail.facts === undefined;
}

/** The failure that an answer of 400 or more is. Reads its body. */
export async function statusFailure({ status, headers, body }: TransportResponse): Promise<WireFailure> {
  const said = parseStatus(statusText(await firstBytes(body), contentType(headers)));
  const wait = retryAfterSeconds(headers['retry-after']) ?? said?.retryAfterSeconds;
  return {
    kind: 'status',
    code: status,
    reason: said?.reason ?? '',
    message: said?.message ?? `HTTP ${status} without a Kubernetes Status (content type ${contentType(headers)}).`,
    ...(wait !== undefined && { retryAfterSeconds: wait }),
  };
}

/** A Status as JSON text, whatever it came as. */
function statusText(bytes: Buffer, type: string): string {
  if (type !== PROTOBUF_TYPE) return bytes.toString('utf8');
  return JSON.stringify(statusOf(createDecoder(), bytes) ?? {});
}

async function firstBytes(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    total += chunk.length;
    if (total >= MAX_STATUS_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_STATUS_BYTES);
}

/** Without its parameters. */
export function contentType(headers: TransportResponse['headers']): string {
  return cleaned(headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? 'none', 60);
}
