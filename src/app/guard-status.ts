import type { GuardResponse } from '../exec/guard/types.ts';
import { type AppError, ERRORS } from '../kernel/errors.ts';

/** The words that clients of Kubernetes know, by status. */
const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Expired',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** A refusal or failure of ours as the metav1.Status that the child's tool prints. */
export function statusResponse(error: AppError): GuardResponse {
  const code = statusOf(error);
  const { problems = [], remedy, retryAfterSeconds } = error.detail;
  const places = problems.slice(0, 5).map(({ field, problem }) => `${field}: ${problem}`);
  const message = [error.message, ...places, remedy].filter((text) => text !== undefined && text !== '').join(' ');
  const reason = REASONS[code];
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === undefined ? {} : { reason }),
    code,
  };
  const headers = {
    'content-type': 'application/json',
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  };
  return { status: code, headers, body: bytesOf(Buffer.from(`${JSON.stringify(status)}\n`)) };
}

/** Where one code stands for several: said by the error itself. */
export function statusOf({ code, detail }: AppError): number {
  const own = detail.facts?.['status'];
  return typeof own === 'number' && own >= 400 && own <= 599 ? own : ERRORS[code].status;
}

export async function* bytesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}
