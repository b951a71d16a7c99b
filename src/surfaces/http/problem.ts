import { type AppError, ERRORS } from '../../kernel/errors.ts';
import type { PendingPlan } from '../../operations/gateway.ts';

interface ProblemExtra {
  /** Where HTTP has a better status than the table: 404 and 405 for routes. */
  status?: number;
  plan?: PendingPlan;
  headers?: Record<string, string>;
  requestId?: string;
}

/** The body of RFC 9457, with what AppError knows beside the standard members. */
export function problemBody(error: AppError, extra: ProblemExtra = {}): Record<string, unknown> {
  const { remedy, problems, candidates, facts } = error.detail;
  return {
    type: `urn:k8s-mcp:error:${error.code}`,
    title: title(error.code),
    status: extra.status ?? ERRORS[error.code].status,
    detail: error.message,
    code: error.code,
    // Clients of the seed's CLI server look for this name.
    reason: error.code,
    retryable: ERRORS[error.code].retryable,
    ...(remedy === undefined ? {} : { remedy }),
    ...(problems === undefined ? {} : { problems }),
    ...(candidates === undefined ? {} : { candidates }),
    ...(facts === undefined ? {} : { facts }),
    ...(extra.plan === undefined ? {} : { plan: extra.plan }),
    ...(extra.requestId === undefined ? {} : { request_id: extra.requestId }),
  };
}

/** An error as an HTTP answer. */
export function problem(error: AppError, extra: ProblemExtra = {}): Response {
  const { retryAfterSeconds } = error.detail;
  return new Response(JSON.stringify(problemBody(error, extra)), {
    status: extra.status ?? ERRORS[error.code].status,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterSeconds)) }),
      ...extra.headers,
    },
  });
}

function title(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
