/** Refusals in the form that kubectl, helm and the others print: metav1.Status. */
import { type ErrorCode, toAppError } from '../../kernel/errors.ts';

export interface Failure {
  /** HTTP status. */
  code: number;
  /** One of Kubernetes' reasons: clients branch on it. */
  reason: string;
  message: string;
  retryAfterSeconds?: number;
  causes?: readonly { field: string; message: string }[];
}

/** A request that the listener itself turns down. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly failure: Failure;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.failure = { code, reason, message };
  }
}

type Answer = readonly [code: number, reason: string];

const BAD_REQUEST: Answer = [400, 'BadRequest'];
const FORBIDDEN: Answer = [403, 'Forbidden'];
const UNAVAILABLE: Answer = [503, 'ServiceUnavailable'];
const INTERNAL: Answer = [500, 'InternalError'];
const TIMEOUT: Answer = [504, 'Timeout'];

/** 502 is none of an API server's own, and clients take it for a broken proxy. */
const ANSWERS: Readonly<Record<ErrorCode, Answer>> = {
  invalid_argument: BAD_REQUEST,
  invalid_manifest: BAD_REQUEST,
  unknown_tool: BAD_REQUEST,
  ambiguous_kind: BAD_REQUEST,
  unknown_context: BAD_REQUEST,
  unsupported: BAD_REQUEST,
  cluster_refused: BAD_REQUEST,
  unknown_kind: [404, 'NotFound'],
  not_found: [404, 'NotFound'],
  gate_closed: FORBIDDEN,
  namespace_denied: FORBIDDEN,
  kind_denied: FORBIDDEN,
  context_denied: FORBIDDEN,
  unsupported_request: FORBIDDEN,
  kubeconfig_refused: FORBIDDEN,
  command_refused: FORBIDDEN,
  confirmation_required: FORBIDDEN,
  confirmation_refused: FORBIDDEN,
  cluster_forbidden: FORBIDDEN,
  unauthenticated: [401, 'Unauthorized'],
  cluster_unauthorized: [401, 'Unauthorized'],
  credentials_failed: [401, 'Unauthorized'],
  already_exists: [409, 'AlreadyExists'],
  conflict: [409, 'Conflict'],
  expired: [410, 'Expired'],
  too_large: [413, 'RequestEntityTooLarge'],
  invalid_object: [422, 'Invalid'],
  too_many_requests: [429, 'TooManyRequests'],
  program_missing: UNAVAILABLE,
  no_cluster: UNAVAILABLE,
  kubeconfig_invalid: UNAVAILABLE,
  cluster_unreachable: UNAVAILABLE,
  cluster_tls: UNAVAILABLE,
  cluster_unavailable: UNAVAILABLE,
  cluster_bad_answer: INTERNAL,
  internal: INTERNAL,
  deadline_exceeded: TIMEOUT,
  cancelled: TIMEOUT,
};

/** What to answer for anything thrown. Text of unknown errors stays inside. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Refusal) return thrown.failure;
  const error = toAppError(thrown);
  const [code, reason] = ANSWERS[error.code];
  const { remedy, retryAfterSeconds, problems } = error.detail;
  return {
    code,
    reason,
    message: remedy === undefined ? error.message : `${error.message} ${remedy}`,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(problems !== undefined && { causes: problems.map(({ field, problem }) => ({ field, message: problem })) }),
  };
}

/** Body and headers of a failure. */
export function statusAnswer(failure: Failure): { headers: Record<string, string>; body: Buffer } {
  const { code, reason, message, retryAfterSeconds, causes } = failure;
  const details = {
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(causes !== undefined && { causes }),
  };
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(Object.keys(details).length > 0 && { details }),
    code,
  };
  const body = Buffer.from(JSON.stringify(status));
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
  return {
    headers: retryAfterSeconds === undefined ? headers : { ...headers, 'retry-after': String(retryAfterSeconds) },
    body,
  };
}
